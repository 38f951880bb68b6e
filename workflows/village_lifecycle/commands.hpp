// Commands of a village's case and what each carries. Forms, the API document and the input checks come from here.
#pragma once

#include "engine/table.hpp"
#include "workflows/common/fields.hpp"

namespace cunmai::workflows::village {

using engine::Command;
using engine::Field;
using engine::Fields;
using engine::FieldType;
using engine::InternalCommand;

inline Fields visit() {
    return {Field::line("participants"), Field::date("held_on"), Field::line("venue"), Field::text("findings")};
}
inline Field score() { return Field::number("score", FieldType::decimal, 0, 100); }
inline Fields due_dates() {
    return {Field::date("self_check_due_on").optional(), Field::date("screening_due_on").optional(),
            Field::date("review_due_on").optional(), Field::date("committee_due_on").optional()};
}

// ---- opening ------------------------------------------------------------------------------------------------------

struct Open : Command {
    static constexpr std::string_view key = "open";
    static Fields fields() { return due_dates(); }
};
struct OpenTargeted : Command {
    static constexpr std::string_view key = "open_targeted";
    static Fields fields() {
        return {reason(), Field::line("indicators").optional(), // codes of the red ones, with commas between them
                Field::date("screening_due_on").optional(), Field::date("review_due_on").optional(),
                Field::date("committee_due_on").optional()};
    }
};

// ---- self-check and screening -------------------------------------------------------------------------------------

struct SubmitSelfCheck : Command {
    static constexpr std::string_view key = "submit_self_check";
    static Fields fields() { return {Field::of(FieldType::document, "answers")}; }
};
struct Nominate : Command {
    static constexpr std::string_view key = "nominate";
    static Fields fields() {
        return {Field::choice("category", categories()),
                Field::choices_of("secondary_categories", categories()).optional(), Field::text("study_record")};
    }
};
struct ReturnToVillage : Command {
    static constexpr std::string_view key = "return_to_village";
    static Fields fields() { return {reason()}; }
};
struct Decline : Command {
    static constexpr std::string_view key = "decline";
    static Fields fields() { return {reason()}; }
};

// ---- department review --------------------------------------------------------------------------------------------

struct RecordInterview : Command {
    static constexpr std::string_view key = "record_interview";
    static Fields fields() { return visit(); }
};
struct RecordCourtyardMeeting : Command {
    static constexpr std::string_view key = "record_courtyard_meeting";
    static Fields fields() { return visit(); }
};
struct RecordConsultation : Command {
    static constexpr std::string_view key = "record_consultation";
    static Fields fields() { return visit(); }
};
struct SignOpinion : Command {
    static constexpr std::string_view key = "sign_opinion";
    static Fields fields() {
        return {Field::choice("department", departments()),
                Field::choice("opinion", {"endorse", "oppose", "needs_work"}), short_text("text", 1000)};
    }
};
struct Endorse : Command {
    static constexpr std::string_view key = "endorse";
};
struct ReturnToTown : Command {
    static constexpr std::string_view key = "return_to_town";
    static Fields fields() { return {reason()}; }
};

// ---- ballots ------------------------------------------------------------------------------------------------------

struct OpenBallot : Command {
    static constexpr std::string_view key = "open_ballot";
    static Fields fields() { return {Field::of(FieldType::case_id, "meeting")}; }
};
struct CastVote : Command {
    static constexpr std::string_view key = "cast_vote";
    static constexpr bool personal = true, commutes = true;
    static Fields fields() {
        // Optional as a field, because the choice of a secret vote is taken out before the machine sees the command.
        return {Field::choice("choice", {"approve", "reject", "abstain"}).optional(),
                short_text("reason", 500).optional()};
    }
};
struct Recuse : Command {
    static constexpr std::string_view key = "recuse";
    static constexpr bool personal = true, commutes = true;
    static Fields fields() { return {short_text("reason", 500)}; }
};
struct CloseBallot : Command {
    static constexpr std::string_view key = "close_ballot";
    static Fields fields() {
        return {Field::text("minutes").optional()};
    } // of this ballot only; the meeting has minutes of its own
};

// ---- management ---------------------------------------------------------------------------------------------------

struct AdoptPlan : Command {
    static constexpr std::string_view key = "adopt_plan";
    static Fields fields() {
        return {short_text("programme", 1000), short_text("measures", 2000),
                Field::number("funds_committed", FieldType::decimal, 0, 1e10),
                Field::number("monitoring_cycle_days", FieldType::integer, 1, 366)};
    }
};
struct Assign : Command {
    static constexpr std::string_view key = "assign";
    static Fields fields() {
        return {Field::of(FieldType::person, "commander"), Field::of(FieldType::person, "supervisor"),
                Field::of(FieldType::person, "coordinator")};
    }
};
struct ReplaceAssignee : Command {
    static constexpr std::string_view key = "replace_assignee";
    static Fields fields() {
        // Optional as a field, so that an attempt to leave the post empty is refused with a reason of its own.
        return {Field::choice("post", {"commander", "supervisor", "coordinator"}),
                Field::of(FieldType::person, "person").optional()};
    }
};
struct IssuePrescription : Command {
    static constexpr std::string_view key = "issue_prescription";
    static constexpr bool opens_child = true;
    static Fields fields() { return prescription_fields(); }
};
struct RequestExit : Command {
    static constexpr std::string_view key = "request_exit";
    static Fields fields() { return {Field::text("statement").optional()}; }
};
struct Terminate : Command {
    static constexpr std::string_view key = "terminate";
    static Fields fields() { return {Field::of(FieldType::document, "minutes"), Field::text("reason").optional()}; }
};

// ---- exit ---------------------------------------------------------------------------------------------------------

struct RecordSelfEvaluation : Command {
    static constexpr std::string_view key = "record_self_evaluation";
    static Fields fields() { return {score(), evidence(), Field::text("text").optional()}; }
};
struct RecordPublicEvaluation : Command {
    static constexpr std::string_view key = "record_public_evaluation";
    static Fields fields() {
        return {score(), Field::number("respondents", FieldType::integer, 0, 1e6), evidence(),
                Field::text("text").optional()};
    }
};
struct RecordTownAssessment : Command {
    static constexpr std::string_view key = "record_town_assessment";
    static Fields fields() { return {score(), evidence(), Field::text("text").optional()}; }
};
struct RecordDistrictAssessment : Command {
    static constexpr std::string_view key = "record_district_assessment";
    static Fields fields() { return {score(), evidence(), Field::text("text").optional()}; }
};
inline Fields exit_opinion() { return {Field::choice("opinion", {"favourable", "unfavourable"}), Field::text("text")}; }
struct RecordCommanderOpinion : Command {
    static constexpr std::string_view key = "record_commander_opinion";
    static Fields fields() { return exit_opinion(); }
};
struct RecordCoordinatorOpinion : Command {
    static constexpr std::string_view key = "record_coordinator_opinion";
    static Fields fields() { return exit_opinion(); }
};
struct EndorseExit : Command {
    static constexpr std::string_view key = "endorse_exit";
};
struct DenyExit : Command {
    static constexpr std::string_view key = "deny_exit";
    static Fields fields() { return {reason()}; }
};

// ---- follow-up ----------------------------------------------------------------------------------------------------

struct RecordLookBack : Command {
    static constexpr std::string_view key = "record_look_back";
    static Fields fields() {
        return {Field::choice("finding", {"holds", "slipping", "relapsed"}),
                Field::choice("level", {"town", "district"}).optional(), evidence(), Field::text("text").optional()};
    }
};
struct ReportRelapse : Command {
    static constexpr std::string_view key = "report_relapse";
    static Fields fields() { return {Field::text("problem"), evidence()}; }
};
struct CompleteFollowUp : Command {
    static constexpr std::string_view key = "complete_follow_up";
};

// ---- the engine's own ---------------------------------------------------------------------------------------------

struct ProposeCompletion : InternalCommand {
    static constexpr std::string_view key = "propose_completion";
};
struct AttendanceChanged : InternalCommand { // told by the meeting of an open ballot
    static constexpr std::string_view key = "attendance_changed";
    static Fields fields() { return {Field::of(FieldType::people, "present")}; }
};
struct PrescriptionChanged : InternalCommand {
    static constexpr std::string_view key = "prescription_changed";
    static Fields fields() {
        return {Field::of(FieldType::case_id, "prescription"),
                Field::line("state"),
                Field::line("title"),
                Field::line("colour").optional(),
                Field::date("due_on").optional(),
                Field::of(FieldType::person, "responsible").optional(),
                Field::line("source").optional()};
    }
};

} // namespace cunmai::workflows::village
