// What the commands of a meeting need from outside.
#pragma once

#include "engine/table.hpp"

namespace cunmai::workflows::meeting {

using engine::Ask;
using engine::Knowledge;
using engine::Needs;

// Whether the person who shall take the chair is a member of the committee.
struct ChairIsMember {
    static constexpr std::string_view key = "chair_fits";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// Whether ballots are secret when the secretary does not say.
struct SecretByRule {
    static constexpr std::string_view key = "secret_by_rule";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// New cases on the agenda that can't be voted on; null when there are none.
struct NotAwaitingVote {
    static constexpr std::string_view key = "agenda_unfit";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// Persons in the attendance who are not members of the committee; null when there are none.
struct NotMembers {
    static constexpr std::string_view key = "not_members";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};

} // namespace cunmai::workflows::meeting
