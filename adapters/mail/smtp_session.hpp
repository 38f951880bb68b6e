// One talk with the mail server: connected, encrypted as mail.security says, signed in. It does not exist otherwise, so
// that no mail and no password leaves over a connection that is less than what was configured. The server has
// mail.answer_seconds for the opening and for each mail, whatever it does meanwhile.
#pragma once

#include "adapters/config/config.hpp"

#include <Poco/Net/MailMessage.h>

#include <memory>
#include <stdexcept>

namespace cunmai::notify {

// Nobody answers, or too slowly, or the server is not one to talk with: no TLS where it is asked for, another's
// certificate, a password that it does not take. Whether a mail under way arrived is not known.
class ServerUnreachable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// The server said no to this mail, or hung up on it (then it may have arrived). Another one may go through.
class MailRefused : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class SmtpSession {
  public:
    explicit SmtpSession(const Config& config); // throws ServerUnreachable
    ~SmtpSession();

    void send(const Poco::Net::MailMessage& message); // throws both; after either this talk is over

  private:
    class Talk;
    std::unique_ptr<Talk> talk_;
};

} // namespace cunmai::notify
