// Who is expected to act on a village's case, the timers it keeps, and what lists show of it.
#include "workflows/village_lifecycle/view.hpp"

#include "engine/ballot.hpp"
#include "workflows/common/tasks.hpp"
#include "workflows/roles.hpp"
#include "workflows/village_lifecycle/commands.hpp"
#include "workflows/village_lifecycle/facts.hpp"
#include "workflows/village_lifecycle/states.hpp"

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

std::vector<Task> review_tasks(const Json& facts) {
    const auto due_on = due(facts, "review_due_on");
    const auto& required = part(facts, "required");
    std::vector<Task> tasks;
    for (const auto& department : unsigned_departments(facts, part(required, "departments")))
        tasks.push_back(task<SignOpinion, DepartmentReviewer>(due_on, department));
    const auto is_missing = [&](const char* kind) {
        const auto& needed = part(required, kind);
        return needed.is_number() && visits(facts, kind) < needed.get<int>();
    };
    if (is_missing("interviews")) tasks.push_back(task<RecordInterview, DepartmentReviewer>(due_on));
    if (is_missing("courtyard_meetings")) tasks.push_back(task<RecordCourtyardMeeting, DepartmentReviewer>(due_on));
    if (tasks.empty() && facts.contains("deferred_on"))
        tasks.push_back(task<RecordInterview, DepartmentReviewer>(due_on)); // or anything else that is new
    if (tasks.empty()) tasks.push_back(task<Endorse, PanelLeader>(due_on));
    return tasks;
}

std::vector<Task> ballot_tasks(const Json& facts, const std::string& due_on) {
    if (!has_open_ballot(facts)) return {task<OpenBallot, CommitteeSecretary>(due_on)};
    const auto& ballot = facts.at("ballot");
    std::vector<Task> tasks{task<CloseBallot, CommitteeSecretary>(due_on)};
    for (const auto& person : awaited_votes(ballot)) tasks.push_back(task_of<CastVote>(person));
    return tasks;
}

std::vector<Task> management_tasks(const Json& facts) {
    std::vector<Task> tasks;
    if (!unfilled_posts(facts).empty()) tasks.push_back(task<Assign, PanelLeader>());
    if (!part(facts, "plan").is_object()) tasks.push_back(task<AdoptPlan, TownSupervisor>());
    if (!tasks.empty()) return tasks;
    if (part(facts, "prescriptions").empty()) {
        tasks.push_back(task<IssuePrescription, TownSupervisor>());
    } else if (open_prescriptions(facts).empty()) {
        const bool all_treated = red_warnings(facts).empty();
        tasks.push_back(all_treated ? task<RequestExit, TownSupervisor>() : task<IssuePrescription, TownSupervisor>());
    }
    return tasks;
}

std::vector<Task> exit_tasks(const Json& facts) {
    static const std::map<std::string, Task> evaluators{
        {"self", task<RecordSelfEvaluation, VillageOfficer>()},
        {"public", task<RecordPublicEvaluation, TownOfficer>()},
        {"town", task<RecordTownAssessment, TownOfficer>()},
        {"district", task<RecordDistrictAssessment, DepartmentReviewer>()}};
    std::vector<Task> tasks;
    for (const auto& evaluation : missing_evaluations(facts)) tasks.push_back(evaluators.at(evaluation));
    for (const auto& post : missing_exit_opinions(facts))
        tasks.push_back(post == "commander" ? task_of<RecordCommanderOpinion>(text_of(part(facts, "posts"), post))
                                            : task_of<RecordCoordinatorOpinion>(text_of(part(facts, "posts"), post)));
    if (facts.contains("deferred_on")) tasks.push_back(task<RecordDistrictAssessment, DepartmentReviewer>());
    if (tasks.empty()) tasks.push_back(task<EndorseExit, PanelLeader>());
    return tasks;
}

std::vector<Task> follow_up_tasks(const Json& facts) {
    const auto until = text_of(facts, "follow_up_until");
    std::vector<Task> tasks;
    if (!look_back_holds(facts, "town")) tasks.push_back(task<RecordLookBack, TownOfficer>(until));
    if (!look_back_holds(facts, "district")) tasks.push_back(task<RecordLookBack, DepartmentReviewer>(until));
    if (facts.contains("completion_proposed")) tasks.push_back(task<CompleteFollowUp, PanelLeader>(until));
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
    if (view.state == SelfCheck::key) return due(view.facts, "self_check_due_on");
    if (view.state == TownScreening::key) return due(view.facts, "screening_due_on");
    if (view.state == DepartmentReview::key) return due(view.facts, "review_due_on");
    if (view.state == CommitteeApproval::key) return due(view.facts, "committee_due_on");
    if (view.state == Managed::key) return next_deadline(view.facts);
    if (view.state == FollowUp::key) return text_of(view.facts, "follow_up_until");
    return "";
}

bool is_under_management(std::string_view state) { return is_in<Managed, ExitReview, ExitApproval, FollowUp>(state); }

} // namespace

std::vector<Task> tasks_of(const CaseView& view) {
    const auto& facts = view.facts;
    if (view.state == SelfCheck::key) return {task<SubmitSelfCheck, VillageOfficer>(due(facts, "self_check_due_on"))};
    if (view.state == TownScreening::key) return {task<Nominate, TownSupervisor>(due(facts, "screening_due_on"))};
    if (view.state == DepartmentReview::key) return review_tasks(facts);
    if (view.state == CommitteeApproval::key) return ballot_tasks(facts, due(facts, "committee_due_on"));
    if (view.state == ExitApproval::key) return ballot_tasks(facts, "");
    if (view.state == Managed::key) return management_tasks(facts);
    if (view.state == ExitReview::key) return exit_tasks(facts);
    if (view.state == FollowUp::key) return follow_up_tasks(facts);
    return {};
}

std::vector<Timer> timers_of(const CaseView& view) {
    if (view.state != FollowUp::key || view.facts.contains("completion_proposed")) return {};
    const auto until = parse_date(text_of(view.facts, "follow_up_until"));
    if (!until) return {};
    return {{"completion", start_of_day(*until), std::string(ProposeCompletion::key)}};
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

std::optional<Seal> seal_of(const Ask& ask) {
    const auto& ballot = part(ask.facts, "ballot");
    if (ask.command != CastVote::key || !ballot.is_object() || !ballot::is_secret(ballot)) return {};
    return Seal{ballot::box_of(ballot), "choice"};
}

std::optional<std::string> box_opened_by(const Ask& ask) {
    const auto& ballot = part(ask.facts, "ballot");
    if (ask.command != CloseBallot::key || !ballot.is_object() || !ballot::is_secret(ballot)) return {};
    return ballot::box_of(ballot);
}

} // namespace cunmai::workflows::village
