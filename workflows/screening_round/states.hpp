// States of a round.
#pragma once

#include "engine/table.hpp"

namespace cunmai::workflows::round {

struct IsOpen : engine::State {
    static constexpr std::string_view key = "open";
};
struct IsClosed : engine::FinalState {
    static constexpr std::string_view key = "closed";
};

} // namespace cunmai::workflows::round
