// What cases say of each other. A ballot is told by the village's case and by the meeting that held it; a prescription
// by its own case and by the village's. Each says what it says as a claim; the two must agree. For whoever checks the
// record.
#pragma once

#include "engine/ports.hpp"
#include "engine/registry.hpp"

#include <vector>

namespace cunmai::workflows {

struct Claim {
    engine::CaseId by, of; // who says it, and of whom
    std::string what;      // equal texts agree
};

// Of one whole case: its events from the first on, and the row that they lead to.
std::vector<Claim> claims_of(const engine::Registry& registry, const engine::CaseRow& row,
                             const std::vector<engine::Event>& events);

} // namespace cunmai::workflows
