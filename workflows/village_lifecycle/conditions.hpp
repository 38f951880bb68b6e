// Conditions of a village's case: each says what is missing when it does not hold. A Condition reads facts and context;
// an InputCondition reads what was entered; a Branch chooses between the rows of close_ballot.
#pragma once

#include "workflows/village_lifecycle/needs.hpp"

namespace cunmai::workflows::village {

using engine::Branch;
using engine::Condition;
using engine::InputCondition;
using engine::Refusal;

// ---- Self-check and nomination --------------------------------------------------------------------------------------

// The codes that a targeted look names stand in the catalogue in force.
struct IndicatorsKnown : InputCondition {
    static constexpr std::string_view key = "indicators_known";
    using needs = Needs<NamedIndicators>;
    static bool holds(const Ask& ask, Refusal& why);
};
// The round that the case is opened for is open and covers this village.
struct RoundIsOpen : Condition {
    static constexpr std::string_view key = "round_is_open";
    using needs = Needs<RoundStillOpen>;
    static bool holds(const Ask& ask, Refusal& why);
};
// Every indicator in force is answered, or marked not applicable with a reason, and has the evidence that it asks for.
struct AnswersComplete : InputCondition {
    static constexpr std::string_view key = "answers_complete";
    using needs = Needs<DigestOfAnswers>;
    static bool holds(const Ask& ask, Refusal& why);
};
struct CategoriesDiffer : InputCondition {
    static constexpr std::string_view key = "categories_differ";
    static bool holds(const Ask& ask, Refusal& why);
};

// ---- Department review ----------------------------------------------------------------------------------------------

// The date lies between the nomination (or the report of a relapse) and today.
struct HasHappened : InputCondition {
    static constexpr std::string_view key = "has_happened";
    static bool holds(const Ask& ask, Refusal& why);
};
struct DepartmentIsTheirs : InputCondition {
    static constexpr std::string_view key = "department_is_theirs";
    static bool holds(const Ask& ask, Refusal& why);
};
struct AllOpinionsSigned : Condition {
    static constexpr std::string_view key = "all_opinions_signed";
    using needs = Needs<ReviewRequirements>;
    static bool holds(const Ask& ask, Refusal& why);
};
struct VillageWasVisited : Condition {
    static constexpr std::string_view key = "village_was_visited";
    using needs = Needs<ReviewRequirements>;
    static bool holds(const Ask& ask, Refusal& why);
};
// If the committee deferred the case, something new has been recorded since.
struct WasSupplemented : Condition {
    static constexpr std::string_view key = "was_supplemented";
    static bool holds(const Ask& ask, Refusal& why);
};
// Separation of duties. Whoever reported a relapse counts as a nominator.
struct NotTheNominator : Condition {
    static constexpr std::string_view key = "not_the_nominator";
    static bool holds(const Ask& ask, Refusal& why);
};

// ---- Ballots --------------------------------------------------------------------------------------------------------

struct NoBallotOpen : Condition {
    static constexpr std::string_view key = "no_ballot_open";
    static bool holds(const Ask& ask, Refusal& why);
};
// The meeting is in session, and this case is on its agenda.
struct MeetingIsReady : InputCondition {
    static constexpr std::string_view key = "meeting_is_ready";
    using needs = Needs<NamedMeeting>;
    static bool holds(const Ask& ask, Refusal& why);
};
struct CommitteeHasMembers : Condition {
    static constexpr std::string_view key = "committee_has_members";
    using needs = Needs<Electorate>;
    static bool holds(const Ask& ask, Refusal& why);
};
struct BallotIsOpen : Condition {
    static constexpr std::string_view key = "ballot_is_open";
    static bool holds(const Ask& ask, Refusal& why);
};
// The member is in the electorate, not recused, without an interest in the village, and present at the meeting.
struct MayVote : Condition {
    static constexpr std::string_view key = "may_vote";
    using needs = Needs<VotersInterest, BallotNumber>;
    static bool holds(const Ask& ask, Refusal& why);
};
struct VoteIsComplete : InputCondition {
    static constexpr std::string_view key = "vote_is_complete";
    static bool holds(const Ask& ask, Refusal& why);
};
struct MayRecuse : Condition {
    static constexpr std::string_view key = "may_recuse";
    static bool holds(const Ask& ask, Refusal& why);
};
// Every entitled member who is present has voted; without a quorum there is nothing to wait for.
struct VotesAreIn : Condition {
    static constexpr std::string_view key = "votes_are_in";
    using needs = Needs<InterestedSince, Tally, AwaitedVotes>;
    static bool holds(const Ask& ask, Refusal& why);
};
struct BallotPassed : Branch {
    static constexpr std::string_view key = "ballot_passed";
    using needs = Needs<InterestedSince, Tally>;
    static bool holds(const Ask& ask);
};
struct BallotRejected : Branch {
    static constexpr std::string_view key = "ballot_rejected";
    using needs = Needs<InterestedSince, Tally>;
    static bool holds(const Ask& ask);
};
struct BallotDeferred : Branch {
    static constexpr std::string_view key = "ballot_deferred";
    using needs = Needs<InterestedSince, Tally>;
    static bool holds(const Ask& ask);
};
struct BallotLacksQuorum : Branch {
    static constexpr std::string_view key = "ballot_lacks_quorum";
    using needs = Needs<InterestedSince, Tally>;
    static bool holds(const Ask& ask);
};

// ---- Management: duties are not loosened, funds not lowered, standards not dropped ----------------------------------

struct PlanKeepsItsWord : InputCondition {
    static constexpr std::string_view key = "plan_keeps_its_word";
    static bool holds(const Ask& ask, Refusal& why);
};
struct AssigneesFit : InputCondition {
    static constexpr std::string_view key = "assignees_fit";
    using needs = Needs<AssigneesFitness>;
    static bool holds(const Ask& ask, Refusal& why);
};
struct PostsAreFilled : Condition {
    static constexpr std::string_view key = "posts_are_filled";
    static bool holds(const Ask& ask, Refusal& why);
};
struct PostStaysFilled : InputCondition {
    static constexpr std::string_view key = "post_stays_filled";
    static bool holds(const Ask& ask, Refusal& why);
};
struct PlanIsAdopted : Condition {
    static constexpr std::string_view key = "plan_is_adopted";
    static bool holds(const Ask& ask, Refusal& why);
};
struct PrescriptionsAreClosed : Condition {
    static constexpr std::string_view key = "prescriptions_are_closed";
    static bool holds(const Ask& ask, Refusal& why);
};
struct NoRedWarning : Condition {
    static constexpr std::string_view key = "no_red_warning";
    static bool holds(const Ask& ask, Refusal& why);
};

// ---- Exit and follow-up ---------------------------------------------------------------------------------------------

// Only the person who holds the post gives its opinion.
struct IsTheCommander : Condition {
    static constexpr std::string_view key = "is_the_commander";
    static bool holds(const Ask& ask, Refusal& why);
};
struct IsTheCoordinator : Condition {
    static constexpr std::string_view key = "is_the_coordinator";
    static bool holds(const Ask& ask, Refusal& why);
};
// Separation of duties.
struct NotWhoRequested : Condition {
    static constexpr std::string_view key = "not_who_requested";
    static bool holds(const Ask& ask, Refusal& why);
};
// All four evaluations and both opinions, each score at its threshold or above.
struct ExitIsEvaluated : Condition {
    static constexpr std::string_view key = "exit_is_evaluated";
    using needs = Needs<ExitScoreMin, ExitRespondentsMin>;
    static bool holds(const Ask& ask, Refusal& why);
};
// The level that is entered is that of one of the person's roles. A person with roles on both levels must enter it.
struct LevelIsTheirs : InputCondition {
    static constexpr std::string_view key = "level_is_theirs";
    static bool holds(const Ask& ask, Refusal& why);
};
// A full year since the exit vote has passed, to the day.
struct YearIsOver : Condition {
    static constexpr std::string_view key = "year_is_over";
    static bool holds(const Ask& ask, Refusal& why);
};
struct LookBacksHold : Condition {
    static constexpr std::string_view key = "look_backs_hold";
    static bool holds(const Ask& ask, Refusal& why);
};

} // namespace cunmai::workflows::village
