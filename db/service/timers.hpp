// Timers that are due.
#pragma once

#include "db/kernel/database.hpp"

namespace cunmai::db {

struct DueTimer {
    engine::CaseId case_id;
    std::string key, command;
    engine::Instant due_at;
};

class Timers {
  public:
    explicit Timers(Database& database) : database_(database) {}
    std::vector<DueTimer> claim(int limit, engine::Instant now, int lease_seconds); // oldest first
    std::optional<engine::Instant> next_due();

  private:
    Database& database_;
};

} // namespace cunmai::db
