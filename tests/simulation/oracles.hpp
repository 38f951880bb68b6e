// What must hold when a run has come to rest. Each finding begins with the name of its oracle.
#pragma once

#include "engine/case_service.hpp"
#include "tests/simulation/server.hpp"

namespace cunmai::simulation {

// What clients know about one command: all answers that servers ever gave to its idempotency key.
struct Asked {
    engine::CommandRequest request;
    int accepted = 0, denied = 0, unknown = 0;
    engine::Outcome first; // when accepted
    bool refused = false;  // with a final outcome, that is, anything but a conflict
};
using ClientLog = std::map<std::string, Asked>; // by key

struct Evidence {
    const Kept& kept;
    const ClientLog& log;
    const std::map<std::pair<CaseId, std::int64_t>, Instant>& true_times;
    const FarEnd& far_end;
    Instant end;                       // now
    bool at_rest = true;               // timers and outbox have been worked off
    std::int64_t skew_seconds_max = 0; // of the servers' clocks
    const Kept& before;                // the state when the run began, which was checked then
    // The idempotency key of the command that made an event; empty when no client gave it.
    std::function<std::string(const engine::Event&)> key_of = [](const engine::Event& event) {
        return event.request_id;
    };
};

std::vector<std::string> check(const Evidence& evidence);

} // namespace cunmai::simulation
