#include "workflows/prescription/needs.hpp"

#include "workflows/common/needs.hpp"
#include "workflows/evaluation/calendar.hpp"
#include "workflows/prescription/facts.hpp"

namespace cunmai::workflows::prescription {

using namespace engine;

namespace {

Json schedule(Knowledge& knowledge, const std::string& deadline) {
    const auto date = parse_date(deadline);
    if (!date) return {};
    const auto days =
        required_rule(knowledge, "prescription_days") == "working" ? calendar::Days::working : calendar::Days::calendar;
    const auto holidays = days == calendar::Days::working ? required_rule(knowledge, "calendar") : Json();
    const auto on = calendar::effective(holidays, days, *date);
    const int before = required_rule(knowledge, "prescription_warning_days").get<int>();
    const int after = required_rule(knowledge, "prescription_escalation_days").get<int>();
    return {{"deadline_on", to_text(on)},
            {"remind_on", to_text(calendar::add_days(holidays, days, on, -before))},
            {"escalate_on", to_text(calendar::add_days(holidays, days, on, after))}};
}

Json recipients(Knowledge& knowledge, const char* moment) {
    return required_rule(knowledge, "prescription_reminders").value(moment, Json::array());
}

} // namespace

Json ScheduleOfIssue::gather(const Ask& ask, Knowledge& knowledge) {
    return schedule(knowledge, text_of(merged_with(ask.facts, ask.payload), "deadline_on"));
}

Json ScheduleOfExtension::gather(const Ask& ask, Knowledge& knowledge) {
    return schedule(knowledge, text_of(part(ask.facts, "extension"), "until_on"));
}

Json ScheduleOfReopening::gather(const Ask& ask, Knowledge& knowledge) {
    return schedule(knowledge, ask.given("deadline_on"));
}

Json YellowWhilePending::gather(const Ask&, Knowledge& knowledge) {
    return required_rule(knowledge, "prescription_yellow_while_extension_pending");
}

Json ResponsibleFits::gather(const Ask& ask, Knowledge& knowledge) {
    const auto person = text_of(merged_with(ask.facts, ask.payload), "responsible_person");
    return person.empty() ? Json() : Json(acts_at(knowledge, person, ask.place.path));
}

Json IssuerActs::gather(const Ask& ask, Knowledge& knowledge) {
    return acts_at(knowledge, text_of(ask.facts, "issuer"), ask.place.path);
}

Json VillageState::gather(const Ask& ask, Knowledge& knowledge) {
    const auto village = knowledge.linked_case(CaseId{text_of(ask.facts, "parent")});
    return village ? Json(village->state) : Json();
}

Json RecipientsBeforeDeadline::gather(const Ask&, Knowledge& knowledge) {
    return recipients(knowledge, "before_deadline");
}
Json RecipientsAtDeadline::gather(const Ask&, Knowledge& knowledge) { return recipients(knowledge, "at_deadline"); }
Json RecipientsAfterDeadline::gather(const Ask&, Knowledge& knowledge) {
    return recipients(knowledge, "after_deadline");
}

} // namespace cunmai::workflows::prescription
