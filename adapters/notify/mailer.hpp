// Sends one mail over SMTP: plain text, UTF-8. The Message-ID is made from the mail's id, so that a mail which arrives
// twice, because an answer was lost, can be recognised.
#pragma once

#include "adapters/mail/smtp_session.hpp"
#include "db/service/outbox.hpp"

#include <memory>

namespace cunmai::notify {

class Mailer {
  public:
    explicit Mailer(const Config& config);
    ~Mailer();

    bool configured() const { return !config_.smtp_host.empty(); }
    // Keeps the session open for the next mail. Throws ServerUnreachable, MailRefused.
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
