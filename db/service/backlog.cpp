#include "db/service/backlog.hpp"

#include "db/kernel/database_impl.hpp"

namespace cunmai::db {

Backlog backlog(Database& database, engine::Instant now) {
    return database.impl().reading<Backlog>([&](Connection& connection) {
        Backlog found;
        std::int64_t dead_notices = 0, dead_mails = 0;
        connection.first("backlog.timers", {{"now", now}}, {found.timers_due, found.oldest_timer});
        connection.first("backlog.notices", {}, {found.notices_waiting, found.oldest_notice});
        connection.first("backlog.mails", {}, {found.mails_waiting});
        connection.first("backlog.dead_notices", {}, {dead_notices});
        connection.first("backlog.dead_mails", {}, {dead_mails});
        connection.first("backlog.sessions", {{"now", now}}, {found.sessions});
        found.deliveries_dead = dead_notices + dead_mails;
        return found;
    });
}

} // namespace cunmai::db
