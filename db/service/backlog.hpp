// How much waits to be done, in numbers: for those who watch the server. Reads only.
#pragma once

#include "db/kernel/database.hpp"

namespace cunmai::db {

struct Backlog {
    std::int64_t timers_due = 0;      // and not fired
    engine::Instant oldest_timer{};   // when that one was due; meaningless without any
    std::int64_t notices_waiting = 0; // in the outbox
    engine::Instant oldest_notice{};  // when it was written
    std::int64_t mails_waiting = 0, deliveries_dead = 0;
    std::int64_t sessions = 0; // in force
};

Backlog backlog(Database& database, engine::Instant now); // throws StoreUnavailable

} // namespace cunmai::db
