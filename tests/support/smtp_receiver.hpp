// A real SMTP receiver on loopback, as strict and unkind as a test wants it. Serves several senders at once. Tests set
// it up before the first sender connects.
#pragma once

#include "tests/support/certificates.hpp"

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
    void lose_answers(int mails);    // accepts the mail, then ends the connection without an answer
    void offer_starttls(const CertificateFiles& own);
    void speak_tls(const CertificateFiles& own); // from the first byte on
    // Demands AUTH by this method before mails. Offers it also without TLS, as an attacker in between would.
    void ask_for_login(const std::string& method, const std::string& user, const std::string& password);
    void be_silent();                   // accepts connections and never answers
    void stop_in_an_answer();           // hangs up between two lines of the answer to EHLO
    std::string heard_in_clear() const; // whatever came without TLS

    std::vector<ReceivedMail> mails() const;
    // Waits until there are so many mails. Returns false when they do not come in time.
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
    enum class Tls { none, offered, at_once } tls_ = Tls::none;
    CertificateFiles own_;
    std::string auth_method_, auth_user_, auth_password_, heard_in_clear_;
    bool silent_ = false, stops_in_an_answer_ = false;
    bool stopping_ = false;
    struct Listener;
    std::unique_ptr<Listener> listener_;
    std::thread thread_;
};

} // namespace cunmai::test
