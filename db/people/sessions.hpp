// The sessions of persons who are signed in, and failed attempts to sign in.
#pragma once

#include "db/people/people.hpp"

namespace cunmai::db {

struct Session {
    std::string token_hash; // SHA-256 of the token, hex; the token itself is never stored
    engine::PersonId person;
    std::string kind; // "browser" or "bearer"
    std::string csrf;
    std::string label; // of a bearer token
    engine::Instant created_at, seen_at, expires_at;
    std::int64_t password_version = 0; // of the password with which the session was opened
};

class Sessions {
  public:
    explicit Sessions(Database& database) : database_(database) {}
    // Returns false, and adds nothing, when the person was disabled or their password has changed meanwhile.
    bool add(const Session& session);
    // Does not find sessions that have ended or expired, that belong to a disabled person, or that were opened with a
    // former password.
    std::optional<std::pair<Session, Person>> find(std::string_view token_hash);
    void touch(const Session& found, engine::Instant at); // written at most once a minute
    void end(std::string_view token_hash);
    void end_all_of(const engine::PersonId& person);
    std::vector<Session> of(const engine::PersonId& person);

    // Lockout: failures since the last success within the window, kept so that a restart doesn't forget.
    int failures(std::string_view login, engine::Instant since);
    void failed(std::string_view login, engine::Instant at);
    void succeeded(std::string_view login);

  private:
    Database& database_;
};

} // namespace cunmai::db
