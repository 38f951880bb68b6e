// Commands of a meeting and what each carries.
#pragma once

#include "engine/table.hpp"
#include "workflows/common/fields.hpp"

namespace cunmai::workflows::meeting {

using engine::Command;
using engine::Field;
using engine::Fields;
using engine::FieldType;
using engine::InternalCommand;

inline Field agenda() { return Field::of(FieldType::cases, "agenda"); }
inline Field attendance() { return Field::of(FieldType::people, "attendance"); }

struct Convene : Command {
    static constexpr std::string_view key = "convene";
    static Fields fields() {
        return {Field::line("title"), Field::date("meeting_on"), Field::of(FieldType::person, "chair"),
                agenda().optional(), Field::of(FieldType::boolean, "secret").optional()};
    }
};
struct SetAgenda : Command {
    static constexpr std::string_view key = "set_agenda";
    static Fields fields() { return {agenda()}; }
};
struct StartSession : Command {
    static constexpr std::string_view key = "start_session";
    static Fields fields() { return {attendance()}; }
};
struct RecordAttendance : Command {
    static constexpr std::string_view key = "record_attendance";
    static Fields fields() { return {attendance()}; }
};
struct CloseMeeting : Command {
    static constexpr std::string_view key = "close_meeting";
    static Fields fields() {
        return {Field::text("minutes"), Field::of(FieldType::documents, "attachments").optional()};
    }
};
struct CancelMeeting : Command {
    static constexpr std::string_view key = "cancel_meeting";
    static Fields fields() { return {reason()}; }
};

// Told by a village's case.
struct BallotOpened : InternalCommand {
    static constexpr std::string_view key = "ballot_opened";
    static Fields fields() { return {Field::of(FieldType::case_id, "case_id"), Field::line("purpose")}; }
};
struct BallotClosed : InternalCommand {
    static constexpr std::string_view key = "ballot_closed";
    static Fields fields() {
        return {Field::of(FieldType::case_id, "case_id"), Field::line("purpose"), Field::line("result")};
    }
};

} // namespace cunmai::workflows::meeting
