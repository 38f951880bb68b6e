// The workflow `village_lifecycle` (domain.md §3). Its table stands in machine.cpp.
#pragma once

#include "engine/definition.hpp"

#include <memory>

namespace cunmai::workflows {

namespace village {
inline constexpr std::string_view workflow_key = "village_lifecycle";
}

std::unique_ptr<engine::Definition> village_lifecycle_workflow();

} // namespace cunmai::workflows
