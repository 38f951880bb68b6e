// The year after the exit vote: look-backs of town and district, one relapse that goes all the way round again,
// graduation.
#include "adapters/demo/pilot/acts.hpp"

namespace cunmai::pilot {

namespace {

constexpr int look_back_day = 300, relapse_meeting_day = 320, relapse_treated_day = 330, relapse_exit_day = 350,
              relapse_exit_meeting_day = 360;
constexpr int second_look_back_day = 420, first_graduation_day = 507, second_graduation_day = 528,
              relapse_look_back_day = 600, last_graduation_day = 728;
constexpr double good_score = 90;

void look_back(ApiClient& client, Stage& stage, const Tale& tale, const std::string& login,
               const std::string& finding) {
    client.give(login, stage.case_of(tale), "record_look_back",
                {{"finding", finding},
                 {"evidence", {stage.evidence(client, login, finding)}},
                 {"text", stage.text("look_back")}});
}

void both_look_back(ApiClient& client, Stage& stage, const Tale& tale) {
    look_back(client, stage, tale, stage.story.town_officer(tale.town), "holds");
    look_back(client, stage, tale, stage.story.reviewer("organisation"), "holds");
}

void first_look_back(ApiClient& client, Stage& stage, const Tale& tale) {
    if (tale.has("relapse"))
        look_back(client, stage, tale, stage.story.town_officer(tale.town), "relapsed");
    else
        both_look_back(client, stage, tale);
    if (tale.has("slipping")) look_back(client, stage, tale, stage.story.reviewer("organisation"), "slipping");
}

void complete(ApiClient& client, Stage& stage, const Tale& tale) {
    const auto detail = client.get(stage.story.auditor(), "/cases/" + stage.case_of(tale));
    if (!detail.at("facts").contains("completion_proposed"))
        throw Unexpected("nothing proposed the end of follow-up of " + stage.names.at(tale.village));
    client.give(stage.story.panel_of(tale.town), stage.case_of(tale), "complete_follow_up");
}

// department_review → committee → managed → exit → follow-up, a second time.
void play_relapse(Stage& stage, const Tale& tale) {
    const auto supervisor = stage.story.supervisor(tale.town);
    const auto evidence = stage.evidence(stage.api, supervisor, "relapse");
    stage.api.give(supervisor, stage.case_of(tale), "report_relapse",
                   {{"problem", stage.text("relapse")}, {"evidence", {evidence}}});
    review_again(stage.api, stage, tale);
    stage.go_to_day(relapse_meeting_day);
    hold_meeting(stage, {{{&tale, Wanted::passed}}, false, 9});
    stage.go_to_day(relapse_treated_day);
    treat_relapse(stage.api, stage, tale);
    stage.go_to_day(relapse_exit_day);
    ask_for_exit(stage.api, stage, tale, good_score);
    stage.go_to_day(relapse_exit_meeting_day);
    hold_meeting(stage, {{{&tale, Wanted::passed}}, false, 9});
}

bool is_followed_up(const Tale& tale) {
    return tale.becomes_key_village() && !tale.has("merged") && !tale.has("exit_rejected");
}
bool left_later(const Tale& tale) { return tale.has("exit_denied") || tale.has("exit_deferred"); }

} // namespace

void follow_up(Stage& stage) {
    const auto& relapsed = stage.the_tale("relapse");
    const auto& slipping = stage.the_tale("slipping");

    stage.go_to_day(look_back_day);
    stage.each("look_backs", stage.tales(is_followed_up),
               [&](ApiClient& client, const Tale& tale) { first_look_back(client, stage, tale); });
    try_to_weaken_follow_up(stage.api, stage, stage.the_tale("empty_post"));
    const auto early =
        stage.api.attempt(stage.story.panel_of(slipping.town), stage.case_of(slipping), "complete_follow_up");
    stage.checks.refused("follow_up_ended_early", early, 422, "year_not_over");
    stage.checks.refused("follow_up_ended_while_slipping", early, 422, "look_back_not_holding");
    play_relapse(stage, relapsed);

    stage.go_to_day(second_look_back_day);
    both_look_back(stage.api, stage, slipping);
    stage.go_to_day(first_graduation_day);
    stage.each("graduation", stage.tales([](const Tale& tale) {
        return is_followed_up(tale) && !left_later(tale) && !tale.has("relapse");
    }),
               [&](ApiClient& client, const Tale& tale) { complete(client, stage, tale); });
    stage.go_to_day(second_graduation_day);
    stage.each("graduation", stage.tales([](const Tale& tale) { return is_followed_up(tale) && left_later(tale); }),
               [&](ApiClient& client, const Tale& tale) { complete(client, stage, tale); });
    stage.go_to_day(relapse_look_back_day);
    both_look_back(stage.api, stage, relapsed);
    stage.go_to_day(last_graduation_day);
    complete(stage.api, stage, relapsed);
}

} // namespace cunmai::pilot
