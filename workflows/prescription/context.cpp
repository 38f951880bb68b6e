// What a command on a prescription needs from outside: the days of a new deadline, the rules, the village's case.
#include "workflows/common/context.hpp"
#include "workflows/common/rules.hpp"
#include "workflows/evaluation/calendar.hpp"
#include "workflows/prescription/facts.hpp"
#include "workflows/prescription/view.hpp"

namespace cunmai::workflows::prescription {

using namespace engine;

namespace {

// The calendar is bulky: only the days that follow from it stand in the event.
void add_schedule(Knowledge& knowledge, const std::string& deadline, Json& context) {
    const auto date = parse_date(deadline);
    if (!date) return;
    const auto days =
        required_rule(knowledge, "prescription_days") == "working" ? calendar::Days::working : calendar::Days::calendar;
    const auto holidays = days == calendar::Days::working ? required_rule(knowledge, "calendar") : Json();
    const auto on = calendar::effective(holidays, days, *date);
    const int before = required_rule(knowledge, "prescription_warning_days").get<int>();
    const int after = required_rule(knowledge, "prescription_escalation_days").get<int>();
    context["schedule"] = {{"deadline_on", to_text(on)},
                           {"remind_on", to_text(calendar::add_days(holidays, days, on, -before))},
                           {"escalate_on", to_text(calendar::add_days(holidays, days, on, after))}};
    context["yellow_while_pending"] = required_rule(knowledge, "prescription_yellow_while_extension_pending");
}

std::string moment_of(std::string_view command) {
    return command == "remind" ? "before_deadline" : command == "fall_overdue" ? "at_deadline" : "after_deadline";
}

} // namespace

Json gather(const DefinitionInfo& info, const Ask& ask, Knowledge& knowledge) {
    auto context = Json::object();
    if (auto missing = missing_documents(info, ask, knowledge); !missing.empty())
        context["documents_missing"] = std::move(missing);

    if (ask.command == "issue") {
        const auto whole = merged_with(ask.facts, ask.payload);
        add_schedule(knowledge, text_of(whole, "deadline_on"), context);
        if (const auto person = text_of(whole, "responsible_person"); !person.empty())
            context["responsible_fits"] = acts_at(knowledge, person, ask.place.path);
    } else if (ask.command == "request_extension") {
        context["extensions_max"] = required_rule(knowledge, "extensions_max");
    } else if (ask.command == "grant_extension" || ask.command == "refuse_extension") {
        context["issuer_acts"] = acts_at(knowledge, text_of(ask.facts, "issuer"), ask.place.path);
        if (ask.command == "grant_extension")
            add_schedule(knowledge, text_of(part(ask.facts, "extension"), "until_on"), context);
    } else if (ask.command == "reopen") {
        add_schedule(knowledge, ask.given("deadline_on"), context);
        if (const auto village = knowledge.linked_case(CaseId{text_of(ask.facts, "parent")}))
            context["village_state"] = village->state;
    } else if (ask.command == "remind" || ask.command == "fall_overdue" || ask.command == "escalate") {
        context["recipients"] =
            required_rule(knowledge, "prescription_reminders").value(moment_of(ask.command), Json::array());
    }
    return context;
}

} // namespace cunmai::workflows::prescription
