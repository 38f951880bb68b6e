// The committee's meetings: convened with an agenda, opened with those present, a ballot for each case, minutes.
#include "adapters/demo/pilot/acts.hpp"

#include <algorithm>

namespace cunmai::pilot {

namespace {

constexpr int first_meeting_day = 40, secret_meeting_day = 42, thin_meeting_day = 44, last_meeting_day = 46;
constexpr std::size_t too_few = 4; // of nine

struct Held { // a meeting in session
    std::string id;
    const Sitting& sitting;
    std::vector<std::string> present; // sign-in names
};

std::size_t rejections(Wanted wanted) { return wanted == Wanted::rejected ? 6 : wanted == Wanted::deferred ? 3 : 1; }
std::size_t abstentions(Wanted wanted) { return wanted == Wanted::deferred ? 2 : 1; }

// Who votes last says no first, so that the chair approves whatever the outcome is.
std::string choice_of(Wanted wanted, std::size_t voter, std::size_t voters) {
    if (wanted == Wanted::no_quorum) return "approve";
    if (voter + rejections(wanted) >= voters) return "reject";
    if (voter + rejections(wanted) + abstentions(wanted) >= voters) return "abstain";
    return "approve";
}

Json vote_of(Stage& stage, const std::string& choice, bool secret) {
    Json vote{{"choice", choice}};
    if (!secret && choice != "approve") vote["reason"] = stage.text("vote_reason");
    return vote;
}

void vote(ApiClient& client, Stage& stage, const std::string& login, const std::string& id, const std::string& choice,
          bool secret) {
    client.give(login, id, "cast_vote", vote_of(stage, choice, secret));
}

// One key, sent twice, counts once; the same key for another choice is an error.
void vote_twice(ApiClient& client, Stage& stage, const std::string& login, const std::string& id) {
    const auto seen = client.send(login, "GET", "/cases/" + id);
    const auto key = ApiClient::new_key();
    const auto ballot = vote_of(stage, "approve", false);
    client.command(login, id, "cast_vote", ballot, seen.etag, key);
    const auto again = client.command(login, id, "cast_vote", ballot, seen.etag, key);
    stage.checks.equal("same_vote_twice", true, again.ok() ? again.body.at("replayed") : Json(again.brief()));
    stage.checks.refused("vote_key_for_another_choice",
                         client.command(login, id, "cast_vote", vote_of(stage, "reject", false), seen.etag, key), 422,
                         "key_reused");
}

// What is particular about this village's first ballot. True when the member has nothing more to do.
bool played_a_twist(ApiClient& client, Stage& stage, const Held& held, const Tale& tale, std::size_t voter) {
    const auto& login = held.present[voter];
    const auto& id = stage.case_of(tale);
    const bool entry = stage.day() <= last_meeting_day;
    if (tale.has("interest") && voter == 5) {
        const auto answer = client.attempt(login, id, "cast_vote", {{"choice", "approve"}});
        stage.checks.refused(entry ? "vote_with_an_interest" : "exit_vote_with_an_interest", answer, 422, "recused");
        return true;
    }
    if (!entry) return false;
    if (tale.has("recusal") && voter == 2) {
        client.give(login, id, "recuse", {{"reason", stage.text("recusal")}});
        stage.checks.refused("vote_of_the_recused",
                             client.attempt(login, id, "cast_vote", vote_of(stage, "approve", false)), 422, "recused");
        return true;
    }
    if (tale.has("changed_vote") && voter == 1) {
        vote(client, stage, login, id, "reject", held.sitting.secret); // then the vote that counts
        return false;
    }
    if (tale.has("recusal") && voter == 0) {
        vote_twice(client, stage, login, id);
        return true;
    }
    return false;
}

// Neither the ballot nor the record says who chose what.
void check_secrecy(ApiClient& client, Stage& stage, const std::string& id, const Json& closed) {
    bool hidden = closed.at("secret") == true && !closed.contains("votes") && !closed.at("voted").empty();
    const auto record = client.get(stage.story.auditor(), "/cases/" + id + "/history?limit=100");
    for (const auto& event : record.at("items"))
        if (event.at("command") == "cast_vote" && event.dump().find("approve") != std::string::npos) hidden = false;
    stage.checks.equal("secret_ballot_keeps_choices", true, hidden);
}

const char* key_of(Wanted wanted) {
    switch (wanted) {
    case Wanted::passed: return "passed";
    case Wanted::rejected: return "rejected";
    case Wanted::deferred: return "deferred";
    case Wanted::no_quorum: return "no_quorum";
    }
    return "";
}

Json close(ApiClient& client, Stage& stage, const AgendaItem& item) {
    const auto& id = stage.case_of(*item.tale);
    client.give(stage.story.secretary(), id, "close_ballot", {{"minutes", stage.text("minutes")}});
    const Json closed = client.get(stage.story.auditor(), "/cases/" + id + "/ballots").at("closed").back();
    if (closed.at("result") != key_of(item.wanted))
        throw Unexpected("ballot on " + id + ": " + closed.dump() + " instead of " + key_of(item.wanted));
    return closed;
}

void try_after_closing(ApiClient& client, Stage& stage, const Held& held, const Tale& tale, const Json& closed) {
    const auto& id = stage.case_of(tale);
    stage.checks.refused("vote_after_closing",
                         client.attempt(held.present[0], id, "cast_vote", vote_of(stage, "approve", false)), 422,
                         "not_in_this_state");
    stage.checks.refused(
        "ballot_closed_twice",
        client.attempt(stage.story.secretary(), id, "close_ballot", {{"minutes", stage.text("minutes")}}), 422,
        "not_in_this_state");
    stage.checks.equal("changed_vote_counts_last", "approve",
                       closed.at("votes").at(client.person(held.present[1])).at("choice"));
}

void hold_ballot(ApiClient& client, Stage& stage, const Held& held, const AgendaItem& item) {
    const auto& tale = *item.tale;
    const auto& id = stage.case_of(tale);
    const bool secret = held.sitting.secret, void_in_the_end = item.wanted == Wanted::no_quorum;
    const auto tries_to_vote = [&](const std::string& login) {
        return client.attempt(login, id, "cast_vote", vote_of(stage, "approve", secret));
    };
    client.give(stage.story.secretary(), id, "open_ballot", {{"meeting", held.id}});
    for (std::size_t voter = 0; voter < held.present.size(); ++voter)
        if (!played_a_twist(client, stage, held, tale, voter))
            vote(client, stage, held.present[voter], id, choice_of(item.wanted, voter, held.present.size()), secret);
    if (void_in_the_end)
        stage.checks.refused("vote_of_the_absent", tries_to_vote(stage.story.committee().back()), 422, "not_present");
    const auto closed = close(client, stage, item);
    if (void_in_the_end)
        stage.checks.refused("vote_after_a_void_ballot", tries_to_vote(held.present[0]), 422, "ballot_not_open");
    if (secret) check_secrecy(client, stage, id, closed);
    if (tale.has("changed_vote") && stage.day() <= last_meeting_day)
        try_after_closing(client, stage, held, tale, closed);
}

void declare_interest(Stage& stage) {
    const auto& tale = stage.the_tale("interest");
    stage.api.post(stage.story.committee().at(5), "/interests",
                   {{"place", tale.village}, {"reason", stage.text("interest")}});
}

} // namespace

void hold_meeting(Stage& stage, const Sitting& sitting) {
    const auto& story = stage.story;
    auto agenda = Json::array(), attendance = Json::array();
    for (const auto& item : sitting.agenda) agenda.push_back(stage.case_of(*item.tale));
    auto present = story.committee();
    present.resize(std::min(present.size(), sitting.present));
    for (const auto& login : present) attendance.push_back(stage.api.person(login));
    const Held held{stage.api.open(story.secretary(), "committee_meeting", story.district(),
                                   {{"title", stage.text("meeting")},
                                    {"meeting_on", stage.today()},
                                    {"chair", stage.api.person(story.chair())},
                                    {"agenda", agenda},
                                    {"secret", sitting.secret}}),
                    sitting, present};
    const auto& first = stage.case_of(*sitting.agenda.front().tale);
    if (sitting.secret)
        stage.checks.refused("ballot_before_the_session",
                             stage.api.attempt(story.secretary(), first, "open_ballot", {{"meeting", held.id}}), 422,
                             "meeting_not_in_session");
    stage.api.give(story.secretary(), held.id, "start_session", {{"attendance", attendance}});
    stage.each("ballots", sitting.agenda.size(),
               [&](ApiClient& client, std::size_t index) { hold_ballot(client, stage, held, sitting.agenda[index]); });
    stage.api.give(story.secretary(), held.id, "close_meeting", {{"minutes", stage.text("minutes")}});
}

void entry_votes(Stage& stage) {
    declare_interest(stage);
    Sitting named, secret, thin, last;
    secret.secret = true;
    thin.present = too_few;
    for (const auto& tale : stage.story.tales()) {
        if (tale.has("declined_by_panel") || tale.has("declined_by_town")) continue;
        const auto wanted = tale.has("voted_down") ? Wanted::rejected
                            : tale.has("deferred") ? Wanted::deferred
                                                   : Wanted::passed;
        if (tale.has("secret"))
            secret.agenda.push_back({&tale, wanted});
        else if (tale.has("no_quorum"))
            thin.agenda.push_back({&tale, Wanted::no_quorum});
        else
            named.agenda.push_back({&tale, wanted});
        if (tale.has("deferred") || tale.has("no_quorum")) last.agenda.push_back({&tale, Wanted::passed});
    }
    stage.go_to_day(first_meeting_day);
    stage.checks.refused("vote_before_the_ballot",
                         stage.api.attempt(stage.story.chair(), stage.case_of(*named.agenda.front().tale), "cast_vote",
                                           {{"choice", "approve"}}),
                         422, "ballot_not_open");
    hold_meeting(stage, named);
    stage.go_to_day(secret_meeting_day);
    hold_meeting(stage, secret);
    stage.go_to_day(thin_meeting_day);
    hold_meeting(stage, thin);
    review_again(stage.api, stage, stage.the_tale("deferred"));
    stage.go_to_day(last_meeting_day);
    hold_meeting(stage, last);
    stage.api.give(stage.story.panel_leader(), stage.round, "close_round"); // every village has its answer
}

} // namespace cunmai::pilot
