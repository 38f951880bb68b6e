// Due timers, claimed under a lease, oldest first, each given to the engine once.
#pragma once

#include "adapters/services/app.hpp"

namespace cunmai::timers {

struct Due {
    std::size_t claimed = 0, fired = 0; // the others were not wanted any more, or failed
};

// Fires one batch of what is due. A timer whose firing failed stays claimed until its lease ends and is then tried
// again.
Due fire_due(App& app);

} // namespace cunmai::timers
