// The workflow `prescription` (domain.md §4), a child of a village's case. Its table stands in machine.cpp.
#pragma once

#include "engine/definition.hpp"

#include <memory>

namespace cunmai::workflows {

namespace prescription {
inline constexpr std::string_view workflow_key = "prescription";
}

std::unique_ptr<engine::Definition> prescription_workflow();

} // namespace cunmai::workflows
