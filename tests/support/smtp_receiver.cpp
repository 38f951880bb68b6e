#include "tests/support/smtp_receiver.hpp"

#include <Poco/Net/Context.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/String.h>

#include <sodium.h>
#include <sys/socket.h>

#include <sstream>

namespace cunmai::test {

namespace {

std::string from_base64(const std::string& text) {
    std::string bytes(text.size(), '\0');
    std::size_t size = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(),
                          "\r\n", &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
        return "(not base64)";
    bytes.resize(size);
    return bytes;
}

// =?UTF-8?B?…?= words; white space between two of them does not count.
std::string decoded(const std::string& value) {
    static const std::string start = "=?UTF-8?B?", end = "?=";
    std::string result, between;
    for (std::size_t at = 0; at < value.size();) {
        const auto open = value.find(start, at);
        between = value.substr(at, open == std::string::npos ? open : open - at);
        if (result.empty() || !Poco::trim(between).empty()) result += between;
        if (open == std::string::npos) break;
        const auto close = value.find(end, open + start.size());
        result += from_base64(value.substr(open + start.size(), close - open - start.size()));
        at = close + end.size();
    }
    return result;
}

ReceivedMail parsed(std::string from, std::string to, const std::string& raw) {
    ReceivedMail mail{std::move(from), std::move(to), {}, {}, raw};
    const auto gap = raw.find("\r\n\r\n");
    std::istringstream head(raw.substr(0, gap == std::string::npos ? gap : gap + 2));
    std::string line, name;
    while (std::getline(head, line)) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (!line.empty() && (line[0] == ' ' || line[0] == '\t')) {
            mail.headers[name] += " " + Poco::trim(line);
        } else if (const auto colon = line.find(':'); colon != std::string::npos) {
            name = Poco::toLower(line.substr(0, colon));
            mail.headers[name] = Poco::trim(line.substr(colon + 1));
        }
    }
    for (auto& [key, value] : mail.headers) value = decoded(value);
    const auto body = gap == std::string::npos ? "" : raw.substr(gap + 4);
    mail.body = mail.headers["content-transfer-encoding"] == "base64" ? from_base64(body) : body;
    return mail;
}

} // namespace

struct SmtpReceiver::Listener {
    Poco::Net::ServerSocket socket{Poco::Net::SocketAddress("127.0.0.1", 0)};
};

// One connection, read by hand: SMTP is lines.
class SmtpReceiver::Talk {
  public:
    Talk(SmtpReceiver& owner, const Poco::Net::StreamSocket& socket) : owner_(owner), socket_(socket) {
        socket_.setReceiveTimeout(Poco::Timespan(10, 0));
    }

    void run() {
        if (owner_.tls_ == Tls::at_once) encrypt();
        if (owner_.silent_) read_line();
        say("220 receiver.test ESMTP");
        std::string from, to;
        bool is_signed_in = owner_.auth_method_.empty();
        for (;;) {
            const auto line = read_line();
            const auto verb = Poco::toUpper(line.substr(0, 4));
            if (verb == "EHLO" || verb == "HELO") {
                say("250-receiver.test");
                if (owner_.stops_in_an_answer_) return;
                if (owner_.tls_ == Tls::offered && !is_encrypted_) say("250-STARTTLS");
                if (!owner_.auth_method_.empty()) say("250-AUTH " + owner_.auth_method_);
                say("250 8BITMIME");
            } else if (verb == "STAR" && owner_.tls_ == Tls::offered && !is_encrypted_) {
                say("220 go on\r\n250 said before TLS by somebody on the way");
                encrypt();
            } else if (verb == "AUTH") {
                is_signed_in = owner_.auth_method_ == "PLAIN" ? login_plain(line) : login_login();
                say(is_signed_in ? "235 welcome" : "535 not you");
            } else if (verb == "MAIL" && !is_signed_in) {
                say("530 sign in first");
            } else if (verb == "MAIL") {
                from = line;
                if (owner_.take(owner_.refuse_))
                    say("451 try again later");
                else
                    say("250 ok");
            } else if (verb == "RCPT") {
                to = line;
                say("250 ok");
            } else if (verb == "DATA") {
                say("354 go on");
                if (owner_.take(owner_.hang_up_)) {
                    read_line();
                    return;
                }
                const auto raw = read_data();
                {
                    const std::lock_guard lock(owner_.mutex_);
                    owner_.mails_.push_back(parsed(from, to, raw));
                }
                owner_.changed_.notify_all();
                if (owner_.take(owner_.lose_)) return;
                say("250 taken");
            } else if (verb == "QUIT") {
                say("221 bye");
                return;
            } else {
                say("500 what?");
            }
        }
    }

  private:
    void encrypt() {
        using Poco::Net::Context;
        Context::Ptr context =
            new Context(Context::TLS_SERVER_USE, owner_.own_.key, owner_.own_.certificate, "", Context::VERIFY_NONE);
        socket_ = Poco::Net::SecureStreamSocket::attach(socket_, context);
        is_encrypted_ = true;
    }

    bool login_plain(const std::string& line) {
        using namespace std::string_literals;
        return from_base64(line.substr(std::string("AUTH PLAIN ").size())) ==
               "\0"s + owner_.auth_user_ + "\0"s + owner_.auth_password_;
    }
    bool login_login() {
        say("334 VXNlcm5hbWU6");
        const auto user = from_base64(read_line());
        say("334 UGFzc3dvcmQ6");
        return from_base64(read_line()) == owner_.auth_password_ && user == owner_.auth_user_;
    }

    void say(const std::string& line) {
        const auto text = line + "\r\n";
        socket_.sendBytes(text.data(), static_cast<int>(text.size()));
    }

    std::string read_line() {
        for (;;) {
            if (const auto end = received_.find("\r\n"); end != std::string::npos) {
                auto line = received_.substr(0, end);
                received_.erase(0, end + 2);
                return line;
            }
            char bytes[4096];
            const int count = socket_.receiveBytes(bytes, sizeof bytes);
            if (count <= 0) throw Poco::Net::ConnectionResetException();
            received_.append(bytes, static_cast<std::size_t>(count));
            if (is_encrypted_) continue;
            const std::lock_guard lock(owner_.mutex_);
            owner_.heard_in_clear_.append(bytes, static_cast<std::size_t>(count));
        }
    }

    std::string read_data() {
        std::string data;
        for (;;) {
            auto line = read_line();
            if (line == ".") return data;
            if (line.starts_with("..")) line.erase(0, 1);
            data += line + "\r\n";
        }
    }

    SmtpReceiver& owner_;
    Poco::Net::StreamSocket socket_;
    std::string received_;
    bool is_encrypted_ = false;
};

SmtpReceiver::SmtpReceiver() : listener_(std::make_unique<Listener>()) {
    port_ = listener_->socket.address().port();
    thread_ = std::thread([this] { serve(); });
}

SmtpReceiver::~SmtpReceiver() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    try { // wakes the accepting thread
        Poco::Net::StreamSocket(Poco::Net::SocketAddress("127.0.0.1", static_cast<Poco::UInt16>(port_)));
    } catch (const Poco::Exception&) {
        // It was not waiting.
    }
    thread_.join();
}

void SmtpReceiver::serve() {
    std::vector<Poco::Net::StreamSocket> sockets;
    std::vector<std::jthread> talks;
    for (;;) {
        auto socket = listener_->socket.acceptConnection();
        {
            const std::lock_guard lock(mutex_);
            if (stopping_) break;
        }
        sockets.push_back(socket);
        talks.emplace_back([this, socket] {
            try {
                Talk(*this, socket).run();
            } catch (const Poco::Exception&) {
                // The other side hung up; mails that were accepted are kept.
            }
            ::shutdown(socket.impl()->sockfd(), SHUT_RDWR);
        });
    }
    for (auto& socket : sockets) ::shutdown(socket.impl()->sockfd(), SHUT_RDWR); // wakes threads that wait for a line
}

bool SmtpReceiver::take(int& counter) {
    const std::lock_guard lock(mutex_);
    if (counter == 0) return false;
    --counter;
    return true;
}

void SmtpReceiver::refuse(int mails) {
    const std::lock_guard lock(mutex_);
    refuse_ = mails;
}
void SmtpReceiver::hang_up_in_data(int mails) {
    const std::lock_guard lock(mutex_);
    hang_up_ = mails;
}
void SmtpReceiver::lose_answers(int mails) {
    const std::lock_guard lock(mutex_);
    lose_ = mails;
}

void SmtpReceiver::offer_starttls(const CertificateFiles& own) {
    tls_ = Tls::offered;
    own_ = own;
}
void SmtpReceiver::speak_tls(const CertificateFiles& own) {
    tls_ = Tls::at_once;
    own_ = own;
}
void SmtpReceiver::ask_for_login(const std::string& method, const std::string& user, const std::string& password) {
    auth_method_ = method;
    auth_user_ = user;
    auth_password_ = password;
}
void SmtpReceiver::be_silent() { silent_ = true; }
void SmtpReceiver::stop_in_an_answer() { stops_in_an_answer_ = true; }

std::string SmtpReceiver::heard_in_clear() const {
    const std::lock_guard lock(mutex_);
    return heard_in_clear_;
}

std::vector<ReceivedMail> SmtpReceiver::mails() const {
    const std::lock_guard lock(mutex_);
    return mails_;
}

bool SmtpReceiver::wait_for(std::size_t mails, std::chrono::seconds at_most) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, at_most, [&] { return mails_.size() >= mails; });
}

} // namespace cunmai::test
