// A session with the mail server: connected, encrypted as mail.security says, signed in. An object exists only in that
// state, so that no mail and no password leaves over a weaker connection than configured. The server has
// mail.answer_seconds for the opening and again for each mail.
#pragma once

#include "adapters/config/config.hpp"

#include <Poco/Net/MailMessage.h>

#include <memory>
#include <stdexcept>

namespace cunmai::notify {

// The server does not answer, is too slow, or can't be used: it lacks the required TLS, has a wrong certificate, or
// rejects the password. It is unknown whether a mail that was being sent has arrived.
class ServerUnreachable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// The server refused this mail, or hung up while receiving it, in which case it may have arrived. Others may succeed.
class MailRefused : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class SmtpSession {
  public:
    explicit SmtpSession(const Config& config); // throws ServerUnreachable
    ~SmtpSession();

    void send(const Poco::Net::MailMessage& message); // throws both of these, and the session is over after either

  private:
    class Talk;
    std::unique_ptr<Talk> talk_;
};

} // namespace cunmai::notify
