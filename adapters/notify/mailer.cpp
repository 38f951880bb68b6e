#include "adapters/notify/mailer.hpp"

#include <Poco/Net/MailMessage.h>
#include <Poco/Net/MailRecipient.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SMTPClientSession.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Timespan.h>
#include <Poco/Timestamp.h>

#include <sodium.h>

#include <algorithm>

namespace cunmai::notify {

namespace {

const Poco::Timespan connect_timeout(5, 0);
const Poco::Timespan answer_timeout(15, 0);
constexpr std::size_t bytes_per_word = 45; // 60 characters of base64, with =?UTF-8?B? and ?= 72

std::string base64(std::string_view bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back(); // the terminating zero
    return text;
}

bool continues_a_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

Poco::Net::StreamSocket connected(const Config& config) {
    Poco::Net::StreamSocket socket;
    socket.connect(Poco::Net::SocketAddress(config.smtp_host, static_cast<Poco::UInt16>(config.smtp_port)),
                   connect_timeout);
    return socket;
}

} // namespace

class Mailer::Session {
  public:
    explicit Session(const Config& config) : session_(connected(config)) {
        session_.setTimeout(answer_timeout);
        if (config.smtp_user.empty())
            session_.login("cunmai");
        else
            session_.login("cunmai", Poco::Net::SMTPClientSession::AUTH_PLAIN, config.smtp_user, config.smtp_password);
    }
    ~Session() {
        try {
            session_.close();
        } catch (const Poco::Exception&) {
            // Hanging up on a server that has hung up: nothing is lost, every mail was answered for.
        }
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void send(const Poco::Net::MailMessage& message) { session_.sendMessage(message); }

  private:
    Poco::Net::SMTPClientSession session_;
};

Mailer::Mailer(const Config& config) : config_(config) {}
Mailer::~Mailer() = default;

void Mailer::hang_up() { session_.reset(); }

std::string Mailer::message_id(const std::string& mail_id) const {
    const auto at = config_.mail_from.find('@');
    return "<" + mail_id + "@" + (at == std::string::npos ? "cunmai" : config_.mail_from.substr(at + 1)) + ">";
}

void Mailer::send(const db::Outbox::Mail& mail, engine::Instant at) {
    using Poco::Net::MailMessage;
    MailMessage message;
    message.setSender(config_.mail_from);
    message.addRecipient({Poco::Net::MailRecipient::PRIMARY_RECIPIENT, mail.address});
    message.setSubject(encoded_header(mail.subject));
    message.setDate(Poco::Timestamp(at.micros));
    message.set("Message-ID", message_id(mail.id));
    message.set("Auto-Submitted", "auto-generated");
    message.setContentType("text/plain; charset=UTF-8");
    message.setContent(mail.body, MailMessage::ENCODING_BASE64);
    try {
        if (!session_) session_ = std::make_unique<Session>(config_);
        session_->send(message);
    } catch (const Poco::Net::SMTPException& refusal) {
        hang_up(); // the talk may be in the middle of a mail
        throw MailRefused(refusal.displayText());
    } catch (const Poco::Exception& fault) {
        hang_up();
        throw ServerUnreachable(fault.displayText());
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
                  base64(std::string_view(text).substr(from, to - from)) + "?=";
        from = to;
    }
    return header;
}

} // namespace cunmai::notify
