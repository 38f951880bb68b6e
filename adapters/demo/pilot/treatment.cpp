// Management: plan, posts and prescriptions, and the life of each prescription until it is closed or cancelled.
#include "adapters/demo/pilot/acts.hpp"

#include <algorithm>

namespace cunmai::pilot {

namespace {

constexpr int start_day = 48, acceptance_day = 50, progress_day = 60, yellow_day = 72, check_day = 74, red_day = 90,
              reopened_deadline_day = 115;
constexpr int deadline_day = 78, extended_deadline_day = 100, relapse_days = 30;
constexpr double funds = 300'000;
constexpr int cycle_days = 30;

Json plan(Stage& stage, const Tale& tale, double committed, int days) {
    return {{"programme", stage.story.programme(tale.category)},
            {"measures", stage.text("measures")},
            {"funds_committed", committed},
            {"monitoring_cycle_days", days}};
}

void fill_posts(ApiClient& client, Stage& stage, const Tale& tale) {
    const auto& story = stage.story;
    client.give(story.panel_of(tale.town), stage.case_of(tale), "assign",
                {{"commander", client.person(story.commander(tale.town))},
                 {"supervisor", client.person(story.supervisor(tale.town))},
                 {"coordinator", client.person(story.coordinator(tale.category))}});
}

// What must not be done to plan and posts, under management and in follow-up alike.
void try_to_weaken(ApiClient& client, Stage& stage, const Tale& tale, const std::string& when) {
    const auto supervisor = stage.story.supervisor(tale.town);
    const auto& id = stage.case_of(tale);
    stage.checks.refused("post_emptied_" + when,
                         client.attempt(supervisor, id, "replace_assignee", {{"post", "coordinator"}}), 422,
                         "post_would_be_empty");
    stage.checks.refused("funds_lowered_" + when,
                         client.attempt(supervisor, id, "adopt_plan", plan(stage, tale, funds - 1, cycle_days)), 422,
                         "funds_lowered");
    stage.checks.refused("monitoring_lengthened_" + when,
                         client.attempt(supervisor, id, "adopt_plan", plan(stage, tale, funds, cycle_days + 1)), 422,
                         "monitoring_lengthened");
}

std::string prescribe(ApiClient& client, Stage& stage, const Tale& tale, const Json& treatment,
                      const std::string& responsible, int deadline) {
    const auto supervisor = stage.story.supervisor(tale.town);
    auto payload = treatment;
    payload["responsible_person"] = client.person(responsible);
    payload["deadline_on"] = stage.date(deadline);
    payload["funds_requested"] = 20'000;
    const auto drafted = client.give(supervisor, stage.case_of(tale), "issue_prescription", payload);
    client.give(supervisor, drafted.created, "issue");
    return drafted.created;
}

void start_one(ApiClient& client, Stage& stage, const Tale& tale, std::vector<Prescription>& prescriptions) {
    const auto supervisor = stage.story.supervisor(tale.town), officer = stage.story.village_officer(tale.village);
    const auto& treatments = stage.story.treatments(tale.category);
    if (tale.has("empty_post"))
        stage.checks.refused("prescription_without_plan",
                             client.attempt(supervisor, stage.case_of(tale), "issue_prescription", treatments.front()),
                             422, "plan_missing");
    client.give(supervisor, stage.case_of(tale), "adopt_plan", plan(stage, tale, funds, cycle_days));
    fill_posts(client, stage, tale);
    if (tale.has("empty_post")) {
        try_to_weaken(client, stage, tale, "managed");
        client.give(supervisor, stage.case_of(tale), "replace_assignee",
                    {{"post", "coordinator"}, {"person", client.person(stage.story.other_coordinator(tale.category))}});
    }
    std::size_t number = 0;
    for (const auto& treatment : treatments) {
        const bool by_supervisor =
            tale.has("result_rejected") && number == 1; // to see that nobody checks their own result
        const auto responsible = by_supervisor ? supervisor : officer;
        prescriptions.push_back(
            {prescribe(client, stage, tale, treatment, responsible, deadline_day), &tale, number++, responsible});
    }
    if (tale.has("one_cancelled"))
        prescriptions.push_back(
            {prescribe(client, stage, tale, treatments.front(), officer, deadline_day), &tale, number, officer});
}

void accept(ApiClient& client, Stage& stage, Prescription& one) {
    if (one.is("responsibility_declined")) {
        const auto other = stage.story.town_officer(one.tale->town);
        client.give(one.responsible, one.id, "decline_responsibility",
                    {{"reason", stage.text("decline_responsibility")}});
        client.give(stage.story.supervisor(one.tale->town), one.id, "issue",
                    {{"responsible_person", client.person(other)}});
        one.responsible = other;
    }
    client.give(one.responsible, one.id, "accept");
}

void report_progress(ApiClient& client, Stage& stage, const Prescription& one) {
    if (one.is_duplicate()) {
        client.give(stage.story.supervisor(one.tale->town), one.id, "cancel", {{"reason", stage.text("cancel")}});
        return;
    }
    client.give(one.responsible, one.id, "report_progress", {{"percent", 60}, {"text", stage.text("progress")}});
}

void ask_for_extension(ApiClient& client, Stage& stage, const Prescription& one) {
    if (!one.is_extended() && !one.is("extension_refused")) return;
    const auto supervisor = stage.story.supervisor(one.tale->town);
    client.give(one.responsible, one.id, "request_extension",
                {{"until_on", stage.date(extended_deadline_day)}, {"reason", stage.text("extension")}});
    if (one.is("extension_refused")) {
        stage.checks.refused("extension_granted_by_the_asker",
                             client.attempt(one.responsible, one.id, "grant_extension"), 403, "not_your_role");
        client.give(supervisor, one.id, "refuse_extension", {{"reason", stage.text("refuse_extension")}});
    } else {
        client.give(supervisor, one.id, "grant_extension");
    }
}

void submit(ApiClient& client, Stage& stage, const Prescription& one) {
    const auto evidence = stage.evidence(client, one.responsible, one.id);
    client.give(one.responsible, one.id, "submit_for_check", {{"evidence", {evidence}}});
}

void finish(ApiClient& client, Stage& stage, const Prescription& one) {
    const auto coordinator = stage.story.coordinator(one.tale->category),
               supervisor = stage.story.supervisor(one.tale->town);
    submit(client, stage, one);
    if (one.is("result_rejected")) {
        client.give(coordinator, one.id, "reject_result", {{"missing", stage.text("missing")}});
        submit(client, stage, one);
    }
    if (one.responsible == supervisor)
        stage.checks.refused("result_accepted_by_the_doer", client.attempt(supervisor, one.id, "accept_result"), 422,
                             "own_result");
    client.give(one.number % 2 == 0 || one.responsible == supervisor ? coordinator : supervisor, one.id,
                "accept_result");
}

void reopen(ApiClient& client, Stage& stage, const Prescription& one) {
    client.give(stage.story.supervisor(one.tale->town), one.id, "reopen",
                {{"deadline_on", stage.date(reopened_deadline_day)}, {"reason", stage.text("reopen")}});
    finish(client, stage, one);
}

// The village was joined to its neighbour while its prescriptions were running: they end with its case.
void merge(Stage& stage) {
    const auto& tale = stage.the_tale("merged");
    const auto leader = stage.story.panel_of(tale.town);
    const auto minutes = stage.api.upload(leader, stage.text("evidence") + ".txt", "text/plain",
                                          stage.text("merge") + " " + stage.text("minutes") + "\n");
    stage.api.give(leader, stage.case_of(tale), "terminate", {{"minutes", minutes}, {"reason", stage.text("merge")}});
}

std::int64_t count(Stage& stage, const std::string& colour) {
    return stage.api.get(stage.story.auditor(), "/cases?definition=prescription&status=open&limit=1&colour=" + colour)
        .at("total");
}

void try_to_leave_too_early(Stage& stage) {
    const auto& tale = stage.the_tale("late");
    const auto answer = stage.api.attempt(stage.story.supervisor(tale.town), stage.case_of(tale), "request_exit");
    stage.checks.refused("exit_with_open_prescriptions", answer, 422, "prescriptions_open");
    stage.checks.refused("exit_with_red_warnings", answer, 422, "red_warnings_open");
}

} // namespace

void start_management(Stage& stage) {
    stage.go_to_day(start_day);
    const auto key_villages = stage.tales([](const Tale& tale) { return tale.becomes_key_village(); });
    std::mutex mutex;
    stage.each("plans", key_villages, [&](ApiClient& client, const Tale& tale) {
        std::vector<Prescription> own;
        start_one(client, stage, tale, own);
        const std::lock_guard lock(mutex);
        stage.prescriptions.insert(stage.prescriptions.end(), own.begin(), own.end());
    });
}

void treat(Stage& stage) {
    auto& all = stage.prescriptions;
    const auto each = [&](const std::string& step, const std::function<bool(const Prescription&)>& wanted,
                          const std::function<void(ApiClient&, Prescription&)>& work) {
        std::vector<Prescription*> some;
        for (auto& one : all)
            if (wanted(one)) some.push_back(&one);
        stage.each(step, some.size(), [&](ApiClient& client, std::size_t index) { work(client, *some[index]); });
    };
    const auto everyone = [](const Prescription&) { return true; };
    const auto running = [](const Prescription& one) { return !one.tale->has("merged") && !one.is_duplicate(); };

    stage.go_to_day(acceptance_day);
    each("acceptance", everyone, [&](ApiClient& client, Prescription& one) { accept(client, stage, one); });
    stage.go_to_day(progress_day);
    each("progress", everyone, [&](ApiClient& client, Prescription& one) { report_progress(client, stage, one); });
    merge(stage);

    stage.go_to_day(yellow_day);
    stage.checks.more_than("yellow_prescriptions", 0, count(stage, "yellow"));
    each("extensions", running, [&](ApiClient& client, Prescription& one) { ask_for_extension(client, stage, one); });
    stage.go_to_day(check_day);
    each(
        "results", [&](const Prescription& one) { return running(one) && !one.is_late() && !one.is_extended(); },
        [&](ApiClient& client, Prescription& one) { finish(client, stage, one); });

    stage.go_to_day(red_day);
    stage.checks.equal("red_prescriptions",
                       std::count_if(all.begin(), all.end(), [](const Prescription& one) { return one.is_late(); }),
                       count(stage, "red"));
    try_to_leave_too_early(stage);
    each(
        "late_results", [&](const Prescription& one) { return running(one) && (one.is_late() || one.is_extended()); },
        [&](ApiClient& client, Prescription& one) { finish(client, stage, one); });
    each(
        "reopened", [&](const Prescription& one) { return one.is("reopened"); },
        [&](ApiClient& client, Prescription& one) { reopen(client, stage, one); });
}

void treat_relapse(ApiClient& client, Stage& stage, const Tale& tale) {
    const auto officer = stage.story.village_officer(tale.village);
    const auto id =
        prescribe(client, stage, tale, stage.story.treatments("relapse").front(), officer, stage.day() + relapse_days);
    const Prescription one{id, &tale, 10, officer};
    client.give(officer, id, "accept");
    finish(client, stage, one);
    stage.prescriptions.push_back(one);
}

void try_to_weaken_follow_up(ApiClient& client, Stage& stage, const Tale& tale) {
    try_to_weaken(client, stage, tale, "follow_up");
}

} // namespace cunmai::pilot
