// What the commands of a meeting need from outside.
#pragma once

#include "engine/table.hpp"

namespace cunmai::workflows::meeting {

using engine::Ask;
using engine::Knowledge;
using engine::Needs;

// Is who shall take the chair of the committee.
struct ChairIsMember {
    static constexpr std::string_view key = "chair_fits";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// Are ballots secret where the secretary says nothing.
struct SecretByRule {
    static constexpr std::string_view key = "secret_by_rule";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// Cases that are new on the agenda and can't be voted on; null: none.
struct NotAwaitingVote {
    static constexpr std::string_view key = "agenda_unfit";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// Persons who are said to be there, and are not of the committee; null: none.
struct NotMembers {
    static constexpr std::string_view key = "not_members";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};

} // namespace cunmai::workflows::meeting
