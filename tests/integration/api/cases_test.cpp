// Cases through the API: opening, reading, giving commands, the record, the worklist, drafts.
#include "adapters/words/texts.hpp"
#include "tests/integration/api/district.hpp"

#include "db/kernel/database_impl.hpp"
#include "engine/event.hpp"
#include "engine/fingerprint.hpp"
#include "engine/time.hpp"

#include <gmock/gmock.h>
#include <sodium.h>

#include <algorithm>
#include <iterator>

namespace cunmai::test {
namespace {

std::string from_base64(const std::string& text) {
    std::string bytes(text.size(), '\0');
    std::size_t length = 0;
    EXPECT_EQ(sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(),
                                nullptr, &length, nullptr, sodium_base64_VARIANT_ORIGINAL),
              0);
    bytes.resize(length);
    return bytes;
}

TEST(Cases, OpenReadAndGiveCommandsWithEtags) {
    const auto id = case_in("self_check", village_a);
    const auto seen = as("v-a").get("/cases/" + id);
    EXPECT_EQ(seen.header("ETag"), "\"1\"");
    EXPECT_EQ(seen.json().at("state"), "self_check");
    EXPECT_EQ(seen.json().at("place").at("code"), village_a);

    const auto answers = as("v-a").upload("answers.json", "application/json", good_answers(village_a));
    const auto given = as("v-a").give(id, "submit_self_check", {{"answers", answers}});
    EXPECT_EQ(given.status, 200) << given.body;
    EXPECT_EQ(given.header("ETag"), "\"2\"");
    EXPECT_EQ(given.json().at("state"), "town_screening");
}

TEST(Cases, SayWhatCanBeDoneAndWhatIsMissing) {
    const auto id = case_in("department_review", village_a);
    const auto offers = as("panel").get("/cases/" + id + "/commands").json();
    std::map<std::string, Json> by_name;
    for (const auto& offer : offers.at("items")) by_name[offer.at("command")] = offer;
    EXPECT_FALSE(by_name.at("endorse").at("allowed"));
    EXPECT_TRUE(by_name.at("endorse").at("by_role"));
    EXPECT_FALSE(by_name.at("endorse").at("missing").empty());
    EXPECT_FALSE(by_name.at("endorse").at("missing")[0].at("detail").get<std::string>().empty());
    EXPECT_TRUE(by_name.at("return_to_town").at("allowed"));
    EXPECT_EQ(by_name.at("return_to_town").at("label"), "Return to the town");
    EXPECT_EQ(by_name.at("return_to_town").at("fields")[0].at("key"), "reason");
    EXPECT_FALSE(by_name.at("sign_opinion").at("by_role"));
    EXPECT_THAT(by_name.at("sign_opinion").at("who"), testing::ElementsAre("department_reviewer"));
}

TEST(Cases, RefuseWithReasonsAndSentencesInTheReadersLanguage) {
    const auto id = case_in("department_review", village_a);
    const auto refused = as("panel").give(id, "endorse");
    EXPECT_EQ(refused.status, 422);
    EXPECT_TRUE(refused.has_reason("opinion_missing")) << refused.body;
    const auto chinese = as("panel").raw(
        "POST", "/cases/" + id + "/commands/endorse?lang=zh-CN", "{}",
        {{"Content-Type", "application/json"}, {"If-Match", "\"3\""}, {"Idempotency-Key", fresh_key()}});
    EXPECT_EQ(chinese.status, 422);
    EXPECT_NE(chinese.json().at("detail"), refused.json().at("detail"));
    EXPECT_EQ(as("v-a").give(id, "endorse").status, 403);
    EXPECT_EQ(as("panel").give(id, "request_exit").status, 422); // not in this state
    EXPECT_EQ(as("panel").give(id, "no_such_command").status, 404);
}

TEST(Cases, AreShownAsTheyStoodAfterAnyOfTheirEvents) {
    const auto id = case_in("town_screening", village_a);
    const auto before = as("auditor").get("/cases/" + id).json();
    EXPECT_EQ(as("s-a").give(id, "nominate", {{"category", "organisation"}, {"study_record", "示例"}}).status, 200);
    const auto now = as("auditor").get("/cases/" + id).json();
    for (const auto& then : {before, now}) { // made from the events, they are what was answered then
        const auto answer = as("auditor").get("/cases/" + id + "?as_of_event=" + then.at("version").dump());
        EXPECT_EQ(answer.status, 200) << answer.body;
        EXPECT_EQ(answer.json(), then);
    }
    const auto page = as("auditor").browse("/cases/" + id + "?as_of_event=2&lang=en");
    EXPECT_EQ(page.status, 200);
    EXPECT_NE(page.body.find("as it stood after entry 2"), std::string::npos);
    EXPECT_EQ(page.body.find("/do/"), std::string::npos) << "nothing can be done there";
    EXPECT_EQ(as("auditor").get("/cases/" + id + "?as_of_event=99").status, 404);
    EXPECT_EQ(as("auditor").get("/cases/" + id + "?as_of_event=0").status, 400);
    EXPECT_EQ(as("auditor").browse("/cases/" + id + "?as_of_event=99").status, 404);
    EXPECT_EQ(as("auditor").browse("/cases/" + id + "?as_of_event=x").status, 404);
    EXPECT_EQ(as("s-b").get("/cases/" + id + "?as_of_event=1").status, 404) << "another town";
    EXPECT_EQ(as("s-b").browse("/cases/" + id + "?as_of_event=1").status, 404);
}

TEST(Cases, TellTheirAuditorSinceWhenWhoeverDecidedHeldTheRole) {
    const auto id = case_in("department_review", village_a);
    const auto says = texts::text("en", "page.record.held");
    const auto page = "/cases/" + id + "/record?lang=en";
    const auto seen = as("auditor").browse(page);
    EXPECT_NE(seen.body.find(says), std::string::npos) << seen.body;
    EXPECT_NE(seen.body.find("granted by"), std::string::npos);
    EXPECT_EQ(as("s-a").browse(page).body.find(says), std::string::npos) << "only who audits the place";
}

TEST(Cases, ShowWhatWasRefused) {
    const auto id = case_in("department_review", village_a);
    as("panel").give(id, "endorse");
    const auto refusals = as("auditor").get("/cases/" + id + "/refusals").json().at("items");
    ASSERT_FALSE(refusals.empty());
    EXPECT_EQ(refusals[0].at("command"), "endorse");
    EXPECT_EQ(refusals[0].at("actor"), District::id("panel"));
}

TEST(Cases, ShowTheirAuditorWhoTriedFromOutside) {
    const auto id = case_in("town_screening", village_a);
    const auto codes_read_by = [&](const std::string& who) {
        std::set<std::string> codes;
        const auto page = as(who).get("/cases/" + id + "/refusals").json();
        for (const auto& one : page.at("items"))
            for (const auto& reason : one.at("reasons"))
                codes.insert(one.at("actor").get<std::string>() + ' ' + reason.at("code").get<std::string>());
        return codes;
    };
    const auto outside = as("s-b").give_at(2, id, "nominate", Json::object(), fresh_key());
    EXPECT_EQ(outside.status, 404);
    const auto nowhere = as("s-b").give_at(2, "no-such-case", "nominate", Json::object(), fresh_key());
    EXPECT_EQ(nowhere.status, 404);
    EXPECT_EQ(outside.code(), nowhere.code());
    EXPECT_EQ(outside.json().value("reasons", Json()), nowhere.json().value("reasons", Json()));
    EXPECT_EQ(as("s-a").give(id, "nominate", {{"category", "weather"}}).status, 422);
    EXPECT_EQ(as("s-a").give(id, "no_such_command").status, 404);
    const auto mine = District::id("s-a"), theirs = District::id("s-b");
    for (const auto* who : {"s-a", "auditor"}) {
        const auto codes = codes_read_by(who);
        EXPECT_TRUE(codes.contains(mine + " not_a_choice")) << who;
        EXPECT_TRUE(codes.contains(mine + " unknown_command")) << who;
        EXPECT_EQ(codes.contains(theirs + " outside_jurisdiction"), std::string(who) == "auditor") << who;
    }
}

TEST(Cases, KeepWhatWasTriedByFormsToo) {
    const auto id = case_in("town_screening", village_a);
    const auto page = "/cases/" + id + "/do/";
    const std::string nowhere(64, 'a');
    EXPECT_EQ(as("s-b").submit(page + "nominate", "version=2&category=governance").status, 404);
    EXPECT_EQ(as("s-b").submit(page + "no_such_command", "version=2").status, 404);
    EXPECT_EQ(as("s-b").submit("/cases/no-such-case/do/nominate", "version=2").status, 404);
    EXPECT_EQ(as("v-b").submit("/cases/" + id + "/indicators/submit", "version=2").status, 404);
    EXPECT_EQ(as("o-a").submit("/cases/" + id + "/indicators/submit", "version=2").status, 303); // to the answers
    EXPECT_EQ(as("s-a").submit(page + "no_such_command", "version=2").status, 404);
    EXPECT_EQ(as("s-a").submit(page + "decline", "version=2&reason=x&on_behalf_of=p-s-b").status, 403);
    EXPECT_EQ(as("panel").submit(page + "terminate", "version=2&minutes_kept=" + nowhere).status, 422);
    EXPECT_EQ(as("panel").give(id, "terminate", {{"minutes", nowhere}}).status, 422);
    std::multiset<std::string> kept;
    const auto refusals = as("auditor").get("/cases/" + id + "/refusals").json();
    for (const auto& one : refusals.at("items"))
        kept.insert(one.at("actor").get<std::string>() + ' ' + one.at("command").get<std::string>() + ' ' +
                    one.at("reasons").at(0).at("code").get<std::string>());
    EXPECT_EQ(kept, (std::multiset<std::string>{
                        "p-o-a submit_self_check not_in_this_state", "p-panel terminate document_unknown",
                        "p-panel terminate document_unknown", "p-s-a decline no_such_delegation",
                        "p-s-a no_such_command unknown_command", "p-s-b no_such_command outside_jurisdiction",
                        "p-s-b nominate outside_jurisdiction", "p-v-b submit_self_check outside_jurisdiction"}));
}

TEST(Cases, KeepWhoTriedToOpenThem) {
    const auto kept = [] {
        std::multiset<std::string> all;
        District::the().app().database.impl().read([&](db::Connection& connection) {
            std::string actor, command, reasons;
            connection.each_text("SELECT actor, command, reasons FROM refusals WHERE case_id = ''", {},
                                 {actor, command, reasons}, [&] {
                                     const auto code = Json::parse(reasons).at(0).at("code").get<std::string>();
                                     all.insert(actor + ' ' + command + ' ' + code);
                                 });
        });
        return all;
    };
    const auto before = kept();
    EXPECT_EQ(as("s-b").submit(std::string("/open/village_lifecycle/") + village_a + "/open_targeted", "").status, 404);
    EXPECT_EQ(as("s-a").submit(std::string("/open/village_lifecycle/") + village_a + "/dance", "").status, 404);
    EXPECT_EQ(as("s-a").submit("/rounds/new", "title=x").status, 404);
    EXPECT_EQ(
        as("s-a").post("/rounds", {{"place", district_a}, {"title", "x"}}, {{"Idempotency-Key", fresh_key()}}).status,
        404);
    EXPECT_EQ(as("panel")
                  .post("/rounds", {{"place", district_a}, {"title", "x"}, {"towns", {town_x}}},
                        {{"Idempotency-Key", fresh_key()}})
                  .status,
              422);
    std::multiset<std::string> fresh;
    const auto after = kept();
    std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::inserter(fresh, fresh.end()));
    EXPECT_EQ(fresh,
              (std::multiset<std::string>{"p-panel announce unknown_place", "p-s-a announce outside_jurisdiction",
                                          "p-s-a announce outside_jurisdiction", "p-s-a dance unknown_command",
                                          "p-s-b open_targeted outside_jurisdiction"}));
}

TEST(History, IsEnoughToVerifyTheRecordWithoutTheServer) {
    const auto id = case_in("department_review", village_a);
    std::string previous(64, '0');
    int after = 0, events = 0;
    for (;;) {
        ASSERT_LT(events, 1000) << "the history has no end";
        const auto page =
            as("auditor").get("/cases/" + id + "/history?limit=1&after_seq=" + std::to_string(after)).json();
        for (const auto& event : page.at("items")) {
            ++events;
            EXPECT_EQ(event.at("previous_hash"), previous);
            const auto bytes = from_base64(event.at("record"));
            EXPECT_EQ(sha256_hex(from_hex(previous) + bytes), event.at("hash"));
            EXPECT_NE(bytes.find(event.at("command").get<std::string>()), std::string::npos);
            previous = event.at("hash");
        }
        if (page.at("next_after_seq").is_null()) {
            EXPECT_EQ(page.at("head_hash"), previous);
            EXPECT_EQ(page.at("version"), events);
            break;
        }
        after = page.at("next_after_seq");
    }
    EXPECT_EQ(events, 3);
}

TEST(Cases, AreListedInPagesThatMeet) {
    case_in("self_check", village_a);
    case_in("self_check", village_a2);
    case_in("self_check", village_b);
    std::set<std::string> ids;
    std::string cursor;
    std::int64_t total = 0, pages = 0;
    do {
        const auto page =
            as("auditor").get("/cases?limit=2&sort=place" + (cursor.empty() ? "" : "&cursor=" + cursor)).json();
        total = page.at("total");
        for (const auto& item : page.at("items")) EXPECT_TRUE(ids.insert(item.at("id")).second) << "twice in the list";
        cursor = page.at("next_cursor").is_null() ? "" : page.at("next_cursor").get<std::string>();
        ++pages;
    } while (!cursor.empty() && pages < 1000);
    EXPECT_EQ(static_cast<std::int64_t>(ids.size()), total);
    EXPECT_GE(total, 3);
}

TEST(Cases, AreFiltered) {
    const auto id = case_in("town_screening", village_a);
    const auto ids = [](const std::string& query) {
        std::set<std::string> found;
        for (const auto& item : as("panel").get("/cases?limit=100&" + query).list("items")) found.insert(item.at("id"));
        return found;
    };
    EXPECT_TRUE(ids("state=town_screening").contains(id));
    EXPECT_FALSE(ids("state=managed").contains(id));
    EXPECT_TRUE(ids(std::string("place=") + town_a).contains(id));
    EXPECT_FALSE(ids(std::string("place=") + town_b).contains(id));
    EXPECT_TRUE(ids("role=town_supervisor").contains(id));
    EXPECT_FALSE(ids("role=committee_member").contains(id));
    EXPECT_TRUE(ids("text=%E4%B8%9C%E4%B8%80").contains(id));  // 东一
    EXPECT_FALSE(ids("text=%E6%B2%A1%E6%9C%89").contains(id)); // 没有
    EXPECT_TRUE(ids("status=open&definition=village_lifecycle").contains(id));
    EXPECT_FALSE(ids("status=final").contains(id));
}

TEST(Worklist, CountsWhatItLists) {
    const auto id = case_in("town_screening", village_a);
    const auto list = as("s-a").get("/worklist?limit=100").json();
    EXPECT_EQ(list.at("total"), list.at("counts").at("todo"));
    bool there = false;
    std::string command;
    for (const auto& item : list.at("items"))
        if (item.at("case_id") == id) there = true, command = item.at("command");
    EXPECT_TRUE(there);
    EXPECT_EQ(as("s-a").raw("PUT", "/cases/" + id + "/claims/" + command, "").status, 204);
    EXPECT_EQ(as("s-a").get("/worklist/counts").json().at("claimed"), 1);
    EXPECT_EQ(as("s-a").remove("/cases/" + id + "/claims/" + command).status, 204);
    EXPECT_EQ(as("s-a").get("/worklist/counts").json().at("claimed"), 0);
    EXPECT_EQ(as("s-a").raw("PUT", "/cases/" + id + "/claims/sign_opinion", "").status, 409);
}

TEST(Drafts, AreMergedByIndicatorAndBelongToTheFiller) {
    const auto id = case_in("self_check", village_a);
    const auto path = "/cases/" + id + "/draft";
    EXPECT_EQ(as("v-a").patch(path, {{"answers", {{"ORG-01", {{"value", 3}}}}}}).status, 200);
    EXPECT_EQ(as("v-a").patch(path, {{"answers", {{"ORG-02", {{"value", 2}, {"note", "示例\n备注"}}}}}}).status, 200);
    const auto draft = as("v-a").get(path).json().at("answers");
    EXPECT_EQ(draft.at("ORG-01").at("value"), 3);
    EXPECT_EQ(draft.at("ORG-02").at("note"), "示例\n备注");
    EXPECT_TRUE(as("v-a").patch(path, {{"answers", {{"ZZZ-99", {{"value", 1}}}}}}).has_reason("unknown_indicator"));
    EXPECT_EQ(as("s-a").get(path).status, 403);  // sees the case, does not fill it in
    EXPECT_EQ(as("v-a2").get(path).status, 404); // may not know of the case
}

TEST(Drafts, GoOnFromWhatWasHandedInWhenTheTownReturnsIt) {
    const auto id = case_in("self_check", village_a);
    const auto path = "/cases/" + id + "/draft";
    EXPECT_TRUE(as("v-a").get(path).json().at("returned").is_null());
    as("v-a").patch(path,
                    {{"answers", {{"ORG-04", {{"value", 1}}}}}}); // of a client that then hands in another document
    const auto answers = as("v-a").upload("answers.json", "application/json", good_answers(village_a));
    ASSERT_EQ(as("v-a").give(id, "submit_self_check", {{"answers", answers}}).status, 200);
    const auto due_on = engine::to_text(engine::add_days(engine::parse_date(District::the().app().today()).value(), 9));
    const Json with_date{{"reason", "第一项与台账不符，\n请核实"}, {"new_due_on", due_on}};
    const Json too_late{{"reason", "示例"}, {"new_due_on", "2020-01-01"}};
    EXPECT_TRUE(as("s-a").give(id, "return_to_village", too_late).has_reason("in_the_past"));
    ASSERT_EQ(as("s-a").give(id, "return_to_village", with_date).status, 200);
    EXPECT_EQ(as("v-a").get("/cases/" + id).json().at("due_on"), due_on);

    const auto returned = as("v-a").get(path).json();
    EXPECT_EQ(returned.at("answers"), Json::parse(good_answers(village_a)).at("answers"));
    EXPECT_EQ(returned.at("returned").at("reason"), with_date.at("reason"));
    EXPECT_EQ(returned.at("returned").at("by"), District::id("s-a"));
    EXPECT_TRUE(returned.at("returned").at("on_behalf_of").is_null());

    const auto changed = as("v-a").patch(path, {{"answers", {{"ORG-04", {{"value", 20}}}}}}).json().at("answers");
    auto expected = returned.at("answers");
    expected["ORG-04"] = {{"value", 20}};
    EXPECT_EQ(changed, expected);
    EXPECT_EQ(as("v-a").get(path).json().at("answers"), expected);

    auto whole = Json::parse(good_answers(village_a));
    whole["answers"] = expected;
    const auto again = as("v-a").upload("answers.json", "application/json", whole.dump());
    ASSERT_EQ(as("v-a").give(id, "submit_self_check", {{"answers", again}}).status, 200);
    ASSERT_EQ(as("s-a").give(id, "return_to_village", {{"reason", "示例：再核一次"}}).status, 200);
    EXPECT_EQ(as("v-a").get(path).json().at("answers"), expected) << "the draft before it is gone";
    EXPECT_EQ(as("v-a").get(path).json().at("returned").at("reason"), "示例：再核一次");
}

TEST(Ballots, AreListed) {
    const auto id = case_in("self_check", village_a);
    const auto ballots = as("auditor").get("/cases/" + id + "/ballots").json();
    EXPECT_TRUE(ballots.at("open").is_null());
    EXPECT_TRUE(ballots.at("closed").empty());
}

TEST(Places, ReachAsFarAsTheJurisdiction) {
    const auto codes = [](const std::string& who, const std::string& query = "") {
        std::set<std::string> found;
        for (const auto& item : as(who).get("/places?limit=100" + query).list("items")) found.insert(item.at("code"));
        return found;
    };
    EXPECT_THAT(codes("v-a"), testing::ElementsAre(village_a));
    EXPECT_THAT(codes("s-a"), testing::ElementsAre(town_a, village_a, village_a2));
    EXPECT_EQ(codes("panel").size(), 7U);
    EXPECT_EQ(codes("secadmin").size(), 10U); // grants roles anywhere
    EXPECT_THAT(codes("panel", std::string("&level=village&within=") + town_b),
                testing::ElementsAre(village_b, village_b2));
    EXPECT_TRUE(codes("nobody").empty());
    EXPECT_EQ(as("s-a").get(std::string("/places/") + town_b).status, 404);
    EXPECT_EQ(as("s-a").get(std::string("/places/") + village_a).json().at("name"), "示例东一村");
}

TEST(Places, OfferWhatWouldOpenACase) {
    const auto offers = as("panel")
                            .get(std::string("/places/") + village_b2 + "/commands?definition=village_lifecycle")
                            .json()
                            .at("items");
    bool open = false;
    for (const auto& offer : offers) open = open || (offer.at("command") == "open" && offer.at("by_role"));
    EXPECT_TRUE(open);
    EXPECT_EQ(as("panel").get(std::string("/places/") + village_b2 + "/commands?definition=nothing").status, 404);
}

TEST(Definitions, AreReadFromTheirTables) {
    const auto all = as("nobody").get("/definitions").json().at("items");
    EXPECT_EQ(all.size(), District::the().app().registry.all().size());
    const auto one = as("nobody").get("/definitions/village_lifecycle").json();
    EXPECT_EQ(one.at("states").size(), 11U);
    EXPECT_EQ(one.at("fingerprint").get<std::string>().size(), 64U);
    EXPECT_EQ(as("nobody").get("/definitions/nothing").status, 404);
    EXPECT_EQ(as("nobody").get("/definitions/village_lifecycle?version=99").status, 404);
}

} // namespace
} // namespace cunmai::test
