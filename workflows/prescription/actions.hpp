// What an accepted command does to a prescription.
#pragma once

#include "workflows/prescription/needs.hpp"

namespace cunmai::workflows::prescription {

using engine::Decision;

struct KeepDraft {
    static constexpr std::string_view key = "keep_draft";
    static void run(const Ask& ask, Decision& decision);
};
struct IssueIt {
    static constexpr std::string_view key = "issue_it";
    using needs = Needs<ScheduleOfIssue, YellowWhilePending>;
    static void run(const Ask& ask, Decision& decision);
};
struct NoteAcceptance {
    static constexpr std::string_view key = "note_acceptance";
    static void run(const Ask& ask, Decision& decision);
};
struct TakeBack {
    static constexpr std::string_view key = "take_back";
    static void run(const Ask& ask, Decision& decision);
};
struct KeepProgress {
    static constexpr std::string_view key = "keep_progress";
    static void run(const Ask& ask, Decision& decision);
};
struct AskForExtension {
    static constexpr std::string_view key = "ask_for_extension";
    static void run(const Ask& ask, Decision& decision);
};
struct Extend {
    static constexpr std::string_view key = "extend";
    using needs = Needs<ScheduleOfExtension, YellowWhilePending>;
    static void run(const Ask& ask, Decision& decision);
};
struct DropExtension {
    static constexpr std::string_view key = "drop_extension";
    static void run(const Ask& ask, Decision& decision);
};
struct KeepResult {
    static constexpr std::string_view key = "keep_result";
    static void run(const Ask& ask, Decision& decision);
};
struct CloseIt {
    static constexpr std::string_view key = "close_it";
    static void run(const Ask& ask, Decision& decision);
};
struct SendBack {
    static constexpr std::string_view key = "send_back";
    static void run(const Ask& ask, Decision& decision);
};
struct ReopenIt {
    static constexpr std::string_view key = "reopen_it";
    using needs = Needs<ScheduleOfReopening, YellowWhilePending>;
    static void run(const Ask& ask, Decision& decision);
};
struct CancelIt {
    static constexpr std::string_view key = "cancel_it";
    static void run(const Ask& ask, Decision& decision);
};
struct WithdrawIt {
    static constexpr std::string_view key = "withdraw_it";
    static void run(const Ask& ask, Decision& decision);
};
struct SendReminder {
    static constexpr std::string_view key = "send_reminder";
    using needs = Needs<RecipientsBeforeDeadline>;
    static void run(const Ask& ask, Decision& decision);
};
struct TurnRed {
    static constexpr std::string_view key = "turn_red";
    using needs = Needs<RecipientsAtDeadline>;
    static void run(const Ask& ask, Decision& decision);
};
struct SendEscalation {
    static constexpr std::string_view key = "send_escalation";
    using needs = Needs<RecipientsAfterDeadline>;
    static void run(const Ask& ask, Decision& decision);
};

// State and colour, told to the village's case. Comes last in a row: it reads what the others wrote.
struct TellVillage {
    static constexpr std::string_view key = "tell_village";
    static void run(const Ask& ask, Decision& decision);
};

} // namespace cunmai::workflows::prescription
