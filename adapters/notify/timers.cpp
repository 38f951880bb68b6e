#include "adapters/notify/timers.hpp"

#include "adapters/log.hpp"

#include <algorithm>

namespace cunmai::timers {

namespace {

constexpr int batch = 100;
constexpr int lease_seconds = 60;

// After firing, the case may want the same timer again, later. Then it has been set anew and must stay.
bool set_anew(App& app, const db::DueTimer& timer) {
    const auto row = app.cases.row(timer.case_id);
    const auto* definition = row ? app.registry.find(row->definition, row->definition_version) : nullptr;
    if (!definition) return false;
    const auto wanted = definition->timers({row->id, row->place, row->state, row->facts});
    return std::any_of(wanted.begin(), wanted.end(),
                       [&](const engine::Timer& one) { return one.key == timer.key && one.due_at > timer.due_at; });
}

} // namespace

int fire_due(App& app) {
    const auto due = app.timers.claim(batch, app.clock.now(), lease_seconds);
    for (const auto& timer : due) {
        try {
            app.service.fire(timer.case_id, timer.key, timer.command);
            if (!set_anew(app, timer)) app.timers.remove(timer.case_id, timer.key);
        } catch (const std::exception& error) {
            log::error("timer_failed", {{"case", timer.case_id.text}, {"timer", timer.key}, {"error", error.what()}});
        }
    }
    return static_cast<int>(due.size());
}

} // namespace cunmai::timers
