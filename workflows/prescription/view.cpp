#include "workflows/prescription/view.hpp"

#include "workflows/common/tasks.hpp"
#include "workflows/prescription/commands.hpp"
#include "workflows/prescription/facts.hpp"
#include "workflows/prescription/relations.hpp"
#include "workflows/prescription/states.hpp"
#include "workflows/roles.hpp"

namespace cunmai::workflows::prescription {

using namespace engine;

namespace {

// The person who issued the prescription; for a draft, the person who drafted it.
std::string issuer_of(const Json& facts) {
    const auto issuer = text_of(facts, "issuer");
    return issuer.empty() ? text_of(facts, "drafted_by") : issuer;
}

template <class Command>
void add_timer(std::vector<Timer>& timers, const Json& facts, const char* done, const char* date, int days_later = 0) {
    const auto on = parse_date(text_of(facts, date));
    if (on && part(facts, done) != true)
        timers.push_back(timer<Command>(start_of_day(engine::add_days(*on, days_later))));
}

} // namespace

std::vector<Task> tasks_of(const CaseView& view) {
    const auto& facts = view.facts;
    const auto due_on = text_of(facts, "deadline_on");
    const auto responsible = text_of(facts, "responsible_person");
    if (view.state == Drafted::key) return {task<Issue, TownSupervisor>(due_on)};
    if (view.state == Issued::key) return {task_of<Accept>(responsible, due_on)};
    if (view.state == InProgress::key) {
        std::vector<Task> tasks{task_of<SubmitForCheck>(responsible, due_on)};
        if (facts.contains("extension")) tasks.push_back(task_of<GrantExtension>(issuer_of(facts), due_on));
        return tasks;
    }
    if (view.state == AwaitingCheck::key)
        return {task<AcceptResult, TownSupervisor>(due_on),
                task<AcceptResult, VillageCoordinator>(due_on, coordinator_kind_for(text_of(facts, "category")))};
    return {};
}

std::vector<Timer> timers_of(const CaseView& view) {
    std::vector<Timer> timers;
    if (!is_in<Issued, InProgress, AwaitingCheck>(view.state)) return timers;
    add_timer<Remind>(timers, view.facts, "reminded", "remind_on");
    add_timer<FallOverdue>(timers, view.facts, "overdue", "deadline_on", 1); // when the day of the deadline is over
    add_timer<Escalate>(timers, view.facts, "escalated", "escalate_on");
    return timers;
}

Summary summary_of(const CaseView& view) {
    const auto& facts = view.facts;
    return {title_in(facts), text_of(facts, "category"), text_of(facts, "deadline_on"), text_of(facts, "colour")};
}

std::vector<Involvement> involved_in(const CaseView& view) {
    std::vector<Involvement> people;
    if (const auto person = text_of(view.facts, "responsible_person"); !person.empty())
        people.push_back({{person}, std::string(ResponsiblePerson::key)});
    if (const auto person = issuer_of(view.facts); !person.empty())
        people.push_back({{person}, std::string(Issuer::key)});
    return people;
}

Json relations_of(const CaseView& view) {
    auto relations = Json::object();
    for (const auto& involvement : involved_in(view)) relations[involvement.as] = Json::array({involvement.person});
    return relations;
}

} // namespace cunmai::workflows::prescription
