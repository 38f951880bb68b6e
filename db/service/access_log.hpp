// Who looked at or did what, by which route. Append-only, kept for at least 180 days.
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
    // Returns a function that adds the access in another transaction of this database, so that both are kept or
    // neither. Running it several times adds one row. It takes the answer's `status`, which may be known only then.
    static std::function<void(engine::Transaction&, int status)> addition(const Access& access);
    // since, until: instants, or civil dates, both included.
    struct Filter {
        std::string person, route, since, until;
        int status = 0;
        int limit = 50;
        std::string before_id;
        std::vector<std::string> without_routes; // such as routes that pages ask again and again by themselves
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
