// Giving a command, for pages and API alike, and for a round that opens its cases. This is what stands around the
// engine's one door (engine/case_service.hpp), whose own checks read as one chain in engine/execution.cpp.
#pragma once

#include "adapters/services/app.hpp"

namespace cunmai::commands {

// The viewer gives the command, on behalf of whom it says. Before the engine is asked:
// - texts lose the blanks around them, and one that has nothing else was not given;
// - the documents that the payload names must be readable for the viewer. An accepted command links them to the case.
// Together with an accepted command, in its transaction, the draft goes whose answers it hands in.
// Whatever is wrong is an objection to the command and found with everything else, so that the engine keeps the
// attempt.
engine::Outcome give(App& app, const engine::Viewer& viewer, engine::CommandRequest command);

} // namespace cunmai::commands
