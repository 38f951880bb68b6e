// Conditions and actions of a meeting.
#pragma once

#include "workflows/committee_meeting/needs.hpp"

namespace cunmai::workflows::meeting {

using engine::Decision;
using engine::Refusal;

struct ChairFits : engine::InputCondition {
    static constexpr std::string_view key = "chair_fits";
    using needs = Needs<ChairIsMember>;
    static bool holds(const Ask& ask, Refusal& why);
};
// Every case awaits a vote of the committee and lies in its district.
struct AgendaFits : engine::InputCondition {
    static constexpr std::string_view key = "agenda_fits";
    using needs = Needs<NotAwaitingVote>;
    static bool holds(const Ask& ask, Refusal& why);
};
struct AgendaKeepsOpenBallots : engine::InputCondition {
    static constexpr std::string_view key = "agenda_keeps_open_ballots";
    static bool holds(const Ask& ask, Refusal& why);
};
struct AttendanceFits : engine::InputCondition {
    static constexpr std::string_view key = "attendance_fits";
    using needs = Needs<NotMembers>;
    static bool holds(const Ask& ask, Refusal& why);
};
struct NoBallotIsOpen : engine::Condition {
    static constexpr std::string_view key = "no_ballot_is_open";
    static bool holds(const Ask& ask, Refusal& why);
};

struct KeepMeeting {
    static constexpr std::string_view key = "keep_meeting";
    using needs = Needs<SecretByRule>;
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

} // namespace cunmai::workflows::meeting
