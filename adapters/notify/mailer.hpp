// Sends one mail over SMTP. Plain text, UTF-8. The Message-ID is made from the mail's id: whoever gets a mail twice,
// because an answer was lost, can see that it is the same one.
#pragma once

#include "adapters/mail/smtp_session.hpp"
#include "db/service/service_tables.hpp"

#include <memory>

namespace cunmai::notify {

class Mailer {
  public:
    explicit Mailer(const Config& config);
    ~Mailer();

    bool configured() const { return !config_.smtp_host.empty(); }
    // Keeps the talk for the next mail. Throws ServerUnreachable, MailRefused.
    void send(const db::Outbox::Mail& mail, engine::Instant at);
    void hang_up();

    std::string message_id(const std::string& mail_id) const;

  private:
    const Config& config_;
    std::unique_ptr<SmtpSession> session_;
};

// RFC 2047: base64 words, cut between characters, one a line; with "Subject: " before it no line is above 76
// characters.
std::string encoded_header(const std::string& text);

} // namespace cunmai::notify
