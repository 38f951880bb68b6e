#include "adapters/demo/pilot/report.hpp"

#include "adapters/words/texts.hpp"

#include <algorithm>
#include <atomic>
#include <iostream>

namespace cunmai::pilot {

namespace {

const std::vector<std::string>& categories() {
    static const std::vector<std::string> all{"organisation", "governance", "disputes", "integrity", "economy"};
    return all;
}

std::int64_t total(Stage& stage, const std::string& filter) {
    return stage.api.get(stage.story.auditor(), "/cases?limit=1&" + filter).at("total");
}

Json states_of(Stage& stage, const std::string& definition) {
    auto states = Json::array();
    const auto described = stage.api.get(stage.story.auditor(), "/definitions/" + definition);
    for (const auto& state : described.at("states")) states.push_back(state.at("key"));
    return states;
}

Json history(ApiClient& client, Stage& stage, const std::string& id) {
    auto events = Json::array();
    for (std::int64_t after = 0;;) {
        const auto page =
            client.get(stage.story.auditor(), "/cases/" + id + "/history?limit=100&after_seq=" + std::to_string(after));
        for (const auto& event : page.at("items")) events.push_back(event);
        if (page.at("next_after_seq").is_null()) return events;
        after = page.at("next_after_seq");
    }
}

struct Counts {
    std::mutex mutex;
    std::int64_t self_checked_villages = 0, indicators_unanswered = 0, key_villages = 0, pool = 0;
    std::map<std::string, std::int64_t> by_category, ballots;
    std::map<std::string, std::int64_t> commands; // on villages' cases, from their histories: "decline", and
                                                  // "decline town_screening" with the state before
};

void count_village(Stage& stage, Counts& counts, const Json& detail) {
    const auto& facts = detail.at("facts");
    const std::lock_guard lock(counts.mutex);
    if (facts.contains("self_check") && !stage.story.is_community(detail.at("place").at("name")))
        ++counts.self_checked_villages;
    if (facts.contains("self_check")) {
        const auto& digest = facts.at("self_check");
        counts.indicators_unanswered += static_cast<std::int64_t>(stage.catalogue.at("indicators").size()) -
                                        digest.at("answered").get<std::int64_t>() -
                                        digest.at("not_applicable").get<std::int64_t>();
    }
    if (facts.value("monitoring_pool", false)) ++counts.pool;
    if (facts.contains("managed_on")) {
        ++counts.key_villages;
        ++counts.by_category[detail.at("category")];
    }
    for (const auto& ballot : facts.value("ballots", Json::array()))
        ++counts.ballots[ballot.at("purpose").get<std::string>() + "_" + ballot.at("result").get<std::string>()];
}

void read_villages(Stage& stage, Counts& counts) {
    std::vector<std::string> ids;
    for (const auto& [village, id] : stage.cases) ids.push_back(id);
    stage.each("counting", ids.size(), [&](ApiClient& client, std::size_t index) {
        count_village(stage, counts, client.get(stage.story.auditor(), "/cases/" + ids[index]));
    });
    std::vector<std::string> told;
    for (const auto* tale : stage.tales()) told.push_back(stage.case_of(*tale));
    for (const auto& village : stage.story.returned_without_nomination()) told.push_back(stage.case_of(village));
    stage.each("counting", told.size(), [&](ApiClient& client, std::size_t index) {
        const auto events = history(client, stage, told[index]);
        const std::lock_guard lock(counts.mutex);
        for (const auto& event : events) {
            const std::string command = event.at("command");
            ++counts.commands[command];
            ++counts.commands[command + " " + event.at("from").get<std::string>()];
        }
    });
}

void compare_villages(Stage& stage, Counts& counts) {
    const auto& published = stage.story.published();
    auto& checks = stage.checks;
    checks.equal("indicators", 45, stage.catalogue.at("indicators").size());
    checks.equal("villages", published.at("villages"), counts.self_checked_villages);
    checks.equal("indicators_unanswered", 0, counts.indicators_unanswered);
    checks.equal("monitoring_pool", stage.story.tales().size(), counts.pool);
    checks.equal("key_villages", published.at("key_villages"), counts.key_villages);
    for (const auto& category : categories())
        checks.equal("key_villages_" + category, published.at(category), counts.by_category[category]);
    checks.more_than("consultations", published.at("consultations_more_than"), counts.commands["record_consultation"]);
}

// What became of the proposals on the way to the committee, and of the village that relapsed.
void compare_ways(Stage& stage, Counts& counts) {
    const auto told = [&](const char* twist) {
        return static_cast<std::int64_t>(stage.tales([&](const Tale& tale) { return tale.has(twist); }).size());
    };
    const auto only_returned = static_cast<std::int64_t>(stage.story.returned_without_nomination().size());
    auto& checks = stage.checks;
    checks.equal("returned_to_village", told("returned_to_village") + only_returned,
                 counts.commands["return_to_village"]);
    checks.equal("returned_to_town", told("returned_to_town"), counts.commands["return_to_town"]);
    checks.equal("declined_by_panel", told("declined_by_panel"), counts.commands["decline department_review"]);
    checks.equal("declined_after_return", told("declined_by_town") + only_returned,
                 counts.commands["decline town_screening"]);
    const auto& relapsed = stage.case_of(stage.the_tale("relapse"));
    checks.equal("relapsed_in_the_end", "graduated",
                 stage.api.get(stage.story.auditor(), "/cases/" + relapsed).at("state"));
}

// Where every village stands: sums of the lists, of the counts by place and of the round's progress must agree.
void compare_states(Stage& stage) {
    const auto& auditor = stage.story.auditor();
    const auto by_place =
        stage.api.get(auditor, "/places/" + stage.story.district() + "/counts?definition=village_lifecycle");
    const auto progress = stage.api.get(auditor, "/rounds/" + stage.round).at("progress");
    const auto villages = "definition=village_lifecycle&round=" + stage.round;
    std::int64_t sum = 0;
    auto listed = Json::object(), progressed = Json::object(), counted = Json::object();
    for (const auto& state : states_of(stage, "village_lifecycle")) {
        const std::string key = state;
        const auto in_state = total(stage, villages + "&state=" + key);
        sum += in_state;
        if (in_state > 0) listed[key] = in_state;
        if (by_place.value(key, 0) > 0) counted[key] = by_place.at(key);
    }
    for (const auto& one : progress) {
        const std::string key = one.at("state");
        if (one.at("count") > 0) progressed[key] = progressed.value(key, 0) + one.at("count").get<int>();
    }
    const auto places = static_cast<std::int64_t>(stage.cases.size());
    const auto key_villages = stage.story.published().at("key_villages").get<std::int64_t>();
    stage.checks.equal("cases_in_known_states", places, sum);
    stage.checks.equal(
        "states",
        Json{{"not_listed", places - key_villages}, {"graduated", key_villages - 2}, {"managed", 1}, {"terminated", 1}},
        listed);
    stage.checks.equal("states_of_the_round", listed, progressed);
    stage.checks.equal("states_by_place", listed, counted);
}

void compare_ballots(Stage& stage, Counts& counts) {
    const Json expected{{"entry_passed", 20}, {"entry_rejected", 2}, {"entry_deferred", 1}, {"entry_no_quorum", 1},
                        {"exit_passed", 18},  {"exit_rejected", 1},  {"exit_deferred", 1}};
    stage.checks.equal("ballots", expected, Json(counts.ballots));
    stage.checks.equal("recusals", 1, counts.commands["recuse"]);
    stage.checks.equal("relapses", 1, counts.commands["report_relapse"]);
    stage.checks.equal("exits_denied", 1, counts.commands["deny_exit"]);
}

void compare_prescriptions(Stage& stage) {
    const auto& all = stage.prescriptions;
    const auto count = [&](const auto& wanted) { return std::count_if(all.begin(), all.end(), wanted); };
    const auto cancelled = count([](const Prescription& one) { return one.is_duplicate() || one.tale->has("merged"); });
    stage.checks.at_least("prescriptions", stage.story.published().at("prescriptions_min"),
                          total(stage, "definition=prescription"));
    stage.checks.equal("prescriptions_closed", static_cast<std::int64_t>(all.size()) - cancelled,
                       total(stage, "definition=prescription&state=closed"));
    stage.checks.equal("prescriptions_cancelled", cancelled, total(stage, "definition=prescription&state=cancelled"));
    std::atomic<std::int64_t> with_evidence{0}, extensions{0}, rejections{0}, reopened{0}, declined{0};
    stage.each("counting", all.size(), [&](ApiClient& client, std::size_t index) {
        const auto facts = client.get(stage.story.auditor(), "/cases/" + all[index].id).at("facts");
        with_evidence += !facts.value("evidence", Json::array()).empty();
        extensions += facts.value("extensions_granted", 0);
        rejections += facts.value("rejections", 0);
        reopened += facts.value("reopened", 0);
        declined += facts.value("declined", 0);
    });
    stage.checks.equal("prescriptions_with_evidence", static_cast<std::int64_t>(all.size()) - cancelled,
                       with_evidence.load());
    stage.checks.equal("extensions_granted", count([](const Prescription& one) { return one.is_extended(); }),
                       extensions.load());
    stage.checks.equal("results_rejected", 1, rejections.load());
    stage.checks.equal("prescriptions_reopened", 1, reopened.load());
    stage.checks.equal("responsibilities_declined", 1, declined.load());
}

// Those of the committee's secretary: of every page, the newest first, each once.
void compare_notifications(Stage& stage) {
    const auto all = stage.api.all_items(stage.story.secretary(), "/notifications?unread=true");
    std::set<std::string> ids;
    std::vector<std::string> times;
    for (const auto& one : all) {
        ids.insert(one.at("id").get<std::string>());
        times.push_back(one.at("at").get<std::string>().substr(0, 23)); // milliseconds: what ids are ordered by
    }
    const auto unread = stage.api.get(stage.story.secretary(), "/me").at("unread");
    stage.checks.equal("notifications", Json{{"each_once", unread}, {"newest_first", true}},
                       Json{{"each_once", ids.size()}, {"newest_first", std::is_sorted(times.rbegin(), times.rend())}});
}

std::string shown(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

} // namespace

void count_key_villages(Stage& stage) {
    const auto villages = "definition=village_lifecycle&round=" + stage.round;
    const auto& published = stage.story.published();
    stage.checks.equal("managed_after_the_votes", published.at("key_villages"),
                       total(stage, villages + "&state=managed"));
    for (const auto& category : categories())
        stage.checks.equal("managed_after_the_votes_" + category, published.at(category),
                           total(stage, villages + "&state=managed&category=" + category));
}

void count_everything(Stage& stage) {
    Counts counts;
    read_villages(stage, counts);
    compare_villages(stage, counts);
    compare_ways(stage, counts);
    compare_states(stage);
    compare_ballots(stage, counts);
    compare_prescriptions(stage);
    compare_notifications(stage);
}

void print(const Stage& stage, std::ostream& out) {
    const auto& language = stage.options.language;
    int differing = 0;
    for (const auto& check : stage.checks.all()) {
        const auto name = texts::text(language, "pilot.check." + check.key);
        const Json facts{{"name", name}, {"expected", shown(check.expected)}, {"actual", shown(check.actual)}};
        out << texts::text(language, check.well ? "pilot.well" : "pilot.differs", facts) << "\n";
        differing += !check.well;
    }
    out << texts::text(language, differing == 0 ? "pilot.all_well" : "pilot.not_well",
                       {{"count", stage.checks.all().size()}, {"differing", differing}})
        << std::endl;
}

Json as_json(const Stage& stage) {
    auto checks = Json::array();
    for (const auto& check : stage.checks.all())
        checks.push_back(
            {{"check", check.key}, {"expected", check.expected}, {"actual", check.actual}, {"well", check.well}});
    return {{"round", stage.round}, {"all_well", stage.checks.all_well()}, {"checks", std::move(checks)}};
}

} // namespace cunmai::pilot
