// Due timers, claimed under a lease, oldest first, each given to the engine once.
#pragma once

#include "adapters/app.hpp"

namespace cunmai::timers {

// Fires one batch of what is due; how many were handled. A timer whose firing failed stays claimed until its lease
// ends and is then tried again.
int fire_due(App& app);

} // namespace cunmai::timers
