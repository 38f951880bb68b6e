// Signing in, by page or API. The same answer and the same time for unknown names, wrong passwords and disabled
// people; lockout after too many failures, which survives a restart.
#pragma once

#include "adapters/app.hpp"

namespace cunmai::sign_in {

struct Ticket {
    std::string token; // 43 characters base64url; only its SHA-256 is stored
    std::string csrf;
    engine::Instant expires_at;
    engine::PersonId person;
};

struct Attempt {
    std::optional<Ticket> ticket;
    bool locked = false; // too many failures: retry_after_seconds
    int retry_after_seconds = 0;
};

Attempt attempt(App& app, const std::string& login, const std::string& password, const std::string& kind,
                const std::string& label, const std::string& address);

// For the access log: the login of the account that was named, "?" when there is none of that name. What is typed may
// be a password in the wrong field, so it is kept only when it is an account's.
std::string account_named(App& app, const std::string& login);

// The session behind a token, if it is still good (idle and absolute limits); touches it.
std::optional<std::pair<db::Session, db::Person>> recognise(App& app, const std::string& token);

} // namespace cunmai::sign_in
