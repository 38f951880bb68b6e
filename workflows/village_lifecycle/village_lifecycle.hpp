// The workflow `village_lifecycle` (domain.md §3): its versions. The table of the first stands in machine.hpp.
#pragma once

#include "engine/definition.hpp"

#include <memory>

namespace cunmai::workflows {

std::unique_ptr<engine::Definition> village_lifecycle_v1();
// A self-check that the town returns gets its time anew.
std::unique_ptr<engine::Definition> village_lifecycle_v2();

} // namespace cunmai::workflows
