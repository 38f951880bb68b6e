// What administrators did.
#pragma once

#include "db/kernel/database.hpp"

namespace cunmai::db {

// Who changed people, grants, rules, places, and what was done beside it. Append-only, and chained by hash: the change
// itself stands beside each event (db/kernel/administration_chain.hpp).
struct AdminEvent {
    engine::Instant at;
    engine::PersonId by;
    std::string what; // person_added, grant_added, grant_removed, rule_changed, …
    Json details;
    std::string id{}; // assigned when it is written; later events have greater ids
};
class AdminLog {
  public:
    explicit AdminLog(Database& database) : database_(database) {}
    void add(const AdminEvent& event);
    // Newest first; `before_id` and `what` may be empty.
    std::vector<AdminEvent> list(int limit, std::string_view before_id = "", std::string_view what = "");

  private:
    Database& database_;
};

} // namespace cunmai::db
