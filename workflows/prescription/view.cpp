#include "workflows/prescription/view.hpp"

#include "workflows/prescription/facts.hpp"
#include "workflows/roles.hpp"

namespace cunmai::workflows::prescription {

using namespace engine;

namespace {

// The person who issued the prescription; for a draft, the person who drafted it.
std::string issuer_of(const Json& facts) {
    const auto issuer = text_of(facts, "issuer");
    return issuer.empty() ? text_of(facts, "drafted_by") : issuer;
}

void add_timer(std::vector<Timer>& timers, const Json& facts, const char* done, const char* date, int days_later,
               const char* command) {
    const auto on = parse_date(text_of(facts, date));
    if (on && part(facts, done) != true)
        timers.push_back({command, start_of_day(engine::add_days(*on, days_later)), command});
}

} // namespace

std::vector<Task> tasks_of(const CaseView& view) {
    const auto& facts = view.facts;
    const auto due_on = text_of(facts, "deadline_on");
    const PersonId responsible{text_of(facts, "responsible_person")};
    if (view.state == "drafted") return {{"issue", "town_supervisor", "", {}, due_on}};
    if (view.state == "issued") return {{"accept", "", "", responsible, due_on}};
    if (view.state == "in_progress") {
        std::vector<Task> tasks{{"submit_for_check", "", "", responsible, due_on}};
        if (facts.contains("extension")) tasks.push_back({"grant_extension", "", "", {issuer_of(facts)}, due_on});
        return tasks;
    }
    if (view.state == "awaiting_check")
        return {{"accept_result", "town_supervisor", "", {}, due_on},
                {"accept_result", "village_coordinator", coordinator_kind_for(text_of(facts, "category")), {}, due_on}};
    return {};
}

std::vector<Timer> timers_of(const CaseView& view) {
    std::vector<Timer> timers;
    const bool running = view.state == "issued" || view.state == "in_progress" || view.state == "awaiting_check";
    if (!running) return timers;
    add_timer(timers, view.facts, "reminded", "remind_on", 0, "remind");
    add_timer(timers, view.facts, "overdue", "deadline_on", 1, "fall_overdue"); // when the day of the deadline is over
    add_timer(timers, view.facts, "escalated", "escalate_on", 0, "escalate");
    return timers;
}

Summary summary_of(const CaseView& view) {
    const auto& facts = view.facts;
    return {title_in(facts), text_of(facts, "category"), text_of(facts, "deadline_on"), text_of(facts, "colour")};
}

std::vector<Involvement> involved_in(const CaseView& view) {
    std::vector<Involvement> people;
    if (const auto person = text_of(view.facts, "responsible_person"); !person.empty())
        people.push_back({{person}, "responsible_person"});
    if (const auto person = issuer_of(view.facts); !person.empty()) people.push_back({{person}, "issuer"});
    return people;
}

Json relations_of(const CaseView& view) {
    auto relations = Json::object();
    for (const auto& involvement : involved_in(view)) relations[involvement.as] = Json::array({involvement.person});
    return relations;
}

} // namespace cunmai::workflows::prescription
