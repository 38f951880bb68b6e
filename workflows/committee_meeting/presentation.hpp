// How a meeting is shown: data.
#pragma once

#include "engine/presentation.hpp"

namespace cunmai::workflows::meeting {

const engine::Presentation& presentation();

} // namespace cunmai::workflows::meeting
