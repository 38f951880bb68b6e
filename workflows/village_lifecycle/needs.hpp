// What the commands of a village's case need from outside. Small: it stands in the event.
#pragma once

#include "workflows/common/rules.hpp"

namespace cunmai::workflows::village {

using engine::Ask;
using engine::Knowledge;
using engine::Needs;

// Is the round that the case is opened for open, and for this village; null: it is opened for none.
struct RoundStillOpen {
    static constexpr std::string_view key = "round_is_open";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// {codes, unknown}: what a targeted look names; null: nothing.
struct NamedIndicators {
    static constexpr std::string_view key = "indicators";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// Digest of the answers (evaluation/self_check.hpp), and which name evidence that was never uploaded; null: the
// document is not there.
struct DigestOfAnswers {
    static constexpr std::string_view key = "self_check";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// {departments, interviews, courtyard_meetings}
struct ReviewRequirements {
    static constexpr std::string_view key = "required";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};

// ---- Ballots --------------------------------------------------------------------------------------------------------

// {quorum, pass, secret}
struct CommitteeRules : RuleInForce<CommitteeRules> {
    static constexpr std::string_view key = "committee";
};
// Which ballot a vote is for; null: none is open. Read by those who withhold votes while it is (disclosure.hpp).
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
// Of who votes, in the village; null: they have none.
struct VotersInterest {
    static constexpr std::string_view key = "interest";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// [{person, reason}]: entitled members who came to have an interest since the ballot was opened; null: nobody.
struct InterestedSince {
    static constexpr std::string_view key = "interested";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// What the box of a secret ballot holds, without the votes of these; null: the ballot is named, or void.
struct Tally {
    static constexpr std::string_view key = "tally";
    using needs = Needs<InterestedSince>;
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// Who is entitled and present and still of the committee, but has not voted; null: nobody.
struct AwaitedVotes {
    static constexpr std::string_view key = "awaited";
    using needs = Needs<InterestedSince>;
    static Json gather(const Ask& ask, Knowledge& knowledge);
};

// ---- Management, exit, follow-up ------------------------------------------------------------------------------------

// {post: may the person who is named fill it}, and for the coordinator also `coordinator_kind`.
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
