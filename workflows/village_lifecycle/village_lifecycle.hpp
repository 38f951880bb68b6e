// The workflow `village_lifecycle` (domain.md §3). Its table stands in machine.cpp.
#pragma once

#include "engine/definition.hpp"

#include <memory>

namespace cunmai::workflows {

std::unique_ptr<engine::Definition> village_lifecycle_workflow();

} // namespace cunmai::workflows
