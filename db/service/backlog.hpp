// How much work is waiting, in numbers, for metrics. Reads only.
#pragma once

#include "db/kernel/database.hpp"

namespace cunmai::db {

struct Backlog {
    std::int64_t timers_due = 0;      // due but not fired yet
    engine::Instant oldest_timer{};   // when the oldest of them was due; meaningless when there is none
    std::int64_t notices_waiting = 0; // in the outbox
    engine::Instant oldest_notice{};  // when the oldest of them was written
    std::int64_t mails_waiting = 0, deliveries_dead = 0;
    std::int64_t sessions = 0; // in force
};

Backlog backlog(Database& database, engine::Instant now); // throws StoreUnavailable

} // namespace cunmai::db
