// A round 摸排批次 (domain.md §3): one announced round, then one case per village, each its own command with its own
// receipt. Villages that have an open case are passed over. The same idempotency key, given again, continues an
// interrupted round and opens nothing twice.
#pragma once

#include "adapters/services/app.hpp"

namespace cunmai::rounds {

struct Receipt {
    std::string place_code, place_name;
    engine::CaseId case_id;  // empty when passed over
    std::string passed_over; // reason code, e.g. already_open
};

struct Opened {
    engine::Outcome outcome; // of announcing the round; there are receipts only when it was accepted
    std::vector<Receipt> receipts;
};

// `announcement` is for the district, in place_code, and is given by `give`, which is commands::give with what the edge
// keeps beside it. Its payload: title, towns (empty: the whole district), self_check_due_on, screening_due_on,
// review_due_on, committee_due_on (may be left out).
using Give = std::function<engine::Outcome(engine::CommandRequest)>;
Opened open(App& app, const engine::Viewer& viewer, engine::CommandRequest announcement, const Give& give);

} // namespace cunmai::rounds
