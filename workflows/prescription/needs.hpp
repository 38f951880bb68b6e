// What the commands of a prescription need from outside.
#pragma once

#include "workflows/common/rules.hpp"

namespace cunmai::workflows::prescription {

using engine::Ask;
using engine::Knowledge;
using engine::Needs;

// {deadline_on, remind_on, escalate_on}: the days that follow from a new deadline by the calendar in force, which
// itself is too bulky for an event. Null when there is no deadline.
struct Schedule {
    static constexpr std::string_view key = "schedule";
};
struct ScheduleOfIssue : Schedule { // from the date of the draft, or the one that was entered
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
struct ScheduleOfExtension : Schedule { // from the date that was asked for
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
struct ScheduleOfReopening : Schedule { // from the date that was entered
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
struct YellowWhilePending {
    static constexpr std::string_view key = "yellow_while_pending";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};

// Whether the responsible person may carry it out; null when nobody is named.
struct ResponsibleFits {
    static constexpr std::string_view key = "responsible_fits";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
// Whether the person who issued it still acts for the village.
struct IssuerActs {
    static constexpr std::string_view key = "issuer_acts";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
struct ExtensionsMax : RuleInForce<ExtensionsMax> {
    static constexpr std::string_view key = "extensions_max";
};
// The state of the village's case; null when there is none.
struct VillageState {
    static constexpr std::string_view key = "village_state";
    static Json gather(const Ask& ask, Knowledge& knowledge);
};

// The recipients of a notice: relations of the prescription, or roles at the village.
struct Recipients {
    static constexpr std::string_view key = "recipients";
};
struct RecipientsBeforeDeadline : Recipients {
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
struct RecipientsAtDeadline : Recipients {
    static Json gather(const Ask& ask, Knowledge& knowledge);
};
struct RecipientsAfterDeadline : Recipients {
    static Json gather(const Ask& ask, Knowledge& knowledge);
};

} // namespace cunmai::workflows::prescription
