// Conditions and actions of a meeting, what a command needs from outside, and its facts:
//
//   title, meeting_on, chair, secret, agenda [case ids], present [persons]
//   open_ballots [case ids], results [{case_id, purpose, result}]
#pragma once

#include "engine/table.hpp"

namespace cunmai::workflows::meeting {

using engine::Ask;
using engine::Decision;
using engine::Refusal;

struct ChairFits : engine::InputCondition {
    static constexpr std::string_view key = "chair_fits";
    static bool holds(const Ask& ask, Refusal& why);
};
// Every case awaits a vote of the committee and lies in its district.
struct AgendaFits : engine::InputCondition {
    static constexpr std::string_view key = "agenda_fits";
    static bool holds(const Ask& ask, Refusal& why);
};
struct AgendaKeepsOpenBallots : engine::InputCondition {
    static constexpr std::string_view key = "agenda_keeps_open_ballots";
    static bool holds(const Ask& ask, Refusal& why);
};
struct AttendanceFits : engine::InputCondition {
    static constexpr std::string_view key = "attendance_fits";
    static bool holds(const Ask& ask, Refusal& why);
};
struct NoBallotIsOpen : engine::Condition {
    static constexpr std::string_view key = "no_ballot_is_open";
    static bool holds(const Ask& ask, Refusal& why);
};

struct KeepMeeting {
    static constexpr std::string_view key = "keep_meeting";
    static void run(const Ask& ask, Decision& decision);
};
struct KeepAgenda {
    static constexpr std::string_view key = "keep_agenda";
    static void run(const Ask& ask, Decision& decision);
};
struct KeepAttendance {
    static constexpr std::string_view key = "keep_attendance";
    static void run(const Ask& ask, Decision& decision);
};
struct NoteOpenBallot {
    static constexpr std::string_view key = "note_open_ballot";
    static void run(const Ask& ask, Decision& decision);
};
struct NoteResult {
    static constexpr std::string_view key = "note_result";
    static void run(const Ask& ask, Decision& decision);
};
struct NoteEnd {
    static constexpr std::string_view key = "note_end";
    static void run(const Ask& ask, Decision& decision);
};
struct TellCancelled {
    static constexpr std::string_view key = "tell_cancelled";
    static void run(const Ask& ask, Decision& decision);
};

Json gather(const engine::DefinitionInfo& info, const Ask& ask, engine::Knowledge& knowledge);

} // namespace cunmai::workflows::meeting
