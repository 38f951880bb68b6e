// What an accepted command does to a village's case. Actions write facts, tells and notices into the Decision; no I/O.
#pragma once

#include "workflows/village_lifecycle/needs.hpp"

namespace cunmai::workflows::village {

using engine::Decision;

// ---- Opening, self-check, screening ---------------------------------------------------------------------------------

struct OpenCase {
    static constexpr std::string_view key = "open_case";
    static void run(const Ask& ask, Decision& decision);
};
struct OpenForScreening {
    static constexpr std::string_view key = "open_for_screening";
    using needs = Needs<NamedIndicators>;
    static void run(const Ask& ask, Decision& decision);
};
struct KeepSelfCheck {
    static constexpr std::string_view key = "keep_self_check";
    using needs = Needs<DigestOfAnswers>;
    static void run(const Ask& ask, Decision& decision);
};
struct EnterPool {
    static constexpr std::string_view key = "enter_pool";
    using needs = Needs<ReviewRequirements>;
    static void run(const Ask& ask, Decision& decision);
};
struct AskVillageAgain {
    static constexpr std::string_view key = "ask_village_again";
    static void run(const Ask& ask, Decision& decision);
};

// ---- Department review ----------------------------------------------------------------------------------------------

struct KeepVisit {
    static constexpr std::string_view key = "keep_visit";
    static void run(const Ask& ask, Decision& decision);
};
struct KeepOpinion {
    static constexpr std::string_view key = "keep_opinion";
    static void run(const Ask& ask, Decision& decision);
};
struct CallCommittee {
    static constexpr std::string_view key = "call_committee";
    static void run(const Ask& ask, Decision& decision);
};
struct AskTownAgain {
    static constexpr std::string_view key = "ask_town_again";
    static void run(const Ask& ask, Decision& decision);
};

// ---- Ballots --------------------------------------------------------------------------------------------------------

// StartBallot to EndBallot keep the ballot and tell the meeting; the others carry out what follows from its result.

struct StartBallot {
    static constexpr std::string_view key = "start_ballot";
    using needs = Needs<CommitteeRules, Electorate, NamedMeeting>;
    static void run(const Ask& ask, Decision& decision);
};
struct KeepVote {
    static constexpr std::string_view key = "keep_vote";
    static void run(const Ask& ask, Decision& decision);
};
struct KeepRecusal {
    static constexpr std::string_view key = "keep_recusal";
    static void run(const Ask& ask, Decision& decision);
};
// The meeting told who is present now.
struct NoteAttendance {
    static constexpr std::string_view key = "note_attendance";
    static void run(const Ask& ask, Decision& decision);
};
struct EndBallot {
    static constexpr std::string_view key = "end_ballot";
    using needs = Needs<InterestedSince, Tally>;
    static void run(const Ask& ask, Decision& decision);
};
struct StartManagement {
    static constexpr std::string_view key = "start_management";
    static void run(const Ask& ask, Decision& decision);
};
struct AskForMoreReview {
    static constexpr std::string_view key = "ask_for_more_review";
    static void run(const Ask& ask, Decision& decision);
};
struct StartFollowUp {
    static constexpr std::string_view key = "start_follow_up";
    using needs = Needs<FollowUpYears>;
    static void run(const Ask& ask, Decision& decision);
};
struct ResumeManagement {
    static constexpr std::string_view key = "resume_management";
    static void run(const Ask& ask, Decision& decision);
};
struct AskForMoreEvaluation {
    static constexpr std::string_view key = "ask_for_more_evaluation";
    static void run(const Ask& ask, Decision& decision);
};

// ---- Management -----------------------------------------------------------------------------------------------------

struct KeepPlan {
    static constexpr std::string_view key = "keep_plan";
    static void run(const Ask& ask, Decision& decision);
};
struct FillPosts {
    static constexpr std::string_view key = "fill_posts";
    static void run(const Ask& ask, Decision& decision);
};
struct ReplacePost {
    static constexpr std::string_view key = "replace_post";
    static void run(const Ask& ask, Decision& decision);
};
struct OpenPrescription {
    static constexpr std::string_view key = "open_prescription";
    static void run(const Ask& ask, Decision& decision);
};
struct NotePrescription {
    static constexpr std::string_view key = "note_prescription";
    static void run(const Ask& ask, Decision& decision);
};

// ---- Exit and follow-up ---------------------------------------------------------------------------------------------

struct StartExitReview {
    static constexpr std::string_view key = "start_exit_review";
    static void run(const Ask& ask, Decision& decision);
};
struct KeepEvaluation {
    static constexpr std::string_view key = "keep_evaluation";
    static void run(const Ask& ask, Decision& decision);
};
struct KeepExitOpinion {
    static constexpr std::string_view key = "keep_exit_opinion";
    static void run(const Ask& ask, Decision& decision);
};
struct CallExitVote {
    static constexpr std::string_view key = "call_exit_vote";
    static void run(const Ask& ask, Decision& decision);
};
struct KeepLookBack {
    static constexpr std::string_view key = "keep_look_back";
    static void run(const Ask& ask, Decision& decision);
};
struct StartReviewAgain {
    static constexpr std::string_view key = "start_review_again";
    using needs = Needs<ReviewRequirements>;
    static void run(const Ask& ask, Decision& decision);
};
struct Propose {
    static constexpr std::string_view key = "propose";
    static void run(const Ask& ask, Decision& decision);
};
struct Graduate {
    static constexpr std::string_view key = "graduate";
    static void run(const Ask& ask, Decision& decision);
};

// ---- Ends -----------------------------------------------------------------------------------------------------------

struct EndUnlisted {
    static constexpr std::string_view key = "end_unlisted";
    static void run(const Ask& ask, Decision& decision);
};
struct EndTerminated {
    static constexpr std::string_view key = "end_terminated";
    static void run(const Ask& ask, Decision& decision);
};

} // namespace cunmai::workflows::village
