// Commands of a prescription and what each carries.
#pragma once

#include "engine/table.hpp"
#include "workflows/common/fields.hpp"

namespace cunmai::workflows::prescription {

using engine::Command;
using engine::Field;
using engine::Fields;
using engine::FieldType;
using engine::InternalCommand;

// Given by the village's case when somebody issues a prescription there.
struct Draft : InternalCommand {
    static constexpr std::string_view key = "draft";
    static Fields fields() {
        auto fields = prescription_fields();
        fields.push_back(Field::of(FieldType::person, "drafted_by").optional());
        fields.push_back(Field::of(FieldType::integer, "number"));
        fields.push_back(Field::line("category").optional());
        fields.push_back(Field::choices_of("secondary_categories", categories()).optional());
        return fields;
    }
};
// Completes the draft: what is entered replaces what the draft says.
struct Issue : Command {
    static constexpr std::string_view key = "issue";
    static Fields fields() {
        auto fields = prescription_fields();
        for (auto& field : fields) field.required = false;
        return fields;
    }
};
struct Accept : Command {
    static constexpr std::string_view key = "accept";
};
struct DeclineResponsibility : Command {
    static constexpr std::string_view key = "decline_responsibility";
    static Fields fields() { return {reason()}; }
};
struct ReportProgress : Command {
    static constexpr std::string_view key = "report_progress";
    static Fields fields() {
        return {Field::number("percent", FieldType::integer, 0, 100), Field::text("text"), evidence().optional()};
    }
};
struct RequestExtension : Command {
    static constexpr std::string_view key = "request_extension";
    static Fields fields() { return {Field::date("until_on"), short_text("reason", 1000)}; }
};
struct GrantExtension : Command {
    static constexpr std::string_view key = "grant_extension";
    static Fields fields() { return {Field::text("text").optional()}; }
};
struct RefuseExtension : Command {
    static constexpr std::string_view key = "refuse_extension";
    static Fields fields() { return {reason()}; }
};
struct SubmitForCheck : Command {
    static constexpr std::string_view key = "submit_for_check";
    static Fields fields() { return {evidence(), Field::text("text").optional()}; }
};
struct AcceptResult : Command {
    static constexpr std::string_view key = "accept_result";
    static Fields fields() { return {Field::text("text").optional()}; }
};
struct RejectResult : Command {
    static constexpr std::string_view key = "reject_result";
    static Fields fields() { return {short_text("missing", 1000)}; }
};
struct Reopen : Command {
    static constexpr std::string_view key = "reopen";
    static Fields fields() { return {Field::date("deadline_on"), reason()}; }
};
struct Cancel : Command {
    static constexpr std::string_view key = "cancel";
    static Fields fields() { return {reason()}; }
};

struct Withdraw : InternalCommand {
    static constexpr std::string_view key = "withdraw";
}; // the village's case ended
struct Remind : InternalCommand {
    static constexpr std::string_view key = "remind";
};
struct FallOverdue : InternalCommand {
    static constexpr std::string_view key = "fall_overdue";
};
struct Escalate : InternalCommand {
    static constexpr std::string_view key = "escalate";
};

} // namespace cunmai::workflows::prescription
