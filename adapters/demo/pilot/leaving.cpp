// Exit: asked for, evaluated by four sides, endorsed or denied, voted on.
#include "adapters/demo/pilot/acts.hpp"

namespace cunmai::pilot {

namespace {

constexpr int request_day = 120, second_request_day = 150, first_exit_meeting_day = 140, second_exit_meeting_day = 160;
constexpr double good_score = 90, low_score = 72;
constexpr int respondents = 45;

void evaluate(ApiClient& client, Stage& stage, const Tale& tale, const std::string& login, const std::string& command,
              double score) {
    Json payload{{"score", score}, {"evidence", {stage.evidence(client, login, command)}}};
    if (command == "record_public_evaluation") payload["respondents"] = respondents;
    client.give(login, stage.case_of(tale), command, payload);
}

void give_opinion(ApiClient& client, Stage& stage, const Tale& tale, const std::string& login,
                  const std::string& command) {
    client.give(login, stage.case_of(tale), command, {{"opinion", "favourable"}, {"text", stage.text("exit_opinion")}});
}

// The coordinator who holds the post; another of the same kind may not speak for them.
std::string coordinator_in_post(Stage& stage, const Tale& tale) {
    return tale.has("empty_post") ? stage.story.other_coordinator(tale.category)
                                  : stage.story.coordinator(tale.category);
}

void endorse(ApiClient& client, Stage& stage, const Tale& tale) {
    client.give(stage.story.panel_of(tale.town), stage.case_of(tale), "endorse_exit");
}

void try_to_endorse(ApiClient& client, Stage& stage, const Tale& tale, const std::string& key,
                    const std::string& code) {
    stage.checks.refused(key, client.attempt(stage.story.panel_of(tale.town), stage.case_of(tale), "endorse_exit"), 422,
                         code);
}

bool stays_to_the_end(const Tale& tale) { return tale.becomes_key_village() && !tale.has("merged"); }

} // namespace

void ask_for_exit(ApiClient& client, Stage& stage, const Tale& tale, double public_score) {
    const auto& story = stage.story;
    client.give(story.supervisor(tale.town), stage.case_of(tale), "request_exit",
                {{"statement", stage.text("exit_statement")}});
    if (tale.has("empty_post")) {
        try_to_endorse(client, stage, tale, "exit_without_evaluation", "evaluation_missing");
        stage.checks.refused("opinion_of_another_coordinator",
                             client.attempt(story.coordinator(tale.category), stage.case_of(tale),
                                            "record_coordinator_opinion",
                                            {{"opinion", "favourable"}, {"text", stage.text("exit_opinion")}}),
                             422, "not_the_assigned");
    }
    evaluate(client, stage, tale, story.village_officer(tale.village), "record_self_evaluation", good_score);
    evaluate(client, stage, tale, story.town_officer(tale.town), "record_public_evaluation", public_score);
    evaluate(client, stage, tale, story.town_officer(tale.town), "record_town_assessment", good_score);
    evaluate(client, stage, tale, story.reviewer("organisation"), "record_district_assessment", good_score);
    give_opinion(client, stage, tale, story.commander(tale.town), "record_commander_opinion");
    give_opinion(client, stage, tale, coordinator_in_post(stage, tale), "record_coordinator_opinion");
    if (public_score >= good_score) endorse(client, stage, tale);
}

void exits(Stage& stage) {
    const auto& denied = stage.the_tale("exit_denied");
    const auto& deferred = stage.the_tale("exit_deferred");
    const auto leaving = stage.tales(stays_to_the_end);

    stage.go_to_day(request_day);
    stage.each("exits", leaving, [&](ApiClient& client, const Tale& tale) {
        ask_for_exit(client, stage, tale, tale.has("exit_denied") ? low_score : good_score);
    });
    try_to_endorse(stage.api, stage, denied, "exit_below_the_threshold", "score_below_threshold");
    stage.api.give(stage.story.panel_of(denied.town), stage.case_of(denied), "deny_exit",
                   {{"reason", stage.text("deny_exit")}});

    stage.go_to_day(first_exit_meeting_day);
    Sitting first;
    for (const auto* tale : leaving)
        if (tale != &denied)
            first.agenda.push_back({tale, tale->has("exit_rejected")   ? Wanted::rejected
                                          : tale->has("exit_deferred") ? Wanted::deferred
                                                                       : Wanted::passed});
    hold_meeting(stage, first);

    stage.go_to_day(second_request_day);
    ask_for_exit(stage.api, stage, denied, good_score);
    evaluate(stage.api, stage, deferred, stage.story.reviewer("organisation"), "record_district_assessment",
             good_score);
    endorse(stage.api, stage, deferred);
    stage.go_to_day(second_exit_meeting_day);
    Sitting second;
    second.agenda = {{&denied, Wanted::passed}, {&deferred, Wanted::passed}};
    hold_meeting(stage, second);
}

} // namespace cunmai::pilot
