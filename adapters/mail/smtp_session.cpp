// Poco 1.11 says the words of SMTP; the sockets are ours, because of what it lets through:
// - SecureSocketImpl::connectSSL takes a handshake that timed out for one that was completed, and then compares no
// name;
// - SecureSMTPClientSession knows the server's name only when it connects by itself, without a time limit;
// - DialogSocket reads for ever from a server that hangs up in the middle of an answer of several lines.
#include "adapters/mail/smtp_session.hpp"

#include "engine/digest.hpp"
#include "engine/text.hpp"

#include <Poco/Net/Context.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/DialogSocket.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SMTPClientSession.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SecureStreamSocketImpl.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <Poco/String.h>

#include <openssl/ssl.h>

#include <chrono>
#include <sstream>

namespace cunmai::notify {

namespace {

using Steady = std::chrono::steady_clock;

const Poco::Timespan connect_timeout(5, 0);
constexpr std::chrono::seconds goodbye_timeout(2);
constexpr int closing_status = 421; // the server closes the connection, whatever the mail
constexpr int answer_bytes_max = 64 * 1024;

// What is left of the time, and of the text, that the server has for the exchange in hand.
class Patience {
  public:
    Patience& begin(std::chrono::seconds length) {
        until_ = Steady::now() + length;
        bytes_left_ = answer_bytes_max;
        return *this;
    }

    void wait(Poco::Net::SocketImpl& socket, int mode) const {
        const auto left = std::chrono::duration_cast<std::chrono::microseconds>(until_ - Steady::now()).count();
        if (left <= 0 || !socket.poll(Poco::Timespan(left), mode))
            throw Poco::TimeoutException("the mail server is too slow");
    }

    int heard(int bytes) {
        if (bytes <= 0) throw Poco::Net::ConnectionResetException("the mail server hung up");
        if ((bytes_left_ -= bytes) < 0) throw Poco::Net::NetException("the mail server talks too much");
        return bytes;
    }

  private:
    Steady::time_point until_;
    int bytes_left_ = 0;
};

class PlainSocket final : public Poco::Net::StreamSocketImpl {
  public:
    explicit PlainSocket(Patience& patience) : patience_(patience) {}

    int receiveBytes(void* buffer, int length, int flags = 0) override {
        patience_.wait(*this, SELECT_READ);
        return patience_.heard(StreamSocketImpl::receiveBytes(buffer, length, flags));
    }
    int sendBytes(const void* buffer, int length, int flags = 0) override {
        patience_.wait(*this, SELECT_WRITE);
        return StreamSocketImpl::sendBytes(buffer, length, flags);
    }
    using StreamSocketImpl::receiveBytes;
    using StreamSocketImpl::sendBytes;

  private:
    ~PlainSocket() override = default; // counted by Poco
    Patience& patience_;
};

// Never blocks inside OpenSSL: what is to be waited for is waited for here.
class TlsSocket final : public Poco::Net::SecureStreamSocketImpl {
  public:
    TlsSocket(Poco::Net::StreamSocketImpl* under, Poco::Net::Context::Ptr context, Patience& patience)
        : SecureStreamSocketImpl(under, std::move(context)), patience_(patience) {
        under->setBlocking(false);
        setLazyHandshake(true);
    }

    void shake_hands() {
        connectSSL();
        if (whole([this] { return completeHandshake(); }) <= 0)
            throw Poco::Net::SSLConnectionUnexpectedlyClosedException();
    }
    int receiveBytes(void* buffer, int length, int flags = 0) override {
        return patience_.heard(
            whole([&, this] { return SecureStreamSocketImpl::receiveBytes(buffer, length, flags); }));
    }
    int sendBytes(const void* buffer, int length, int flags = 0) override {
        return whole([&, this] { return SecureStreamSocketImpl::sendBytes(buffer, length, flags); });
    }
    using SecureStreamSocketImpl::receiveBytes;
    using SecureStreamSocketImpl::sendBytes;

  private:
    ~TlsSocket() override = default; // counted by Poco

    template <class Step> int whole(const Step& step) {
        for (;;) {
            const int result = step();
            if (result == Poco::Net::SecureStreamSocket::ERR_SSL_WANT_READ)
                patience_.wait(*this, SELECT_READ);
            else if (result == Poco::Net::SecureStreamSocket::ERR_SSL_WANT_WRITE)
                patience_.wait(*this, SELECT_WRITE);
            else
                return result;
        }
    }

    Patience& patience_;
};

Poco::Net::StreamSocket connected(const Config& config, Patience& patience) {
    const auto port = static_cast<Poco::UInt16>(mail_port(config));
    const auto addresses = Poco::Net::DNS::resolve(config.smtp_host).addresses();
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        Poco::Net::StreamSocket socket(new PlainSocket(patience));
        try {
            socket.connect(Poco::Net::SocketAddress(addresses[i], port), connect_timeout);
            return socket;
        } catch (const Poco::Exception&) {
            if (i + 1 == addresses.size()) throw; // the others have been tried, too
        }
    }
    throw Poco::Net::HostNotFoundException(config.smtp_host);
}

thread_local std::string not_trusted_because; // what the verification of this thread's handshake found

int note_verification(int is_good, X509_STORE_CTX* store) {
    if (!is_good) not_trusted_because = X509_verify_cert_error_string(X509_STORE_CTX_get_error(store));
    return is_good;
}

// Trusts who has a certificate for the name that is configured, from an authority of the system or from mail.ca_file.
Poco::Net::Context::Ptr trusting_context(const Config& config) {
    using Poco::Net::Context;
    Context::Ptr context = new Context(Context::TLS_CLIENT_USE, config.mail_ca_file, Context::VERIFY_STRICT, 9,
                                       config.mail_ca_file.empty());
    context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
    SSL_CTX_set_verify(context->sslContext(), SSL_VERIFY_PEER, &note_verification);
    auto* wanted = SSL_CTX_get0_param(context->sslContext());
    Poco::Net::IPAddress address;
    const bool is_set = Poco::Net::IPAddress::tryParse(config.smtp_host, address)
                            ? X509_VERIFY_PARAM_set1_ip_asc(wanted, config.smtp_host.c_str()) == 1
                            : X509_VERIFY_PARAM_set1_host(wanted, config.smtp_host.c_str(), 0) == 1;
    if (!is_set) throw Poco::Net::SSLContextException("mail.host can't be compared with a certificate");
    return context;
}

Poco::Net::StreamSocket encrypted(const Poco::Net::StreamSocket& plain, const Config& config, Patience& patience) {
    auto* secure =
        new TlsSocket(static_cast<Poco::Net::StreamSocketImpl*>(plain.impl()), trusting_context(config), patience);
    Poco::Net::StreamSocket socket(secure);
    if (Poco::Net::IPAddress address; !Poco::Net::IPAddress::tryParse(config.smtp_host, address))
        secure->setPeerHostName(config.smtp_host);
    not_trusted_because.clear();
    try {
        secure->shake_hands();
    } catch (const Poco::Net::SSLException& fault) {
        if (not_trusted_because.empty()) throw;
        throw Poco::Net::SSLException("the mail server's certificate is not trusted", not_trusted_because);
    }
    return socket;
}

// Answers to EHLO are lines "250-KEYWORD words", 250 in the first and last as well.
bool offers(const std::string& answer, const std::string& keyword, const std::string& word = "") {
    std::istringstream lines(Poco::toUpper(answer));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line.size() > 4 ? line.substr(4) : "");
        std::string said;
        if (!(words >> said) || said != keyword) continue;
        if (word.empty()) return true;
        while (words >> said)
            if (said == word) return true;
    }
    return false;
}

// What a server said may be anything; it is kept and shown.
std::string shown(const Poco::Exception& fault) {
    const auto text = fault.displayText();
    if (is_utf8(text)) return without_hidden(text);
    std::string ascii;
    for (const char byte : text) ascii += static_cast<unsigned char>(byte) < 0x80 ? byte : '?';
    return ascii;
}

std::string own_name(const Config& config) { return config.mail_from.substr(config.mail_from.find('@') + 1); }

class Dialogue : private Poco::Net::SMTPClientSession {
  public:
    Dialogue(const Config& config, Patience& patience)
        : SMTPClientSession(config.mail_security == "tls" ? encrypted(connected(config, patience), config, patience)
                                                          : connected(config, patience)) {
        std::string can;
        login(own_name(config), can);
        if (config.mail_security == "starttls") {
            start_tls(config, patience, can);
            login(own_name(config), can); // only what is said under TLS counts
        }
        if (!config.smtp_user.empty()) sign_in(config, can);
    }

    using SMTPClientSession::close;
    using SMTPClientSession::sendMessage;

  private:
    void start_tls(const Config& config, Patience& patience, const std::string& can) {
        if (!offers(can, "STARTTLS")) throw Poco::Net::NetException("the mail server does not offer STARTTLS");
        say("STARTTLS", 2, "to start TLS");
        socket() = encrypted(socket(), config, patience); // forgets what was received before and not read yet
    }

    void sign_in(const Config& config, const std::string& can) {
        using namespace std::string_literals;
        if (offers(can, "AUTH", "PLAIN")) {
            say("AUTH PLAIN " + db::to_base64("\0"s + config.smtp_user + "\0"s + config.smtp_password), 2,
                "to sign us in");
        } else if (offers(can, "AUTH", "LOGIN")) {
            say("AUTH LOGIN", 3, "to sign us in");
            say(db::to_base64(config.smtp_user), 3, "to sign us in");
            say(db::to_base64(config.smtp_password), 2, "to sign us in");
        } else {
            throw Poco::Net::NetException("the mail server offers neither AUTH PLAIN nor AUTH LOGIN");
        }
    }

    // `line` is in no message: it may hold a password.
    void say(const std::string& line, int wanted_class, const std::string& what) {
        std::string answer;
        const int status = sendCommand(line, answer);
        if (status / 100 != wanted_class)
            throw Poco::Net::SMTPException("the mail server refuses " + what, answer, status);
    }
};

} // namespace

class SmtpSession::Talk {
  public:
    explicit Talk(const Config& config)
        : seconds_(config.mail_answer_seconds), dialogue_(config, patience_.begin(seconds_)) {}

    ~Talk() {
        patience_.begin(is_broken_ ? std::chrono::seconds(0) : goodbye_timeout);
        try {
            dialogue_.close();
        } catch (const Poco::Exception&) {
            // Hanging up on a server that has hung up: nothing is lost, every mail was answered for.
        }
    }
    Talk(const Talk&) = delete;
    Talk& operator=(const Talk&) = delete;

    void send(const Poco::Net::MailMessage& message) {
        patience_.begin(seconds_);
        is_broken_ = true;
        dialogue_.sendMessage(message);
        is_broken_ = false;
    }

  private:
    std::chrono::seconds seconds_;
    bool is_broken_ = false;
    Patience patience_; // before what its sockets ask
    Dialogue dialogue_;
};

SmtpSession::SmtpSession(const Config& config) {
    try {
        talk_ = std::make_unique<Talk>(config);
    } catch (const Poco::Exception& fault) { throw ServerUnreachable(shown(fault)); }
}

SmtpSession::~SmtpSession() = default;

void SmtpSession::send(const Poco::Net::MailMessage& message) {
    try {
        talk_->send(message);
    } catch (const Poco::Net::SMTPException& refusal) {
        if (refusal.code() == closing_status) throw ServerUnreachable(shown(refusal));
        throw MailRefused(shown(refusal));
    } catch (const Poco::TimeoutException& fault) {
        throw ServerUnreachable(shown(fault));
    } catch (const Poco::Exception& fault) { throw MailRefused(shown(fault)); }
}

} // namespace cunmai::notify
