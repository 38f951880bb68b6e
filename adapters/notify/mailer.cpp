#include "adapters/notify/mailer.hpp"

#include "adapters/notify/mail_text.hpp"
#include "engine/digest.hpp"

#include <Poco/Net/MailRecipient.h>
#include <Poco/Timestamp.h>

#include <algorithm>

namespace cunmai::notify {

namespace {

constexpr std::size_t bytes_per_word = 39; // 52 characters of base64, with "Subject: =?UTF-8?B?" and "?=" 73

bool continues_a_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

} // namespace

Mailer::Mailer(const Config& config) : config_(config) {}
Mailer::~Mailer() = default;

void Mailer::hang_up() { session_.reset(); }

std::string Mailer::message_id(const std::string& mail_id) const {
    const auto at = config_.mail_from.find('@');
    return "<" + mail_id + "@" + (at == std::string::npos ? "cunmai" : config_.mail_from.substr(at + 1)) + ">";
}

void Mailer::send(const db::Outbox::Mail& mail, engine::Instant at) {
    using Poco::Net::MailMessage;
    if (!is_mail_address(mail.address)) throw MailRefused("not a mail address: " + mail.address);
    MailMessage message;
    message.setSender(config_.mail_from);
    message.addRecipient({Poco::Net::MailRecipient::PRIMARY_RECIPIENT, mail.address});
    message.setSubject(encoded_header(mail.subject));
    message.setDate(Poco::Timestamp(at.micros));
    message.set("Message-ID", message_id(mail.id));
    message.set("MIME-Version", "1.0"); // Poco says it of multipart messages only
    message.set("Auto-Submitted", "auto-generated");
    message.setContentType("text/plain; charset=UTF-8");
    message.setContent(mail.body, MailMessage::ENCODING_BASE64);
    try {
        if (!session_) session_ = std::make_unique<SmtpSession>(config_);
        session_->send(message);
    } catch (...) {
        hang_up(); // the talk may be in the middle of a mail
        throw;
    }
}

std::string encoded_header(const std::string& text) {
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
    if (plain && text.size() <= 60) return text;
    std::string header;
    for (std::size_t from = 0; from < text.size();) {
        auto to = std::min(from + bytes_per_word, text.size());
        while (to < text.size() && to > from + 1 && continues_a_character(text[to])) --to;
        header += (header.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") +
                  db::to_base64(std::string_view(text).substr(from, to - from)) + "?=";
        from = to;
    }
    return header;
}

} // namespace cunmai::notify
