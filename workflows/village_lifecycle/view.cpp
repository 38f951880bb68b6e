// Who is expected to act on a village's case, the timers it keeps, and what lists show of it.
#include "workflows/village_lifecycle/view.hpp"

#include "workflows/roles.hpp"
#include "workflows/village_lifecycle/facts.hpp"

#include <algorithm>
#include <map>

namespace cunmai::workflows::village {

using namespace engine;

namespace {

std::string text_of(const Json& facts, std::string_view key) {
    const auto& value = part(facts, key);
    return value.is_string() ? value.get<std::string>() : "";
}

std::string due(const Json& facts, std::string_view step) { return text_of(part(facts, "due"), step); }

Task by_role(std::string command, std::string role, std::string due_on = {}, std::string qualifier = {}) {
    return {std::move(command), std::move(role), std::move(qualifier), {}, std::move(due_on)};
}

Task by_person(std::string command, std::string person) {
    return {std::move(command), "", "", {std::move(person)}, ""};
}

std::vector<Task> review_tasks(const Json& facts) {
    const auto due_on = due(facts, "review_due_on");
    const auto& required = part(facts, "required");
    std::vector<Task> tasks;
    for (const auto& department : unsigned_departments(facts, part(required, "departments")))
        tasks.push_back(by_role("sign_opinion", "department_reviewer", due_on, department));
    const auto visit = [&](const char* kind, const char* command) {
        const auto& needed = part(required, kind);
        if (needed.is_number() && visits(facts, kind) < needed.get<int>())
            tasks.push_back(by_role(command, "department_reviewer", due_on));
    };
    visit("interviews", "record_interview");
    visit("courtyard_meetings", "record_courtyard_meeting");
    if (tasks.empty() && facts.contains("deferred_on"))
        tasks.push_back(by_role("record_interview", "department_reviewer", due_on)); // stands for anything new
    if (tasks.empty()) tasks.push_back(by_role("endorse", "panel_leader", due_on));
    return tasks;
}

std::vector<Task> ballot_tasks(const Json& facts, const std::string& due_on) {
    if (!has_open_ballot(facts)) return {by_role("open_ballot", "committee_secretary", due_on)};
    const auto& ballot = facts.at("ballot");
    std::vector<Task> tasks{by_role("close_ballot", "committee_secretary", due_on)};
    for (const auto& person : awaited_votes(ballot)) tasks.push_back(by_person("cast_vote", person));
    return tasks;
}

std::vector<Task> management_tasks(const Json& facts) {
    std::vector<Task> tasks;
    if (!unfilled_posts(facts).empty()) tasks.push_back(by_role("assign", "panel_leader"));
    if (!part(facts, "plan").is_object()) tasks.push_back(by_role("adopt_plan", "town_supervisor"));
    if (!tasks.empty()) return tasks;
    if (part(facts, "prescriptions").empty()) {
        tasks.push_back(by_role("issue_prescription", "town_supervisor"));
    } else if (open_prescriptions(facts).empty()) {
        const bool all_treated = red_warnings(facts).empty();
        tasks.push_back(by_role(all_treated ? "request_exit" : "issue_prescription", "town_supervisor"));
    }
    return tasks;
}

std::vector<Task> exit_tasks(const Json& facts) {
    static const std::map<std::string, Task> evaluators{
        {"self", by_role("record_self_evaluation", "village_officer")},
        {"public", by_role("record_public_evaluation", "town_officer")},
        {"town", by_role("record_town_assessment", "town_officer")},
        {"district", by_role("record_district_assessment", "department_reviewer")}};
    std::vector<Task> tasks;
    for (const auto& evaluation : missing_evaluations(facts)) tasks.push_back(evaluators.at(evaluation));
    for (const auto& post : missing_exit_opinions(facts))
        tasks.push_back(by_person("record_" + post + "_opinion", text_of(part(facts, "posts"), post)));
    if (facts.contains("deferred_on")) tasks.push_back(by_role("record_district_assessment", "department_reviewer"));
    if (tasks.empty()) tasks.push_back(by_role("endorse_exit", "panel_leader"));
    return tasks;
}

std::vector<Task> follow_up_tasks(const Json& facts) {
    const auto until = text_of(facts, "follow_up_until");
    std::vector<Task> tasks;
    if (!look_back_holds(facts, "town")) tasks.push_back(by_role("record_look_back", "town_officer", until));
    if (!look_back_holds(facts, "district")) tasks.push_back(by_role("record_look_back", "department_reviewer", until));
    if (facts.contains("completion_proposed")) tasks.push_back(by_role("complete_follow_up", "panel_leader", until));
    return tasks;
}

// The nearest deadline of the open prescriptions.
std::string next_deadline(const Json& facts) {
    std::string next;
    for (const auto& id : open_prescriptions(facts)) {
        const auto due_on = text_of(facts.at("prescriptions").at(id), "due_on");
        if (!due_on.empty() && (next.empty() || due_on < next)) next = due_on;
    }
    return next;
}

std::string due_on(const CaseView& view) {
    if (view.state == "self_check") return due(view.facts, "self_check_due_on");
    if (view.state == "town_screening") return due(view.facts, "screening_due_on");
    if (view.state == "department_review") return due(view.facts, "review_due_on");
    if (view.state == "committee_approval") return due(view.facts, "committee_due_on");
    if (view.state == "managed") return next_deadline(view.facts);
    if (view.state == "follow_up") return text_of(view.facts, "follow_up_until");
    return "";
}

bool is_under_management(std::string_view state) {
    return state == "managed" || state == "exit_review" || state == "exit_approval" || state == "follow_up";
}

} // namespace

std::vector<Task> tasks_of(const CaseView& view) {
    const auto& facts = view.facts;
    if (view.state == "self_check")
        return {by_role("submit_self_check", "village_officer", due(facts, "self_check_due_on"))};
    if (view.state == "town_screening") return {by_role("nominate", "town_supervisor", due(facts, "screening_due_on"))};
    if (view.state == "department_review") return review_tasks(facts);
    if (view.state == "committee_approval") return ballot_tasks(facts, due(facts, "committee_due_on"));
    if (view.state == "exit_approval") return ballot_tasks(facts, "");
    if (view.state == "managed") return management_tasks(facts);
    if (view.state == "exit_review") return exit_tasks(facts);
    if (view.state == "follow_up") return follow_up_tasks(facts);
    return {};
}

std::vector<Timer> timers_of(const CaseView& view) {
    if (view.state != "follow_up" || view.facts.contains("completion_proposed")) return {};
    const auto until = parse_date(text_of(view.facts, "follow_up_until"));
    if (!until) return {};
    return {{"completion", start_of_day(*until), "propose_completion"}};
}

Summary summary_of(const CaseView& view) {
    Summary summary{view.place.name, text_of(view.facts, "category"), due_on(view), ""};
    if (is_under_management(view.state)) {
        summary.colour = worst_colour(view.facts);
        if (summary.colour.empty()) summary.colour = "green";
    }
    return summary;
}

std::vector<Involvement> involved_in(const CaseView& view) {
    std::vector<Involvement> people;
    for (const auto* post : posts)
        if (const auto person = text_of(part(view.facts, "posts"), post); !person.empty())
            people.push_back({{person}, post});
    return people;
}

} // namespace cunmai::workflows::village
