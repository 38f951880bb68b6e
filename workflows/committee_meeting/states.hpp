// States of a committee's meeting (domain.md §5).
#pragma once

#include "engine/table.hpp"

namespace cunmai::workflows::meeting {

using engine::FinalState;
using engine::State;

struct Convened : State {
    static constexpr std::string_view key = "convened";
};
struct InSession : State {
    static constexpr std::string_view key = "in_session";
};
struct Closed : FinalState {
    static constexpr std::string_view key = "closed";
};
struct Cancelled : FinalState {
    static constexpr std::string_view key = "cancelled";
};

} // namespace cunmai::workflows::meeting
