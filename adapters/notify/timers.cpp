#include "adapters/notify/timers.hpp"

#include "adapters/telemetry/log.hpp"

namespace cunmai::timers {

namespace {

constexpr int claimed_at_once = 96;
constexpr std::size_t fired_together = 16; // a transaction that an officer's command has to wait for at most
constexpr int lease_seconds = 60;

void log_failure(const engine::Firing& timer, const std::exception& error) {
    log::error("timer_failed", {{"case", timer.case_id.text}, {"timer", timer.timer_key}, {"error", error.what()}});
}

} // namespace

Due fire_due(App& app) {
    const auto due = app.timers.claim(claimed_at_once, app.clock.now(), lease_seconds);
    Due done{due.size(), 0};
    std::vector<engine::Firing> together;
    for (const auto& timer : due) {
        together.push_back({timer.case_id, timer.key, timer.command});
        if (together.size() < fired_together) continue;
        done.fired += app.service.fire_all(together, log_failure);
        together.clear();
    }
    done.fired += app.service.fire_all(together, log_failure);
    return done;
}

} // namespace cunmai::timers
