// Sends one mail over SMTP. Plain text, UTF-8. The Message-ID is made from the mail's id: whoever gets a mail twice,
// because an answer was lost, can see that it is the same one.
#pragma once

#include "adapters/config.hpp"
#include "db/service_tables.hpp"

#include <memory>
#include <stdexcept>

namespace cunmai::notify {

// Nobody answers, or the talk broke off: whether a mail under way arrived is not known.
class ServerUnreachable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// The server answered, and said no to this mail.
class MailRefused : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class Mailer {
  public:
    explicit Mailer(const Config& config);
    ~Mailer();

    bool configured() const { return !config_.smtp_host.empty(); }
    // Keeps the connection for the next mail. Throws ServerUnreachable, MailRefused.
    void send(const db::Outbox::Mail& mail, engine::Instant at);
    void hang_up();

    std::string message_id(const std::string& mail_id) const;

  private:
    class Session;
    const Config& config_;
    std::unique_ptr<Session> session_;
};

// RFC 2047: base64 words of at most 75 characters, cut between characters, one a line.
std::string encoded_header(const std::string& text);

} // namespace cunmai::notify
