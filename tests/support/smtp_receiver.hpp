// A real SMTP receiver on loopback, as strict and as unkind as a test asks for. Talks with several senders at once.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace cunmai::test {

struct ReceivedMail {
    std::string from, to;
    std::map<std::string, std::string> headers; // names in lower case, unfolded, RFC 2047 words decoded
    std::string body;                           // decoded
    std::string raw;
};

class SmtpReceiver {
  public:
    SmtpReceiver();
    ~SmtpReceiver();

    int port() const { return port_; }
    void refuse(int mails);          // answers the next ones with 451
    void hang_up_in_data(int mails); // ends the connection before the mail is whole
    void lose_answers(int mails);    // takes the mail, then ends the connection without saying so

    std::vector<ReceivedMail> mails() const;
    // Waits until there are as many; false when there aren't in time.
    bool wait_for(std::size_t mails, std::chrono::seconds at_most) const;

  private:
    class Talk;
    friend class Talk;
    void serve();
    bool take(int& counter);

    int port_ = 0;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::vector<ReceivedMail> mails_;
    int refuse_ = 0, hang_up_ = 0, lose_ = 0;
    bool stopping_ = false;
    struct Listener;
    std::unique_ptr<Listener> listener_;
    std::thread thread_;
};

} // namespace cunmai::test
