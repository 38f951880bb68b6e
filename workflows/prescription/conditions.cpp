#include "workflows/prescription/conditions.hpp"

#include "workflows/common/conditions.hpp"
#include "workflows/common/tasks.hpp"
#include "workflows/prescription/facts.hpp"
#include "workflows/prescription/relations.hpp"
#include "workflows/village_lifecycle/states.hpp"

#include <algorithm>

namespace cunmai::workflows::prescription {

namespace {

bool is_set(const Json& facts, const char* flag) { return part(facts, flag) == true; }

bool names(const Json& people, const std::string& person) {
    return people == person || (people.is_array() && std::find(people.begin(), people.end(), person) != people.end());
}

} // namespace

bool IssueIsComplete::holds(const Ask& ask, Refusal& why) {
    const auto whole = merged_with(ask.facts, ask.payload);
    for (const auto* field : {"problem", "task", "responsible_person", "deadline_on", "acceptance_criterion"})
        if (text_of(whole, field).empty()) why.add_for(field, "missing", {{"field", field}});
    const auto deadline_on = text_of(whole, "deadline_on");
    if (!deadline_on.empty() && deadline_on <= ask.today())
        why.add_for("deadline_on", "deadline_not_ahead", {{"today", ask.today()}});
    return why.empty();
}

bool ResponsiblePersonFits::holds(const Ask& ask, Refusal& why) {
    if (needs::get<ResponsibleFits>(ask) == false) why.add_for("responsible_person", "responsible_person_not_here");
    return why.empty();
}

bool ReporterFits::holds(const Ask& ask, Refusal& why) {
    return ask.has_relation(ResponsiblePerson::key) || CoordinatorFits::holds(ask, why);
}

bool IssuerDecides::holds(const Ask& ask, Refusal& why) {
    const bool can = needs::get<IssuerActs>(ask) == true &&
                     !names(part(part(ask.facts, "extension"), "asked_by"), text_of(ask.facts, "issuer"));
    if (can && !ask.has_relation(Issuer::key)) why.add("issuer_decides");
    return why.empty();
}

bool NoExtensionPending::holds(const Ask& ask, Refusal& why) {
    if (ask.facts.contains("extension"))
        why.add("extension_pending", {{"until_on", text_of(ask.facts.at("extension"), "until_on")}});
    return why.empty();
}

bool ExtensionsAreLeft::holds(const Ask& ask, Refusal& why) {
    const int granted = ask.facts.value("extensions_granted", 0);
    const int most = needs::get<ExtensionsMax>(ask).get<int>();
    if (granted >= most) why.add("extensions_used_up", {{"granted", granted}, {"max", most}});
    return why.empty();
}

bool ExtensionIsLater::holds(const Ask& ask, Refusal& why) {
    const auto deadline_on = text_of(ask.facts, "deadline_on");
    if (ask.given("until_on") <= deadline_on || ask.given("until_on") <= ask.today())
        why.add_for("until_on", "extension_not_later", {{"deadline_on", deadline_on}, {"today", ask.today()}});
    return why.empty();
}

bool PendingDateIsLater::holds(const Ask& ask, Refusal& why) {
    const auto until_on = text_of(part(ask.facts, "extension"), "until_on");
    if (!until_on.empty() && until_on <= ask.today())
        why.add("extension_date_passed", {{"until_on", until_on}, {"today", ask.today()}});
    return why.empty();
}

bool ExtensionIsPending::holds(const Ask& ask, Refusal& why) {
    if (!ask.facts.contains("extension")) why.add("no_extension_asked");
    return why.empty();
}

bool NotWhoAsked::holds(const Ask& ask, Refusal& why) {
    if (ask.is_one_of(part(part(ask.facts, "extension"), "asked_by"))) why.add("own_extension");
    return why.empty();
}

bool NotTheDoer::holds(const Ask& ask, Refusal& why) {
    if (ask.is_one_of(part(ask.facts, "responsible_person")) || ask.is_one_of(part(ask.facts, "doers")))
        why.add("own_result");
    return why.empty();
}

bool DeadlineIsAhead::holds(const Ask& ask, Refusal& why) {
    if (ask.given("deadline_on") <= ask.today())
        why.add_for("deadline_on", "deadline_not_ahead", {{"today", ask.today()}});
    return why.empty();
}

bool VillageCaseIsOpen::holds(const Ask& ask, Refusal& why) {
    const auto& state = needs::get<VillageState>(ask);
    if (state.is_null() || is_in<village::Graduated, village::NotListed, village::Terminated>(state.get<std::string>()))
        why.add("village_case_final");
    return why.empty();
}

bool ReminderIsDue::holds(const Ask& ask, Refusal& why) {
    if (is_set(ask.facts, "reminded") || ask.today() < text_of(ask.facts, "remind_on")) why.add("timer_not_due");
    return why.empty();
}

bool IsOverdue::holds(const Ask& ask, Refusal& why) {
    if (is_set(ask.facts, "overdue") || ask.today() <= text_of(ask.facts, "deadline_on")) why.add("timer_not_due");
    return why.empty();
}

bool EscalationIsDue::holds(const Ask& ask, Refusal& why) {
    if (is_set(ask.facts, "escalated") || ask.today() < text_of(ask.facts, "escalate_on")) why.add("timer_not_due");
    return why.empty();
}

} // namespace cunmai::workflows::prescription
