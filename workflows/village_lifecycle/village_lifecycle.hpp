// The versions of the workflow `village_lifecycle` (domain.md §3). The table of the first stands in machine.hpp.
#pragma once

#include "engine/definition.hpp"

#include <memory>

namespace cunmai::workflows {

namespace village {
inline constexpr std::string_view workflow_key = "village_lifecycle";
}

std::unique_ptr<engine::Definition> village_lifecycle_v1();
// Version 2: a self-check that the town returns gets a new due date.
std::unique_ptr<engine::Definition> village_lifecycle_v2();

} // namespace cunmai::workflows
