// Self-check and screening: how 270 villages and communities become 26 proposals.
#include "adapters/demo/pilot/acts.hpp"
#include "adapters/demo/pilot/answers.hpp"
#include "adapters/words/texts.hpp"

namespace cunmai::pilot {

namespace {

constexpr int screening_day = 12;

std::string submit(ApiClient& client, Stage& stage, const std::string& village, const Json& document) {
    const auto login = stage.story.village_officer(village);
    return client.upload(login, "answers.json", "application/json", document.dump());
}

Json answers_of(ApiClient& client, Stage& stage, const std::string& village) {
    const auto evidence = stage.evidence(client, stage.story.village_officer(village), stage.names.at(village));
    return answers_document(stage.catalogue, stage.story.red_indicators(village), evidence,
                            stage.text("not_applicable"));
}

void check_self(ApiClient& client, Stage& stage, const std::string& village) {
    const auto document = submit(client, stage, village, answers_of(client, stage, village));
    client.give(stage.story.village_officer(village), stage.case_of(village), "submit_self_check",
                {{"answers", document}});
}

// An unanswered indicator, evidence left out, and a look at other people's cases.
void try_what_a_village_may_not(Stage& stage) {
    const auto& village = stage.story.tales().at(0).village;
    const auto& elsewhere = stage.story.tales().at(1).village;
    const auto login = stage.story.village_officer(village);
    auto incomplete = answers_of(stage.api, stage, village);
    auto& answers = incomplete.at("answers");
    answers.erase("ECO-09");
    answers.at("ORG-08").erase("evidence");
    const auto document = submit(stage.api, stage, village, incomplete);
    const auto answer = stage.api.attempt(login, stage.case_of(village), "submit_self_check", {{"answers", document}});
    stage.checks.refused("unanswered_indicator", answer, 422, "answers_missing");
    stage.checks.refused("missing_evidence", answer, 422, "answers_without_evidence");

    stage.checks.refused("case_of_another_town", stage.api.send(login, "GET", "/cases/" + stage.case_of(elsewhere)),
                         404, "not_found");
    stage.checks.refused("command_in_another_town",
                         stage.api.command(login, stage.case_of(elsewhere), "submit_self_check",
                                           {{"answers", document}}, "\"1\"", ApiClient::new_key()),
                         404, "not_found");
    const auto seen = stage.api.get(login, "/cases?definition=village_lifecycle&round=" + stage.round);
    stage.checks.equal("cases_a_village_sees", 1, seen.at("total"));
}

void nominate(ApiClient& client, Stage& stage, const Tale& tale) {
    client.give(stage.story.supervisor(tale.town), stage.case_of(tale), "nominate",
                {{"category", tale.category},
                 {"secondary_categories", tale.secondary},
                 {"study_record", stage.text("study_record")}});
}

// Without a version, with an old one, twice under one key, and with that key for something else.
void try_versions_and_keys(Stage& stage, const Tale& tale) {
    const auto supervisor = stage.story.supervisor(tale.town), id = stage.case_of(tale);
    const auto seen = stage.api.send(supervisor, "GET", "/cases/" + id);
    const Json payload{{"category", tale.category},
                       {"secondary_categories", tale.secondary},
                       {"study_record", stage.text("study_record")}};
    const auto give = [&](const Json& body, const std::string& etag, const std::string& key) {
        return stage.api.command(supervisor, id, "nominate", body, etag, key);
    };
    stage.checks.refused("no_version", give(payload, "", ApiClient::new_key()), 428, "if_match_missing");
    stage.checks.refused("old_version", give(payload, "\"1\"", ApiClient::new_key()), 409, "conflict");
    const auto key = ApiClient::new_key();
    const auto first = give(payload, seen.etag, key);
    if (!first.ok()) throw Unexpected(supervisor + ": nominate: " + first.brief());
    const auto again = give(payload, seen.etag, key);
    stage.checks.equal("same_command_twice", Json{{"replayed", true}, {"version", first.body.at("version")}},
                       again.ok() ? Json{{"replayed", again.body.at("replayed")}, {"version", again.body.at("version")}}
                                  : Json(again.brief()));
    auto other = payload;
    other["study_record"] = stage.text("findings");
    stage.checks.refused("key_for_another_body", give(other, seen.etag, key), 422, "key_reused");
}

void screen(ApiClient& client, Stage& stage, const Json& row) {
    const std::string village = row.at("place").at("code"), id = row.at("id");
    const auto town = town_of(village);
    const auto* tale = stage.story.tale_of(village);
    if (stage.story.is_returned_without_nomination(village) || (tale && tale->has("returned_to_village"))) {
        client.give(stage.story.town_officer(town), id, "return_to_village",
                    {{"reason", stage.text("return_to_village")}});
        check_self(client, stage, village);
    }
    if (tale) {
        if (tale != &stage.story.tales().at(0)) nominate(client, stage, *tale); // the first: try_versions_and_keys
    } else {
        const bool community = stage.story.is_community(row.at("place").at("name"));
        client.give(stage.story.supervisor(town), id, "decline",
                    {{"reason", stage.text(community ? "decline_community" : "decline")}});
    }
}

} // namespace

void open_round(Stage& stage) {
    const auto& story = stage.story;
    const auto before = stage.api.get(story.panel_leader(), "/cases?definition=village_lifecycle&limit=1").at("total");
    if (before != 0)
        throw Unreachable(texts::text(stage.options.language, "pilot.not_fresh",
                                      {{"server", stage.options.server}, {"count", before}}));
    const Json wish{{"place", story.district()},           {"title", story.round_title()},
                    {"self_check_due_on", stage.date(15)}, {"screening_due_on", stage.date(30)},
                    {"review_due_on", stage.date(50)},     {"committee_due_on", stage.date(80)}};
    const auto opened =
        stage.api.post(story.panel_leader(), "/rounds", wish, {{"Idempotency-Key", ApiClient::new_key()}});
    stage.round = opened.at("case_id");
    for (const auto& receipt : opened.at("receipts")) {
        if (receipt.at("case_id").is_null()) throw Unexpected("round: " + receipt.dump());
        stage.cases[receipt.at("place_code")] = receipt.at("case_id");
        stage.names[receipt.at("place_code")] = receipt.at("place_name");
    }
}

void self_checks(Stage& stage) {
    try_what_a_village_may_not(stage);
    const auto officer = stage.story.village_officer(stage.story.tales().at(0).village);
    stage.checks.equal("todo_before_the_self_check", 1, stage.api.get(officer, "/worklist/counts").at("todo"));
    std::vector<std::string> villages;
    for (const auto& [village, id] : stage.cases) villages.push_back(village);
    stage.each("self_check", villages.size(),
               [&](ApiClient& client, std::size_t index) { check_self(client, stage, villages[index]); });
    stage.checks.equal("todo_after_the_self_check", 0, stage.api.get(officer, "/worklist/counts").at("todo"));
}

void screening(Stage& stage) {
    stage.go_to_day(screening_day);
    const auto towns =
        stage.api.all_items(stage.story.panel_leader(), "/places?level=town&within=" + stage.story.district());
    stage.each("screening", towns.size(), [&](ApiClient& client, std::size_t index) {
        const std::string town = towns.at(index).at("code");
        const auto rows =
            client.all_items(stage.story.town_officer(town),
                             "/cases?definition=village_lifecycle&state=town_screening&sort=place&place=" + town +
                                 "&round=" + stage.round);
        for (const auto& row : rows) screen(client, stage, row);
    });
    try_versions_and_keys(stage, stage.story.tales().at(0));
}

} // namespace cunmai::pilot
