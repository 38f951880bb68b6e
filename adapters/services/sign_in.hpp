// Signing in, by page or API. Unknown names, wrong passwords and disabled people get the same answer in the same time.
// Too many failures lock the name, even across a restart. The old password that is asked for when a person changes it
// is checked in the same way.
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

// Whether it is this person's password. Null stands for an unknown name and takes as much work. Failures count under
// `login`.
Check check(App& app, const std::string& login, const std::optional<db::Person>& person, const std::string& password);

// Nullopt when the person was disabled or their password was changed since `verified` was read.
std::optional<Ticket> open(App& app, const db::Person& verified, const std::string& kind, const std::string& label);

// check and open.
Attempt attempt(App& app, const std::string& login, const std::string& password, const std::string& kind,
                const std::string& label, const std::string& address);

// For the access log: the login as typed if an account has it, otherwise "?". Other text is not kept, because it may be
// a password typed into the wrong field.
std::string account_named(App& app, const std::string& login);

// The session behind a token, if it is still valid (idle and absolute limits). Notes that it was used.
std::optional<std::pair<db::Session, db::Person>> recognise(App& app, const std::string& token);

// A program's token has no idle limit, only the absolute one.
bool idle_too_long(const App& app, const db::Session& session);

// Argon2id takes 46 MiB at a time, so at most two run at once and others wait. Throws Busy after 20 s.
class Seat {
  public:
    Seat();
    ~Seat();
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
};

} // namespace cunmai::sign_in
