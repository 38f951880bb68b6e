// Every workflow of the district, in the order in which pages list them.
#pragma once

#include "engine/registry.hpp"

namespace cunmai::workflows {

void add_all(engine::Registry& registry);

} // namespace cunmai::workflows
