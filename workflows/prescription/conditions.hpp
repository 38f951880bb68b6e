// Conditions of a prescription.
#pragma once

#include "workflows/prescription/needs.hpp"

namespace cunmai::workflows::prescription {

using engine::Condition;
using engine::InputCondition;
using engine::Refusal;

// Draft and input together give problem, task, responsible person, a deadline in the future and acceptance criterion.
struct IssueIsComplete : InputCondition {
    static constexpr std::string_view key = "issue_is_complete";
    static bool holds(const Ask& ask, Refusal& why);
};
// The responsible person holds a role that acts in cases at the village.
struct ResponsiblePersonFits : InputCondition {
    static constexpr std::string_view key = "responsible_person_fits";
    using needs = Needs<ResponsibleFits>;
    static bool holds(const Ask& ask, Refusal& why);
};
// The reporter is the responsible person, or a coordinator of one of the village's categories.
struct ReporterFits : Condition {
    static constexpr std::string_view key = "reporter_fits";
    static bool holds(const Ask& ask, Refusal& why);
};
// The issuer decides on an extension. The panel leader does so only when the issuer can't, because the issuer asked for
// the extension or no longer acts at the village.
struct IssuerDecides : Condition {
    static constexpr std::string_view key = "issuer_decides";
    using needs = Needs<IssuerActs>;
    static bool holds(const Ask& ask, Refusal& why);
};
struct NoExtensionPending : Condition {
    static constexpr std::string_view key = "no_extension_pending";
    static bool holds(const Ask& ask, Refusal& why);
};
struct ExtensionsAreLeft : Condition {
    static constexpr std::string_view key = "extensions_are_left";
    using needs = Needs<ExtensionsMax>;
    static bool holds(const Ask& ask, Refusal& why);
};
struct ExtensionIsLater : InputCondition {
    static constexpr std::string_view key = "extension_is_later";
    static bool holds(const Ask& ask, Refusal& why);
};
// The date that was asked for still lies ahead, though time has passed.
struct PendingDateIsLater : Condition {
    static constexpr std::string_view key = "pending_date_is_later";
    static bool holds(const Ask& ask, Refusal& why);
};
struct ExtensionIsPending : Condition {
    static constexpr std::string_view key = "extension_is_pending";
    static bool holds(const Ask& ask, Refusal& why);
};
// Separation of duties.
struct NotWhoAsked : Condition {
    static constexpr std::string_view key = "not_who_asked";
    static bool holds(const Ask& ask, Refusal& why);
};
// Separation of duties: the checker is neither the responsible person nor anybody who acted on their behalf.
struct NotTheDoer : Condition {
    static constexpr std::string_view key = "not_the_doer";
    static bool holds(const Ask& ask, Refusal& why);
};
struct DeadlineIsAhead : InputCondition {
    static constexpr std::string_view key = "deadline_is_ahead";
    static bool holds(const Ask& ask, Refusal& why);
};
struct VillageCaseIsOpen : Condition {
    static constexpr std::string_view key = "village_case_is_open";
    using needs = Needs<VillageState>;
    static bool holds(const Ask& ask, Refusal& why);
};
struct ReminderIsDue : Condition {
    static constexpr std::string_view key = "reminder_is_due";
    static bool holds(const Ask& ask, Refusal& why);
};
struct IsOverdue : Condition {
    static constexpr std::string_view key = "is_overdue";
    static bool holds(const Ask& ask, Refusal& why);
};
struct EscalationIsDue : Condition {
    static constexpr std::string_view key = "escalation_is_due";
    static bool holds(const Ask& ask, Refusal& why);
};

} // namespace cunmai::workflows::prescription
