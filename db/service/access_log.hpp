// Who looked at or did what, over which route: append-only, kept for at least 180 days.
#pragma once

#include "db/people/people.hpp"

#include <functional>

namespace cunmai::db {

struct Access {
    engine::Instant at;
    engine::PersonId person; // empty: not signed in
    std::string method, route, object, address, request_id;
    int status = 0;
};

class AccessLog {
  public:
    explicit AccessLog(Database& database) : database_(database) {}
    void add(const Access& access);
    // Adds it within somebody else's transaction of this database, once, however often it is run: to be kept exactly
    // when what that writes is kept. `status` of the answer may be known only there.
    static std::function<void(engine::Transaction&, int status)> addition(const Access& access);
    // since, until: instants, or civil dates, both included.
    struct Filter {
        std::string person, route, since, until;
        int status = 0;
        int limit = 50;
        std::string before_id;
        std::vector<std::string> without_routes; // those that ask again and again by themselves, say
    };
    struct Row {
        std::string id;
        Access access;
    };
    std::vector<Row> list(const Filter& filter); // newest first

  private:
    Database& database_;
};

} // namespace cunmai::db
