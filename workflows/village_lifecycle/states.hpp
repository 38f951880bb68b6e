// States of a village's case, in the order of its life (domain.md §3). The key is what the database stores: rename the
// type freely, never the key.
#pragma once

#include "engine/table.hpp"

namespace cunmai::workflows::village {

using engine::FinalState;
using engine::State;

struct SelfCheck : State {
    static constexpr std::string_view key = "self_check";
};
struct TownScreening : State {
    static constexpr std::string_view key = "town_screening";
};
struct DepartmentReview : State {
    static constexpr std::string_view key = "department_review";
};
struct CommitteeApproval : State {
    static constexpr std::string_view key = "committee_approval";
};
struct Managed : State {
    static constexpr std::string_view key = "managed";
};
struct ExitReview : State {
    static constexpr std::string_view key = "exit_review";
};
struct ExitApproval : State {
    static constexpr std::string_view key = "exit_approval";
};
struct FollowUp : State {
    static constexpr std::string_view key = "follow_up";
};
struct Graduated : FinalState {
    static constexpr std::string_view key = "graduated";
};
struct NotListed : FinalState {
    static constexpr std::string_view key = "not_listed";
};
struct Terminated : FinalState {
    static constexpr std::string_view key = "terminated";
};

using AnyOpen = engine::mp11::mp_list<SelfCheck, TownScreening, DepartmentReview, CommitteeApproval, Managed,
                                      ExitReview, ExitApproval, FollowUp>;

} // namespace cunmai::workflows::village
