// Department review by the consultation panel: visits, opinions of the five departments, and what the panel makes of
// them.
#include "adapters/demo/pilot/acts.hpp"

namespace cunmai::pilot {

namespace {

constexpr int review_day = 25;

const std::vector<std::string>& departments() {
    static const std::vector<std::string> all{"organisation", "discipline", "political_legal", "civil_affairs",
                                              "agriculture"};
    return all;
}

void record(ApiClient& client, Stage& stage, const Tale& tale, const std::string& command,
            const std::string& department) {
    const bool consultation = command == "record_consultation";
    client.give(stage.story.reviewer(department), stage.case_of(tale), command,
                {{"participants", stage.text(consultation ? "cadre" : "participants")},
                 {"held_on", stage.today()},
                 {"venue", stage.text("venue")},
                 {"findings", stage.text("findings")}});
}

void visit(ApiClient& client, Stage& stage, const Tale& tale) {
    record(client, stage, tale, "record_interview", "organisation");
    record(client, stage, tale, "record_courtyard_meeting", "civil_affairs");
    record(client, stage, tale, "record_consultation", "organisation");
    record(client, stage, tale, "record_consultation", "agriculture");
}

void sign(ApiClient& client, Stage& stage, const Tale& tale, const std::string& department,
          const std::string& opinion) {
    client.give(stage.story.reviewer(department), stage.case_of(tale), "sign_opinion",
                {{"department", department},
                 {"opinion", opinion},
                 {"text", stage.text(opinion == "needs_work" ? "opinion_needs_work" : "opinion_endorse")}});
}

void sign_all(ApiClient& client, Stage& stage, const Tale& tale) {
    for (const auto& department : departments()) sign(client, stage, tale, department, "endorse");
}

void endorse(ApiClient& client, Stage& stage, const Tale& tale) {
    client.give(stage.story.panel_of(tale.town), stage.case_of(tale), "endorse");
}

// The town supplements its study record and proposes again, or gives the proposal up.
void answer_the_panel(ApiClient& client, Stage& stage, const Tale& tale) {
    const auto supervisor = stage.story.supervisor(tale.town);
    client.give(stage.story.panel_of(tale.town), stage.case_of(tale), "return_to_town",
                {{"reason", stage.text("return_to_town")}});
    if (tale.has("declined_by_town"))
        client.give(supervisor, stage.case_of(tale), "decline", {{"reason", stage.text("decline_after_return")}});
    else
        client.give(supervisor, stage.case_of(tale), "nominate",
                    {{"category", tale.category},
                     {"secondary_categories", tale.secondary},
                     {"study_record", stage.text("study_record")}});
}

// A panel leader who endorses too early, a department that has to look again, one that signs for another.
void try_to_endorse_too_early(Stage& stage, const Tale& tale) {
    const auto leader = stage.story.panel_of(tale.town);
    const auto early = stage.api.attempt(leader, stage.case_of(tale), "endorse");
    stage.checks.refused("endorsed_without_opinions", early, 422, "opinion_missing");
    stage.checks.refused("endorsed_without_interview", early, 422, "interviews_missing");
    stage.checks.refused("endorsed_without_courtyard_meeting", early, 422, "courtyard_meetings_missing");
    stage.checks.refused(
        "signed_for_another_department",
        stage.api.attempt(
            stage.story.reviewer("agriculture"), stage.case_of(tale), "sign_opinion",
            {{"department", "discipline"}, {"opinion", "endorse"}, {"text", stage.text("opinion_endorse")}}),
        422, "not_your_department");
    stage.checks.refused("endorsed_by_the_town",
                         stage.api.attempt(stage.story.supervisor(tale.town), stage.case_of(tale), "endorse"), 403,
                         "not_your_role");
}

void review(ApiClient& client, Stage& stage, const Tale& tale) {
    if (tale.has("returned_to_town")) answer_the_panel(client, stage, tale);
    if (tale.has("declined_by_town")) return;
    visit(client, stage, tale);
    if (tale.has("declined_by_panel")) {
        sign(client, stage, tale, "organisation", "oppose");
        client.give(stage.story.panel_of(tale.town), stage.case_of(tale), "decline",
                    {{"reason", stage.text("decline_by_panel")}});
        return;
    }
    sign_all(client, stage, tale);
    if (tale.has("needs_work_first")) {
        sign(client, stage, tale, "discipline", "needs_work");
        stage.checks.refused("endorsed_though_work_is_needed",
                             client.attempt(stage.story.panel_of(tale.town), stage.case_of(tale), "endorse"), 422,
                             "opinion_needs_work");
        sign(client, stage, tale, "discipline", "endorse");
    }
    endorse(client, stage, tale);
}

} // namespace

void first_reviews(Stage& stage) {
    stage.go_to_day(review_day);
    try_to_endorse_too_early(stage, stage.the_tale("needs_work_first"));
    stage.each("review", stage.tales(), [&](ApiClient& client, const Tale& tale) { review(client, stage, tale); });
}

void review_again(ApiClient& client, Stage& stage, const Tale& tale) {
    visit(client, stage, tale);
    sign_all(client, stage, tale);
    endorse(client, stage, tale);
}

} // namespace cunmai::pilot
