// Due timers, claimed under a lease by whoever asks first; oldest first. The engine removes a timer when its time
// has come, whether the case still wants it or not.
#include "db/kernel/database_impl.hpp"
#include "db/kernel/new_id.hpp"
#include "db/service/service_tables.hpp"

namespace cunmai::db {

std::vector<DueTimer> Timers::claim(int limit, engine::Instant now, int lease_seconds) {
    using Key = std::pair<std::string, std::string>;
    const auto due = database_.impl().reading<std::vector<Key>>([&](Connection& connection) {
        return connection.all<Key>("timers.due", {{"now", now}, {"limit", limit}}, [](Key& key) {
            return Outs{key.first, key.second};
        });
    });
    std::vector<DueTimer> claimed;
    if (due.empty()) return claimed;
    database_.impl().write([&](Connection& connection) {
        claimed.clear();
        const auto lease = new_id(now);
        for (const auto& [case_id, key] : due) {
            if (connection.run("timers.claim", {{"lease", lease},
                                                {"leased_until", now.plus_seconds(lease_seconds)},
                                                {"case_id", case_id},
                                                {"timer_key", key},
                                                {"now", now}}) == 0)
                continue; // another server has it
            DueTimer timer;
            connection.first("timers.claimed", {{"case_id", case_id}, {"timer_key", key}, {"lease", lease}},
                             {timer.case_id, timer.key, timer.command, timer.due_at});
            claimed.push_back(timer);
        }
    });
    return claimed;
}

std::optional<engine::Instant> Timers::next_due() {
    return database_.impl().reading<std::optional<engine::Instant>>(
        [](Connection& connection) -> std::optional<engine::Instant> {
            std::optional<std::string> earliest;
            connection.first("timers.next_due", {}, {earliest});
            if (!earliest) return std::nullopt;
            return engine::Instant{std::stoll(*earliest)};
        });
}

} // namespace cunmai::db
