// The workflow `committee_meeting` (domain.md §5): ballots are held in a meeting. Its table stands in machine.cpp.
#pragma once

#include "engine/definition.hpp"

#include <memory>

namespace cunmai::workflows {

namespace meeting {
inline constexpr std::string_view workflow_key = "committee_meeting";
}

std::unique_ptr<engine::Definition> committee_meeting_workflow();

} // namespace cunmai::workflows
