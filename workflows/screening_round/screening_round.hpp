// The workflow `screening_round` 摸排批次 (domain.md §3). Its table stands in machine.cpp.
#pragma once

#include "engine/definition.hpp"

#include <memory>

namespace cunmai::workflows {

namespace round {
inline constexpr std::string_view workflow_key = "screening_round";
}

std::unique_ptr<engine::Definition> screening_round_workflow();

} // namespace cunmai::workflows
