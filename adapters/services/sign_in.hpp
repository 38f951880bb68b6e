// Signing in, by page or API. The same answer and the same time for unknown names, wrong passwords and disabled
// people; lockout after too many failures, which survives a restart. Whoever changes their password is asked for the
// old one in the same way.
#pragma once

#include "adapters/services/app.hpp"

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

struct Check {
    bool good = false;
    bool locked = false; // too many failures: retry_after_seconds
    int retry_after_seconds = 0;
};

// Is it this person's password? Null: a name that nobody has; as much work. Failures count under `login`.
Check check(App& app, const std::string& login, const std::optional<db::Person>& person, const std::string& password);

// Nullopt when they left or their password was changed since `verified` was read.
std::optional<Ticket> open(App& app, const db::Person& verified, const std::string& kind, const std::string& label);

// check and open.
Attempt attempt(App& app, const std::string& login, const std::string& password, const std::string& kind,
                const std::string& label, const std::string& address);

// For the access log: the login of the account that was named, "?" when there is none of that name. What is typed may
// be a password in the wrong field, so it is kept only when it is an account's.
std::string account_named(App& app, const std::string& login);

// The session behind a token, if it is still good (idle and absolute limits); touches it.
std::optional<std::pair<db::Session, db::Person>> recognise(App& app, const std::string& token);

// A program's token may rest: it has the absolute limit only.
bool idle_too_long(const App& app, const db::Session& session);

// Argon2id takes 46 MiB at a time: at most two are at work, others wait their turn. Throws Busy after 20 s.
class Seat {
  public:
    Seat();
    ~Seat();
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
};

} // namespace cunmai::sign_in
