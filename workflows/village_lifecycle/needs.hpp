// What the commands of a village's case need from outside. All of it is small, because it is kept in the event.
#pragma once

#include "workflows/common/rules.hpp"

namespace cunmai::workflows::village {

using engine::Ask;
using engine::Knowledge;
using engine::Needs;

// Whether the round for which the case is opened is open and takes in this village; null when there is no round.
struct RoundStillOpen {
    static constexpr std::string_view key = "round_is_open";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// {codes, unknown}: the indicators that a targeted look names; null when it names none.
struct NamedIndicators {
    static constexpr std::string_view key = "indicators";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// The digest of the answers (workflows/evaluation/self_check.hpp), and the answers whose evidence was never uploaded;
// null when the document does not exist.
struct DigestOfAnswers {
    static constexpr std::string_view key = "self_check";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// {departments, interviews, courtyard_meetings}
struct ReviewRequirements {
    static constexpr std::string_view key = "required";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};

// ---- ballots --------------------------------------------------------------------------------------------------------

// {quorum, pass, secret}
struct CommitteeRules : RuleInForce<CommitteeRules> {
    static constexpr std::string_view key = "committee";
};
// The number of the ballot that a vote is for; null when none is open. disclosure.hpp reads it from the event.
struct BallotNumber {
    static constexpr std::string_view key = "ballot";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// [{person, recused {reason, by}}]
struct Electorate {
    static constexpr std::string_view key = "electorate";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// {found, state, on_agenda, chair, secret, present} of the meeting that is named.
struct NamedMeeting {
    static constexpr std::string_view key = "meeting";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// The interest that the voter has in the village; null when there is none.
struct VotersInterest {
    static constexpr std::string_view key = "interest";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// [{person, reason}]: entitled members who got an interest after the ballot was opened; null when there are none.
struct InterestedSince {
    static constexpr std::string_view key = "interested";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// The count of a secret ballot without the votes of those members; null when the ballot is named or void.
struct Tally {
    static constexpr std::string_view key = "tally";
    using needs = Needs<InterestedSince>;
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// Entitled and present persons who are still members but have not voted; null when there are none.
struct AwaitedVotes {
    static constexpr std::string_view key = "awaited";
    using needs = Needs<InterestedSince>;
    static Json gather(const Ask& ask, Knowledge& knowledge);
};

// ---- management, exit, follow-up ------------------------------------------------------------------------------------

// {post: whether the named person may fill it}, and for the coordinator also `coordinator_kind`.
struct AssigneesFitness {
    static constexpr std::string_view key = "fits";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
struct ExitScoreMin : RuleInForce<ExitScoreMin> {
    static constexpr std::string_view key = "exit_score_min";
};
struct ExitRespondentsMin : RuleInForce<ExitRespondentsMin> {
    static constexpr std::string_view key = "exit_public_respondents_min";
};
struct FollowUpYears : RuleInForce<FollowUpYears> {
    static constexpr std::string_view key = "follow_up_years";
};

} // namespace cunmai::workflows::village
