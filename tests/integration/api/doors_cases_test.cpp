// Commands, openings, rounds, drafts and claims through page and API. There is no command for them on the command line.
#include "tests/integration/api/doors.hpp"

#include "db/kernel/database.hpp"
#include "engine/digest.hpp"

#include <gtest/gtest.h>

namespace cunmai::test {

namespace {

constexpr auto opened_by = "panel";

class DoorsOfCases : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { own_ = std::make_unique<District>(); }
    static void TearDownTestSuite() { own_.reset(); }

    static App& app() { return own_->app(); }
    static engine::Viewer viewer(const std::string& login) { return app().viewer({District::id(login)}); }
    static engine::CaseRow row(const std::string& id) { return *app().cases.row({id}); }

    // What stands in the database about a case, without what differs between two cases that went the same way.
    static Json all_about(const std::string& id);
    static Json refused(const std::string& id) { // who tried what and why it was refused, newest first
        auto all = Json::array();
        for (const auto& one : app().cases.refusals(viewer("auditor"), {id}, 1000))
            all.push_back({one.refused.command, one.refused.state, one.refused.actor.text, one.refused.reasons});
        return all;
    }
    static Json last_refusal(const std::string& id) {
        const auto all = refused(id);
        return all.empty() ? Json() : all.front();
    }
    // Rows of the access log about the case, by their status; pages and API have each their own.
    static std::map<int, int> accesses(const std::string& id) {
        std::map<int, int> all;
        db::AccessLog::Filter filter;
        filter.limit = 1000;
        for (const auto& one : app().access_log.list(filter))
            if (one.access.object == id && one.access.method == "POST") ++all[one.access.status];
        return all;
    }

    static Told command_by_page(const std::string& login, const std::string& id, const std::string& name,
                                const Values& values, std::optional<std::int64_t> version = {},
                                const std::string& key = fresh_key()) {
        auto form = values;
        form["version"] = std::to_string(version.value_or(row(id).version));
        form["idempotency_key"] = key;
        return by_page(login, "/cases/" + id + "/do/" + name, form);
    }
    static Told command_by_api(const std::string& login, const std::string& id, const std::string& name,
                               const Json& payload, std::optional<std::int64_t> version = {},
                               const std::string& key = fresh_key()) {
        return by_api(
            login, "POST", "/cases/" + id + "/commands/" + name, payload,
            {{"If-Match", '"' + std::to_string(version.value_or(row(id).version)) + '"'}, {"Idempotency-Key", key}});
    }
    static void fill_draft(const std::string& id, const std::string& login, const std::string& village) {
        const auto answers = Json::parse(good_answers(village)).at("answers");
        const auto saved = as(login).patch("/cases/" + id + "/draft", {{"answers", answers}});
        ASSERT_EQ(saved.status, 200) << saved.body;
    }

    static std::unique_ptr<District> own_;
};

std::unique_ptr<District> DoorsOfCases::own_;

// Ids and hashes of this case as words, so that those of two cases can be compared.
Json DoorsOfCases::all_about(const std::string& id) {
    const auto now = row(id);
    const auto events = app().cases.events({id});
    const auto& last = events.back();
    auto work = Json::array();
    db::WorkFilter filter;
    filter.limit = 100;
    for (const auto* login : {"v-a", "s-a", "reviewer", "panel", "secretary"})
        for (const auto& item : app().cases.worklist(viewer(login), filter, app().today()).items)
            if (item.case_id.text == id)
                work.push_back({login, item.command, item.role, item.qualifier, item.due_on, item.claimed_by.text});
    auto documents = Json::array();
    for (const auto& document : app().documents.of_case({id}))
        documents.push_back({document.media_type, document.size});
    Json all{{"state", now.state},
             {"version", now.version},
             {"final", now.final},
             {"facts", now.facts},
             {"summary", {now.summary.title, now.summary.category, now.summary.due_on, now.summary.colour}},
             {"event",
              {{"command", last.command},
               {"from", last.from},
               {"to", last.to},
               {"actor", last.actor.text},
               {"on_behalf_of", last.on_behalf_of.text},
               {"payload", Json::parse(last.payload)},
               {"has_request_id", !last.request_id.empty()}}},
             {"events", events.size()},
             {"work", work},
             {"draft", app().drafts.get({id})},
             {"documents", documents}};
    auto text = all.dump(1);
    for (auto at = text.find(id); at != std::string::npos; at = text.find(id)) text.replace(at, id.size(), "this case");
    std::string without_hashes; // of documents, which differ as their contents do
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == '"' && i + 65 < text.size() && text[i + 65] == '"' && is_hex(text.substr(i + 1, 64), 64)) {
            without_hashes += "\"a document\"";
            i += 66;
        } else {
            without_hashes += text[i++];
        }
    }
    return Json::parse(without_hashes);
}

std::vector<Bad> bad_texts(const std::string& field, std::size_t length_max) {
    std::vector<Bad> all;
    for (auto& one : bad_lines(field, length_max)) // what can't be seen may stand in a longer text: people paste
        if (one.code != "control_character" || one.value.find_first_of("\x01\x1B") != std::string::npos)
            all.push_back(one);
    return all;
}

TEST_F(DoorsOfCases, ACommandLeavesTheSame) {
    const Values values{{"category", "disputes"}, {"study_record", "示例研究记录"}};
    std::optional<Json> first;
    for (const bool page : {true, false}) {
        const auto id = case_in("town_screening", village_a);
        EXPECT_EQ(as("s-a").raw("PUT", "/cases/" + id + "/claims/nominate", "").status, 204);
        const auto told =
            page ? command_by_page("s-a", id, "nominate", values) : command_by_api("s-a", id, "nominate", Json(values));
        EXPECT_TRUE(told.done) << told.words.substr(0, 1000);
        EXPECT_EQ(accesses(id)[page ? 303 : 200], page ? 1 : 2) << "one row, and that of the submission by API";
        const auto after = all_about(id);
        if (!first) first = after;
        EXPECT_EQ(after, *first) << "the API left something else than the page";
    }
}

TEST_F(DoorsOfCases, ACommandIsRefusedAlike) {
    const auto id = case_in("town_screening", village_a);
    const std::vector<Door> doors{
        {"page", [&](const Values& values) { return command_by_page("s-a", id, "nominate", values); }},
        {"API", [&](const Values& values) {
             Json payload(values);
             if (payload.contains("secondary_categories"))
                 payload["secondary_categories"] = Json::array({payload["secondary_categories"]});
             return command_by_api("s-a", id, "nominate", payload);
         }}};
    const Values good{{"category", "disputes"}, {"study_record", "示例研究记录"}};
    auto bad = bad_texts("study_record", 4000);
    for (const auto& one : {Bad{"category", "", "missing"}, Bad{"category", "\xE3\x80\x80", "missing"},
                            Bad{"category", "Disputes", "not_a_choice"}, Bad{"category", "quarrels", "not_a_choice"},
                            Bad{"secondary_categories", "Disputes", "not_a_choice"}})
        bad.push_back(one);
    expect_refused_alike(doors, good, bad, [&] { return all_about(id); });

    // Every attempt is kept, with the same reasons.
    for (const auto& one : bad) {
        auto values = good;
        values[one.field] = one.value;
        std::vector<Json> kept;
        for (const auto& door : doors) {
            door.give(values);
            kept.push_back(last_refusal(id));
        }
        EXPECT_EQ(kept[0], kept[1]) << one.field << " = " << one.value.substr(0, 40);
    }
}

TEST_F(DoorsOfCases, ACommandIsTurnedAwayAlike) {
    const auto id = case_in("town_screening", village_a);
    const Values good{{"category", "disputes"}, {"study_record", "示例研究记录"}};
    const auto before = all_about(id);
    const auto both = [&](const std::string& login, const std::string& command, std::optional<std::int64_t> version) {
        std::vector<Json> kept;
        const auto page = command_by_page(login, id, command, good, version);
        kept.push_back(last_refusal(id));
        const auto api = command_by_api(login, id, command, Json(good), version);
        kept.push_back(last_refusal(id));
        EXPECT_FALSE(page.done) << login << " " << command;
        EXPECT_FALSE(api.done) << login << " " << command;
        EXPECT_EQ(kept[0], kept[1]) << login << " " << command;
        EXPECT_EQ(all_about(id), before) << login << " " << command;
        return std::pair{page.words.substr(0, 3), api.words.substr(0, 3)};
    };
    EXPECT_EQ(both("s-a", "nominate", 1), (std::pair<std::string, std::string>("409", "409"))) << "somebody was first";
    both("o-a", "nominate", {}); // another role
    EXPECT_EQ(both("s-b", "nominate", {}), (std::pair<std::string, std::string>("404", "404"))) << "another town";
    both("panel", "endorse", {}); // in another state
    EXPECT_EQ(both("s-a", "no_such_command", {}), (std::pair<std::string, std::string>("404", "404")));

    const auto key = fresh_key();
    auto other = good;
    other["study_record"] = "另一份";
    EXPECT_TRUE(command_by_page("s-a", id, "nominate", good, {}, key).done);
    const auto done = all_about(id);
    EXPECT_EQ(command_by_page("s-a", id, "nominate", other, 2, key).codes(), std::multiset<std::string>{"key_reused"});
    EXPECT_EQ(command_by_api("s-a", id, "nominate", Json(other), 2, key).words.find("422"), 0U);
    EXPECT_TRUE(command_by_api("s-a", id, "nominate", Json(good), 2, key).done) << "the same command, seen before";
    EXPECT_EQ(all_about(id), done);
}

TEST_F(DoorsOfCases, BlanksAroundATextAreNotKeptByAny) {
    std::optional<Json> first;
    for (const bool page : {true, false}) {
        const auto id = case_in("town_screening", village_a);
        const Values values{{"category", " disputes "}, {"study_record", "\xE3\x80\x80示例研究记录 \n"}};
        const auto told =
            page ? command_by_page("s-a", id, "nominate", values) : command_by_api("s-a", id, "nominate", Json(values));
        EXPECT_TRUE(told.done) << told.words.substr(0, 1000);
        const auto payload = all_about(id).at("event").at("payload");
        EXPECT_EQ(payload, (Json{{"category", "disputes"}, {"study_record", "示例研究记录"}}));
        if (!first) first = payload;
        EXPECT_EQ(payload, *first);
    }
}

TEST_F(DoorsOfCases, DocumentsAreLinkedAlike) {
    std::optional<Json> first;
    for (const bool page : {true, false}) {
        const auto id = case_in("self_check", village_a);
        const auto minutes = as(opened_by).upload("minutes.pdf", "application/pdf", some_pdf(page ? "one" : "two"));
        const auto of_another = as("chair").upload("other.pdf", "application/pdf", some_pdf("of another"));
        const auto give = [&](const std::string& document) {
            return page ? command_by_page(opened_by, id, "terminate",
                                          {{"minutes_kept", document}, {"reason", "示例撤并"}})
                        : command_by_api(opened_by, id, "terminate", {{"minutes", document}, {"reason", "示例撤并"}});
        };
        const auto before = all_about(id);
        for (const auto& [document, code] : {std::pair<std::string, std::string>{"", "missing"},
                                             {"minutes", "not_a_document"},
                                             {std::string(64, 'A'), "not_a_document"},
                                             {std::string(64, '0'), "document_unknown"},
                                             {of_another, "document_unknown"}}) {
            const auto told = give(document);
            EXPECT_EQ(told.reasons, (std::multimap<std::string, std::string>{{"minutes", code}}))
                << (page ? "page " : "API ") << document << told.words.substr(0, 600);
            EXPECT_EQ(all_about(id), before);
        }
        EXPECT_TRUE(give(minutes).done);
        const auto after = all_about(id);
        EXPECT_EQ(after.at("documents").size(), 1U);
        if (!first) first = after;
        EXPECT_EQ(after, *first);
    }
}

TEST_F(DoorsOfCases, ADraftIsSavedAlike) {
    std::vector<Json> saved;
    for (const bool page : {true, false}) {
        const auto id = case_in("self_check", village_a);
        const auto first = app().rules.get("catalogue").at("indicators").at(0).at("code").get<std::string>();
        const auto told =
            page ? by_page("v-a", "/cases/" + id + "/indicators",
                           {{"value_" + first, "3"}, {"reason_" + first, ""}, {"then", "save"}})
                 : by_api("v-a", "PATCH", "/cases/" + id + "/draft", {{"answers", {{first, {{"value", 3}}}}}});
        EXPECT_TRUE(told.done) << told.words.substr(0, 1000);
        saved.push_back(app().drafts.get({id}));

        std::string too_long;
        for (int i = 0; i < 2001; ++i) too_long += "村";
        const auto refused =
            page ? by_page("v-a", "/cases/" + id + "/indicators",
                           {{"value_" + first, "3"}, {"na_" + first, "yes"}, {"reason_" + first, too_long}})
                 : by_api("v-a", "PATCH", "/cases/" + id + "/draft",
                          {{"answers", {{first, {{"not_applicable", true}, {"reason", too_long}}}}}});
        EXPECT_EQ(refused.codes(), std::multiset<std::string>{"too_long"}) << refused.words.substr(0, 300);
        EXPECT_EQ(app().drafts.get({id}), saved.back()) << "nothing of it is saved";
    }
    EXPECT_EQ(saved[0], saved[1]);
    EXPECT_FALSE(saved[0].empty());
}

// By the self-check's own page, by the page that every command has, and by API.
TEST_F(DoorsOfCases, TheDraftGoesWithTheAnswersWhicheverDoorHandsThemIn) {
    std::optional<Json> first;
    for (const std::string door : {"its own page", "the command's page", "API"}) {
        const auto id = case_in("self_check", village_a);
        fill_draft(id, "v-a", village_a);
        ASSERT_FALSE(app().drafts.get({id}).empty());
        Told told;
        if (door == "its own page") {
            told = by_page("v-a", "/cases/" + id + "/indicators/submit",
                           {{"version", "1"}, {"idempotency_key", fresh_key()}});
        } else {
            const auto answers = as("v-a").upload("answers.json", "application/json", good_answers(village_a));
            told = door == "API" ? command_by_api("v-a", id, "submit_self_check", {{"answers", answers}})
                                 : command_by_page("v-a", id, "submit_self_check", {{"answers_kept", answers}});
        }
        EXPECT_TRUE(told.done) << door << told.words.substr(0, 1000);
        EXPECT_TRUE(app().drafts.get({id}).empty()) << door;
        const auto after = all_about(id);
        EXPECT_EQ(after.at("documents").size(), 1U) << door;
        auto compared = after;
        compared.erase("documents"); // they are written with other blanks
        if (!first) first = compared;
        EXPECT_EQ(compared, *first) << door;
    }
}

TEST_F(DoorsOfCases, TheDraftStaysWithARefusalAndWithARepeatedRequest) {
    const auto id = case_in("self_check", village_a);
    fill_draft(id, "v-a", village_a);
    const auto draft = app().drafts.get({id});
    EXPECT_FALSE(command_by_api("v-a", id, "submit_self_check", {{"answers", std::string(64, '0')}}).done);
    EXPECT_FALSE(command_by_page("v-a", id, "submit_self_check", {{"answers_kept", std::string(64, '0')}}).done);
    EXPECT_EQ(app().drafts.get({id}), draft);

    const auto key = fresh_key();
    const auto answers = as("v-a").upload("answers.json", "application/json", good_answers(village_a));
    EXPECT_TRUE(command_by_api("v-a", id, "submit_self_check", {{"answers", answers}}, 1, key).done);
    EXPECT_TRUE(command_by_api("s-a", id, "return_to_village", {{"reason", "示例补充"}}).done);
    fill_draft(id, "v-a", village_a);
    const auto again = app().drafts.get({id});
    EXPECT_TRUE(command_by_api("v-a", id, "submit_self_check", {{"answers", answers}}, 1, key).done) << "a late repeat";
    EXPECT_EQ(app().drafts.get({id}), again);
}

// A delegate fills in and uploads; the officer hands in, and the other way round.
TEST_F(DoorsOfCases, EvidenceOfTheDraftMayBeHandedInByWhoeverSubmits) {
    const auto today = app().today();
    ASSERT_EQ(as("v-a")
                  .post("/delegations", {{"delegate", District::id("coordinator")},
                                         {"role", "village_officer"},
                                         {"from_on", today},
                                         {"until_on", today},
                                         {"reason", "示例休假"}})
                  .status,
              201);
    const auto code = app().rules.get("catalogue").at("indicators").at(0).at("code").get<std::string>();
    for (const bool page : {true, false}) {
        const auto id = case_in("self_check", village_a);
        fill_draft(id, "v-a", village_a);
        const auto photo =
            as("coordinator").upload("proof.pdf", "application/pdf", some_pdf(page ? "for the page" : "for the API"));
        const Json changed{{"answers", {{code, {{"value", 0}, {"evidence", {photo}}}}}}};
        const auto by_delegate =
            by_api("coordinator", "PATCH", "/cases/" + id + "/draft", changed, {{"On-Behalf-Of", District::id("v-a")}});
        ASSERT_TRUE(by_delegate.done) << by_delegate.words;
        EXPECT_TRUE(by_api("v-a", "PATCH", "/cases/" + id + "/draft", changed).done) << "it stands there already";
        Told told;
        if (page) {
            told = by_page("v-a", "/cases/" + id + "/indicators/submit",
                           {{"version", "1"}, {"idempotency_key", fresh_key()}});
        } else {
            auto document = Json::parse(good_answers(village_a));
            document["answers"][code] = changed["answers"][code];
            const auto answers = as("v-a").upload("answers.json", "application/json", document.dump());
            told = command_by_api("v-a", id, "submit_self_check", {{"answers", answers}});
        }
        EXPECT_TRUE(told.done) << told.words.substr(0, 1000);
        EXPECT_EQ(app().documents.of_case({id}).size(), 2U);
    }
}

TEST_F(DoorsOfCases, OpeningLeavesTheSameAndIsRefusedAlike) {
    const auto path = std::string("/open/village_lifecycle/") + village_a2 + "/open_targeted";
    const std::vector<Door> doors{{"page",
                                   [&](const Values& values) {
                                       auto form = values;
                                       form["idempotency_key"] = fresh_key();
                                       return by_page(opened_by, path, form);
                                   }},
                                  {"API", [](const Values& values) {
                                       return by_api(opened_by, "POST", "/cases",
                                                     {{"definition", "village_lifecycle"},
                                                      {"place", village_a2},
                                                      {"command", "open_targeted"},
                                                      {"payload", Json(values)}},
                                                     {{"Idempotency-Key", fresh_key()}});
                                   }}};
    const auto open = [] {
        return as(opened_by)
            .get(std::string("/cases?definition=village_lifecycle&status=open&place=") + village_a2)
            .list();
    };
    const Values good{{"reason", "示例突发情况"}, {"screening_due_on", "2099-12-31"}};
    auto bad = bad_texts("reason", 4000);
    for (const auto& one :
         {Bad{"screening_due_on", "2099-02-30", "not_a_date"}, Bad{"screening_due_on", "31.12.2099", "not_a_date"},
          Bad{"screening_due_on", "２０９９-12-31", "not_a_date"}, Bad{"indicators", "NO-99", "indicators_unknown"}})
        bad.push_back(one);
    expect_refused_alike(doors, good, bad, open);
    std::optional<Json> first;
    for (const auto& door : doors) {
        const auto told = door.give(good);
        EXPECT_TRUE(told.done) << door.name << told.words.substr(0, 1000);
        ASSERT_EQ(open().size(), 1U) << door.name;
        const auto id = open().at(0).at("id").get<std::string>();
        const auto after = all_about(id);
        if (!first) first = after;
        EXPECT_EQ(after, *first) << door.name;
        expect_refused_alike(doors, good, {{"reason", "又一次", "already_open"}}, open);
        const auto minutes = as(opened_by).upload("minutes.pdf", "application/pdf", some_pdf("minutes"));
        EXPECT_TRUE(command_by_api(opened_by, id, "terminate", {{"minutes", minutes}, {"reason", "示例撤并"}}).done);
    }
}

TEST_F(DoorsOfCases, ARoundIsAnnouncedAlike) {
    const auto from_form = [](const Values& values) {
        Json payload(values);
        if (payload.contains("towns")) payload["towns"] = Json::array({payload["towns"]});
        return payload;
    };
    const std::vector<Door> doors{
        {"page",
         [&](const Values& values) {
             auto form = values;
             form["idempotency_key"] = fresh_key();
             return by_page(opened_by, "/rounds/new", form);
         }},
        {"API", [&](const Values& values) {
             auto body = from_form(values);
             body["place"] = district_a;
             return by_api(opened_by, "POST", "/rounds", body, {{"Idempotency-Key", fresh_key()}});
         }}};
    const auto rounds = [] { return as(opened_by).get("/cases?definition=screening_round&sort=-opened").list(); };
    const Values good{{"title", "示例摸排"},
                      {"self_check_due_on", "2099-01-31"},
                      {"screening_due_on", "2099-02-28"},
                      {"review_due_on", "2099-03-31"},
                      {"committee_due_on", "2099-04-30"}};
    std::vector<Bad> bad;
    for (auto& one : bad_texts("title", 200)) bad.push_back(one);
    for (const auto& one :
         {Bad{"self_check_due_on", "", "missing"}, Bad{"self_check_due_on", "2099-02-30", "not_a_date"},
          Bad{"review_due_on", "soon", "not_a_date"}, Bad{"towns", "nowhere", "unknown_place"},
          Bad{"towns", town_x, "unknown_place"}})
        bad.push_back(one);
    expect_refused_alike(doors, good, bad, rounds);

    std::optional<Json> first;
    for (const auto& door : doors) {
        for (const auto* village : {village_a, village_a2, village_b, village_b2}) { // none has an open case
            const auto list =
                as(opened_by).get(std::string("/cases?definition=village_lifecycle&status=open&place=") + village);
            for (const auto& one : list.list()) {
                const auto minutes = as(opened_by).upload("minutes.pdf", "application/pdf", some_pdf("minutes"));
                EXPECT_TRUE(
                    command_by_api(opened_by, one.at("id"), "terminate", {{"minutes", minutes}, {"reason", "示例撤并"}})
                        .done);
            }
        }
        const auto told = door.give(good);
        EXPECT_TRUE(told.done) << door.name << told.words.substr(0, 1000);
        const auto id = rounds().at(0).at("id").get<std::string>();
        const auto all = as(opened_by).get("/cases?definition=village_lifecycle&sort=place&round=" + id).list();
        EXPECT_EQ(all.size(), 4U) << door.name;
        Json after{all_about(id)};
        for (const auto& one : all) {
            auto about = all_about(one.at("id")).dump();
            for (auto at = about.find(id); at != std::string::npos; at = about.find(id))
                about.replace(at, id.size(), "the round");
            after.push_back(Json::parse(about));
        }
        if (!first) first = after;
        EXPECT_EQ(after, *first) << door.name;
    }
}

TEST_F(DoorsOfCases, ATaskIsTakenAndGivenBackAlike) {
    const auto id = case_in("town_screening", village_a);
    const auto path = "/cases/" + id + "/claims/nominate";
    const auto by = [&](const std::string& door, const std::string& login, bool take) {
        return door == "page" ? by_page(login, "/work/claim",
                                        {{"case_id", id}, {"command", "nominate"}, {"take", take ? "true" : "false"}})
                              : by_api(login, take ? "PUT" : "DELETE", path, Json());
    };
    const auto before = all_about(id);
    std::optional<Json> taken;
    for (const std::string door : {"page", "API"}) {
        by(door, "s-a", true);
        const auto after = all_about(id);
        EXPECT_NE(after, before) << door;
        if (!taken) taken = after;
        EXPECT_EQ(after, *taken) << door;
        by(door, "reviewer", true);
        by(door, "s-b", false);
        EXPECT_EQ(all_about(id), *taken) << door << ": it is not for others";
        by(door, "s-a", false);
        EXPECT_EQ(all_about(id), before) << door;
    }
}

} // namespace

} // namespace cunmai::test
