// States of a prescription (domain.md §4). `closed` is final but for one command: reopen, when the problem came back.
#pragma once

#include "engine/table.hpp"

namespace cunmai::workflows::prescription {

using engine::FinalState;
using engine::State;

struct Drafted : State {
    static constexpr std::string_view key = "drafted";
};
struct Issued : State {
    static constexpr std::string_view key = "issued";
};
struct InProgress : State {
    static constexpr std::string_view key = "in_progress";
};
struct AwaitingCheck : State {
    static constexpr std::string_view key = "awaiting_check";
};
struct Closed : FinalState {
    static constexpr std::string_view key = "closed";
};
struct Cancelled : FinalState {
    static constexpr std::string_view key = "cancelled";
};

using AnyOpen = engine::mp11::mp_list<Drafted, Issued, InProgress, AwaitingCheck>;
using Running = engine::mp11::mp_list<Issued, InProgress, AwaitingCheck>; // those that have a deadline

} // namespace cunmai::workflows::prescription
