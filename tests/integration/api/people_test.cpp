// People, passwords, roles, delegations, interests, rules, logs, sessions.
#include "tests/integration/api/district.hpp"

#include "adapters/http/edge/cookies.hpp"
#include "adapters/services/administration.hpp"
#include "adapters/services/sign_in.hpp"
#include "db/cases/cursor.hpp"
#include "engine/time.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {
namespace {

std::string today(int plus_days = 0) {
    return engine::to_text(engine::add_days(*engine::parse_date(District::the().app().today()), plus_days));
}

constexpr auto initial_password = "of-the-administrator-1";

std::string added_person(const std::string& login) {
    const auto added =
        as("sysadmin").post("/people", {{"login", login}, {"name", "示例·新人"}, {"password", initial_password}});
    EXPECT_EQ(added.status, 201) << added.body;
    return added.json().value("id", "");
}

std::map<std::string, std::string> bearer(const std::string& login, const std::string& word) {
    const auto signed_in = as("").post("/session", {{"login", login}, {"password", word}});
    EXPECT_EQ(signed_in.status, 201) << signed_in.body;
    return {{"Authorization", "Bearer " + signed_in.json().value("token", "")}, {"Content-Type", "application/json"}};
}

void choose_password(const std::string& login, const std::string& before, const std::string& after) {
    const auto changed =
        as("").raw("PUT", "/me/password", Json{{"old", before}, {"new", after}}.dump(), bearer(login, before));
    EXPECT_EQ(changed.status, 204) << changed.body;
}

std::string new_person(const std::string& login) { // a person who has already chosen the usual password
    const auto id = added_person(login);
    choose_password(login, initial_password, password);
    return id;
}

Answer grant(const std::string& person, const std::string& role, const std::string& place,
             const std::string& qualifier = "") {
    return as("secadmin")
        .post("/grants", {{"person", person}, {"role", role}, {"place", place}, {"qualifier", qualifier}});
}

TEST(SignIn, WrongNameAndWrongPasswordLookTheSame) {
    const auto wrong = as("").post("/session", {{"login", "m1"}, {"password", "wrong"}});
    const auto unknown = as("").post("/session", {{"login", "who-is-this"}, {"password", "wrong"}});
    EXPECT_EQ(wrong.status, 401);
    auto one = wrong.json(), two = unknown.json();
    one.erase("instance"), two.erase("instance");
    EXPECT_EQ(one, two);
}

TEST(SignIn, IsLoggedUnderTheAccountHoweverItWasWritten) {
    const auto logged = [](const std::string& login) {
        as("").post("/session", {{"login", login}, {"password", "wrong"}});
        db::AccessLog::Filter filter;
        filter.route = "/api/v1/session";
        filter.limit = 1;
        return District::the().app().access_log.list(filter).at(0).access.object;
    };
    EXPECT_EQ(logged("V-B2"), "v-b2");
    EXPECT_EQ(logged("not an account, maybe a password"), "?");
}

TEST(SignIn, LocksAfterTooManyFailures) {
    new_person("locked-1");
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(as("").post("/session", {{"login", "locked-1"}, {"password", "wrong"}}).status, 401);
    const auto locked = as("").post("/session", {{"login", "locked-1"}, {"password", password}});
    EXPECT_EQ(locked.status, 429);
    EXPECT_FALSE(locked.header("Retry-After").empty());
}

TEST(SignIn, SigningOutEndsTheToken) {
    const auto ticket = as("")
                            .post("/session", {{"login", "m2"}, {"password", password}, {"label", "test"}})
                            .json()
                            .at("token")
                            .get<std::string>();
    const std::map<std::string, std::string> with{{"Authorization", "Bearer " + ticket}};
    EXPECT_EQ(as("").raw("GET", "/me", "", with).status, 200);
    EXPECT_EQ(as("").raw("DELETE", "/session", "", with).status, 204);
    EXPECT_EQ(as("").raw("GET", "/me", "", with).status, 401);
}

TEST(People, AreAddedChangedAndDisabled) {
    const auto id = new_person("new-1");
    EXPECT_EQ(as("new-1").get("/me").json().at("name"), "示例·新人");
    EXPECT_TRUE(as("sysadmin").post("/people", {{"login", "new-1"}, {"name", "示例"}}).has_reason("login_taken"));
    EXPECT_TRUE(as("sysadmin")
                    .post("/people", {{"login", "new-2"}, {"name", "示例"}, {"password", "short"}})
                    .has_reason("password_too_short"));
    EXPECT_EQ(as("sysadmin").patch("/people/" + id, {{"name", "示例·改名"}}).json().at("name"), "示例·改名");
    EXPECT_EQ(as("sysadmin").patch("/people/" + id, {{"active", false}}).status, 200);
    EXPECT_EQ(as("new-1").get("/me").status, 401); // the session ended
    EXPECT_EQ(as("").post("/session", {{"login", "new-1"}, {"password", password}}).status, 401);
    EXPECT_TRUE(
        as("sysadmin").patch("/people/" + District::id("sysadmin"), {{"active", false}}).has_reason("own_account"));
    EXPECT_TRUE(as("sysadmin")
                    .patch("/people/" + District::id("secadmin"), {{"active", false}})
                    .has_reason("last_administrator"));
}

TEST(People, DetailsAreForAdministrators) {
    const auto path = "/people/" + District::id("m1");
    EXPECT_FALSE(as("v-a").get(path).json().contains("login"));
    EXPECT_TRUE(as("sysadmin").get(path).json().contains("login"));
    std::set<std::string> ids;
    std::string cursor;
    int pages = 0;
    do {
        const auto page = as("sysadmin").get("/people?limit=7" + (cursor.empty() ? "" : "&cursor=" + cursor)).json();
        for (const auto& item : page.at("items")) EXPECT_TRUE(ids.insert(item.at("id")).second);
        cursor = page.at("next_cursor").is_string() ? page.at("next_cursor").get<std::string>() : "";
    } while (!cursor.empty() && ++pages < 1000);
    EXPECT_EQ(cursor, "");
    EXPECT_GE(ids.size(), District::everybody().size());
}

TEST(People, AreLookedUpWithinOnesOwnJurisdiction) {
    const auto listed = [](const std::string& login) {
        std::set<std::string> ids;
        for (const auto& item : as(login).get("/people?limit=100").list()) ids.insert(item.at("id"));
        return ids;
    };
    const auto has = [&](const std::set<std::string>& ids, const std::string& login) {
        return ids.count(District::id(login)) > 0;
    };
    const auto village = listed("v-a"), town = listed("s-a"), district = listed("panel"), other = listed("panel-x");
    EXPECT_TRUE(has(village, "v-a") && has(village, "coordinator"));
    for (const auto* outside : {"v-a2", "v-b", "s-a", "m1", "panel", "panel-x", "sysadmin", "nobody"})
        EXPECT_FALSE(has(village, outside)) << outside;
    EXPECT_TRUE(has(town, "v-a") && has(town, "v-a2") && has(town, "o-a"));
    EXPECT_FALSE(has(town, "v-b") || has(town, "s-b") || has(town, "panel"));
    EXPECT_TRUE(has(district, "v-b") && has(district, "m2"));
    EXPECT_FALSE(has(district, "panel-x") || has(district, "v-x") || has(district, "nobody"));
    EXPECT_TRUE(has(other, "v-x"));
    EXPECT_FALSE(has(other, "v-a") || has(other, "panel"));
    EXPECT_EQ(listed("nobody"), std::set<std::string>{District::id("nobody")});
    for (const auto* administrator : {"sysadmin", "secadmin", "auditadmin"})
        EXPECT_TRUE(has(listed(administrator), "v-x") && has(listed(administrator), "nobody"));

    EXPECT_EQ(as("v-a").get("/people?role=panel_leader").list().size(), 0u); // also not by a filter
    EXPECT_EQ(as("v-a").get("/people?text=panel-x").list().size(), 0u);
    EXPECT_EQ(as("v-a").get("/people/" + District::id("m1")).status, 200); // above: acts in this village's cases
    for (const auto* outside : {"v-b", "s-b", "panel-x", "nobody"}) {
        const auto hidden = as("v-a").get("/people/" + District::id(outside)),
                   none = as("v-a").get("/people/p-nowhere");
        EXPECT_EQ(hidden.status, 404) << outside;
        EXPECT_EQ(hidden.code(), none.code());
    }
    EXPECT_EQ(as("nobody").get("/people/" + District::id("m1")).status, 404);
}

TEST(People, UnknownAndKnownNamesAreAnsweredAlikeAtSignIn) {
    const auto attempt = [](const std::string& login) {
        auto answer = as("").post("/session", {{"login", login}, {"password", "wrong"}});
        auto body = answer.json();
        body.erase("instance");
        auto headers = answer.headers;
        for (const auto* differs : {"X-Request-Id", "Date"}) headers.erase(differs);
        return std::tuple{answer.status, body.dump(), headers};
    };
    const auto forget = [] { // other tests give wrong passwords too
        for (const auto* login : {"v-b2", "no-such-name"}) District::the().app().sessions.succeeded(login);
    };
    forget();
    for (int one = 0; one < 5; ++one) // the last ones are locked out: both
        EXPECT_EQ(attempt("v-b2"), attempt("no-such-name")) << one;
    forget();
}

TEST(Passwords, ChangingEndsEverySession) {
    const auto id = new_person("pass-1");
    District::the().token("pass-1");
    EXPECT_TRUE(as("pass-1")
                    .put("/me/password", {{"old", "wrong"}, {"new", "another-horse-2"}})
                    .has_reason("old_password_wrong"));
    EXPECT_EQ(as("pass-1").put("/me/password", {{"old", password}, {"new", "another-horse-2"}}).status, 204);
    EXPECT_EQ(as("pass-1").get("/me").status, 401);
    EXPECT_EQ(as("").post("/session", {{"login", "pass-1"}, {"password", "another-horse-2"}}).status, 201);
    EXPECT_EQ(as("sysadmin").put("/people/" + id + "/password", {{"password", "third-horse-3"}}).status, 204);
    EXPECT_EQ(as("").post("/session", {{"login", "pass-1"}, {"password", "third-horse-3"}}).status, 201);
    EXPECT_TRUE(as("sysadmin")
                    .put("/people/" + District::id("secadmin") + "/password", {{"password", "third-horse-3"}})
                    .has_reason("password_of_administrator"));
}

TEST(Passwords, OfSomebodyElseAreChangedBeforeAnythingElse) {
    const auto id = added_person("must-1");
    const auto with = [&](const std::string& word) { return bearer("must-1", word); };
    const auto first = with(initial_password);
    for (const auto* path : {"/me", "/cases", "/people", "/events"}) {
        const auto answer = as("").raw("GET", path, "", first);
        EXPECT_EQ(answer.status, 403) << path;
        EXPECT_EQ(answer.code(), "password_must_change");
    }
    EXPECT_EQ(as("").raw("GET", "/openapi.json", "", first).status, 200);
    EXPECT_EQ(as("").raw("DELETE", "/session", "", first).status, 204);
    choose_password("must-1", initial_password, password);
    EXPECT_EQ(as("").raw("GET", "/me", "", with(password)).status, 200);

    EXPECT_EQ(as("sysadmin").put("/people/" + id + "/password", {{"password", "third-horse-3"}}).status, 204);
    EXPECT_EQ(as("").raw("GET", "/me", "", with("third-horse-3")).code(), "password_must_change");
}

TEST(Passwords, AreChosenAnewByWhoBecomesAnAdministrator) {
    const auto id = new_person("must-2");
    const auto before = bearer("must-2", password);
    EXPECT_EQ(as("").raw("GET", "/me", "", before).status, 200);
    EXPECT_EQ(grant(id, "audit_administrator", district_a).status, 201);
    EXPECT_EQ(as("").raw("GET", "/access-log", "", before).code(), "password_must_change");
    choose_password("must-2", password, "mine-alone-2");
    const auto log = as("").raw("GET", "/access-log", "", bearer("must-2", "mine-alone-2"));
    EXPECT_EQ(log.status, 200) << log.body;
}

TEST(Passwords, AreAskedForOnTheAccountPage) {
    added_person("must-3");
    auto& app = District::the().app();
    const auto ticket = *sign_in::attempt(app, "must-3", initial_password, "browser", "", "127.0.0.1").ticket;
    HttpClient browser(District::the().port());
    const auto page = [&](const std::string& path) {
        return browser.send(
            {"GET", path, "", {{"Cookie", std::string(http::session_cookie_name) + "=" + ticket.token}}});
    };
    EXPECT_EQ(page("/cases").header("Location"), "/account");
    EXPECT_EQ(page("/admin/people").header("Location"), "/account");
    const auto account = page("/account?lang=en");
    EXPECT_EQ(account.status, 200);
    EXPECT_THAT(account.body, testing::HasSubstr("You are signing in with an initial password"));
}

TEST(SignIn, AgainEndsTheFormerSessionOfTheSameBrowser) {
    new_person("again-1");
    auto& app = District::the().app();
    const auto ticket = [&] { return *sign_in::attempt(app, "again-1", password, "browser", "", "127.0.0.1").ticket; };
    const auto origin = "http://127.0.0.1:" + std::to_string(District::the().port());
    HttpClient browser(District::the().port());
    const auto send = [&](const sign_in::Ticket& former, const std::string& path, const std::string& type,
                          const std::string& body) {
        return browser.send({"POST",
                             path,
                             body,
                             {{"Cookie", std::string(http::session_cookie_name) + "=" + former.token},
                              {"Origin", origin},
                              {"X-CSRF-Token", former.csrf},
                              {"Content-Type", type}}});
    };
    const auto one = ticket(), two = ticket(), other = ticket();
    EXPECT_EQ(send(one, "/sign-in", "application/x-www-form-urlencoded", "login=again-1&password=wrong").status, 401);
    EXPECT_TRUE(sign_in::recognise(app, one.token));
    EXPECT_EQ(
        send(one, "/sign-in", "application/x-www-form-urlencoded", "login=again-1&password=" + std::string(password))
            .status,
        303);
    EXPECT_FALSE(sign_in::recognise(app, one.token));
    EXPECT_EQ(
        send(two, "/api/v1/session", "application/json", Json{{"login", "again-1"}, {"password", password}}.dump())
            .status,
        201);
    EXPECT_FALSE(sign_in::recognise(app, two.token));
    EXPECT_TRUE(sign_in::recognise(app, other.token)); // another browser's
}

TEST(People, AreNotGivenAwayByTheListsTextOrCursor) {
    EXPECT_EQ(as("panel").get("/people?text=v-a2").list().size(), 1U); // by name: 示例·v-a2
    auto& app = District::the().app();
    auto renamed = *app.people.find({District::id("v-a2")});
    const auto name = std::exchange(renamed.name, "示例·改名");
    app.people.update(renamed);
    EXPECT_EQ(as("panel").get("/people?text=v-a2").list().size(), 0U); // the login is not revealed to them
    EXPECT_EQ(as("sysadmin").get("/people?text=v-a2").list().size(), 1U);
    renamed.name = name;
    app.people.update(renamed);

    const auto page = as("panel").get("/people?limit=1").json();
    const auto cursor = page.at("next_cursor").get<std::string>();
    const auto last = app.people.find({page.at("items")[0].at("id").get<std::string>()});
    EXPECT_EQ(cursor, db::to_cursor({"people", last->id.text}));
    const auto second = as("panel").get("/people?limit=1&cursor=" + cursor).json();
    EXPECT_NE(second.at("items")[0].at("id"), last->id.text);
    const auto forged = db::to_cursor({"people", District::id("panel-x")}); // must not reveal the person's place
    EXPECT_EQ(as("panel").get("/people?cursor=" + forged).code(), "bad_cursor");
}

TEST(People, HaveNamesThatSayWhatTheyShow) {
    const auto named = [](const std::string& name) {
        return as("sysadmin").post("/people", {{"login", "shown-1"}, {"name", name}});
    };
    EXPECT_TRUE(named("示例\u202E反写").has_reason("control_character"));
    EXPECT_TRUE(named("示例\u200B新人").has_reason("control_character"));
}

TEST(Grants, KeepTheThreeAdministratorsApart) {
    const auto id = new_person("grants-1");
    EXPECT_EQ(grant(id, "audit_administrator", district_a).status, 201);
    EXPECT_TRUE(grant(id, "system_administrator", district_a).has_reason("two_administrators"));
    EXPECT_TRUE(grant(id, "panel_leader", district_a).has_reason("administrator_with_case_role"));
    EXPECT_TRUE(
        grant(District::id("m1"), "system_administrator", district_a).has_reason("administrator_with_case_role"));
    EXPECT_TRUE(grant(District::id("secadmin"), "system_administrator", district_a).has_reason("own_grant"));
}

TEST(Grants, AreKeptWhereThePersonFillsAPostByThemAlone) {
    const engine::PersonId person{new_person("post-1")};
    auto& app = District::the().app();
    const auto row = *app.cases.row({case_in("self_check", village_a)});
    const auto given = [&](const char* role, const char* place, const char* qualifier = "") {
        return grant(person.text, role, place, qualifier).json().value("id", "");
    };
    const auto takes = [](const std::string& id) { return as("secadmin").remove("/grants/" + id); };
    const auto put_into_post = [&](const std::vector<engine::Involvement>& posts) {
        app.database.write([&](engine::Transaction& tx) { tx.set_involved(row, posts); });
    };
    const auto here = given("district_commander", town_a), elsewhere = given("district_commander", town_b);
    put_into_post({{person, "commander"}});
    EXPECT_TRUE(takes(here).has_reason("post_would_be_empty"));
    EXPECT_EQ(takes(elsewhere).status, 204) << "the post is not there";

    const auto kind = "governance_coordinator";
    const auto of_town = given("village_coordinator", town_a, kind),
               of_village = given("village_coordinator", village_a, kind);
    const auto of_another_kind = given("village_coordinator", village_a, "dispute_mediator");
    put_into_post({{person, "coordinator"}});
    EXPECT_EQ(takes(of_village).status, 204) << "the other covers the village too";
    EXPECT_TRUE(takes(of_town).has_reason("post_would_be_empty")) << "another kind is no substitute";
    put_into_post({});
    for (const auto& id : {here, of_town, of_another_kind}) EXPECT_EQ(takes(id).status, 204);
}

TEST(Grants, AreForTheRightLevelAndQualifier) {
    const auto id = new_person("grants-2");
    EXPECT_TRUE(grant(id, "town_supervisor", village_a).has_reason("wrong_jurisdiction"));
    EXPECT_TRUE(grant(id, "no_such_role", district_a).has_reason("unknown_role"));
    EXPECT_TRUE(grant(id, "department_reviewer", district_a).has_reason("wrong_qualifier"));
    EXPECT_TRUE(grant(id, "department_reviewer", district_a, "weather").has_reason("wrong_qualifier"));
    EXPECT_TRUE(grant("nobody-there", "auditor", district_a).has_reason("unknown_person"));
    EXPECT_TRUE(grant(id, "auditor", "123").has_reason("unknown_place"));
    const auto good = grant(id, "department_reviewer", district_a, "civil_affairs");
    ASSERT_EQ(good.status, 201) << good.body;
    EXPECT_TRUE(grant(id, "department_reviewer", district_a, "civil_affairs").has_reason("already_granted"));
    bool listed = false;
    for (const auto& item :
         as("v-a").get(std::string("/grants?role=department_reviewer&place=") + village_a).list("items"))
        listed = listed || item.at("person") == id;
    EXPECT_TRUE(listed);
    EXPECT_EQ(as("secadmin").remove("/grants/" + good.json().at("id").get<std::string>()).status, 204);
    EXPECT_EQ(as("secadmin").remove("/grants/nothing").status, 404);
    EXPECT_EQ(as("secadmin").remove("/grants/g-secadmin").status, 422); // the last one
}

TEST(Delegations, LetTheDelegateActAndTheRecordShowsBoth) {
    const auto delegate = new_person("deputy-1");
    const auto id = case_in("town_screening", village_a);
    EXPECT_EQ(as("deputy-1").get("/cases/" + id).status, 404);
    const auto given = as("s-a").post("/delegations", {{"delegate", delegate},
                                                       {"role", "town_supervisor"},
                                                       {"from_on", today()},
                                                       {"until_on", today(3)},
                                                       {"reason", "示例出差"}});
    ASSERT_EQ(given.status, 201) << given.body;
    EXPECT_EQ(as("deputy-1").get("/me").json().at("acting_for").size(), 1U);
    const auto nominated =
        as("deputy-1")
            .raw("POST", "/cases/" + id + "/commands/nominate", R"({"category":"disputes","study_record":"示例"})",
                 {{"Content-Type", "application/json"},
                  {"If-Match", "\"2\""},
                  {"Idempotency-Key", fresh_key()},
                  {"On-Behalf-Of", District::id("s-a")}});
    EXPECT_EQ(nominated.status, 200) << nominated.body;
    const auto last = as("auditor").get("/cases/" + id + "/history?after_seq=2").json().at("items")[0];
    EXPECT_EQ(last.at("actor"), delegate);
    EXPECT_EQ(last.at("on_behalf_of"), District::id("s-a"));
    EXPECT_TRUE(grant(delegate, "audit_administrator", district_a).has_reason("administrator_with_delegation"));
    const auto path = "/delegations/" + given.json().at("id").get<std::string>();
    EXPECT_EQ(as("s-b").remove(path).status, 404); // not theirs
    EXPECT_EQ(as("s-a").remove(path).status, 204);
    EXPECT_EQ(as("deputy-1").get("/cases/" + id).status, 404);
}

TEST(Delegations, AreRefusedWhereTheyMustBe) {
    const auto wish = [&](const std::string& delegate, const std::string& role, const std::string& from,
                          const std::string& until) {
        return as("s-a").post(
            "/delegations",
            {{"delegate", delegate}, {"role", role}, {"from_on", from}, {"until_on", until}, {"reason", "示例"}});
    };
    EXPECT_TRUE(wish(District::id("o-a"), "panel_leader", today(), today(1)).has_reason("not_your_role"));
    EXPECT_TRUE(wish(District::id("s-a"), "town_supervisor", today(), today(1)).has_reason("delegate_is_yourself"));
    EXPECT_TRUE(wish(District::id("sysadmin"), "town_supervisor", today(), today(1))
                    .has_reason("administrator_with_case_role"));
    EXPECT_TRUE(wish(District::id("o-a"), "town_supervisor", today(2), today(1)).has_reason("ends_before_it_starts"));
    const auto late = wish(District::id("o-a"), "town_supervisor", today(-2), today(1));
    EXPECT_TRUE(late.has_reason("in_the_past"));
    EXPECT_NE(late.body.find("“From”"), std::string::npos) << "its name, not its key: " << late.body;
    EXPECT_TRUE(wish(District::id("o-a"), "town_supervisor", today(), today(100)).has_reason("delegation_too_long"));
    EXPECT_EQ(wish(District::id("o-a"), "town_supervisor", "2025-02-30", today(1)).status, 422);

    // An administrator from elsewhere looks as if they did not exist.
    auto& app = District::the().app();
    const auto elsewhere = new_person("elsewhere-1");
    app.people.add_grant(
        {"g-elsewhere", {elsewhere}, "system_administrator", "", district_x, "/990200/", "", app.clock.now(), {"cli"}});
    const auto hidden = wish(elsewhere, "town_supervisor", today(), today(1)),
               none = wish("p-nowhere", "town_supervisor", today(), today(1));
    EXPECT_TRUE(none.has_reason("unknown_person"));
    EXPECT_EQ(hidden.json().at("reasons"), none.json().at("reasons"));
}

TEST(Interests, AreDeclaredAndWithdrawn) {
    const auto declared = as("m1").post("/interests", {{"place", village_a2}, {"reason", "示例亲属"}});
    ASSERT_EQ(declared.status, 201) << declared.body;
    EXPECT_TRUE(
        as("m1").post("/interests", {{"place", village_a2}, {"reason", "示例"}}).has_reason("already_declared"));
    const auto path = "/interests/" + declared.json().at("id").get<std::string>();
    EXPECT_EQ(as("m2").remove(path).status, 404);
    EXPECT_EQ(as("m1").remove(path).status, 204);
    EXPECT_TRUE(as("m1").get("/interests").json().at("items").empty());
}

TEST(Rules, AreCheckedBeforeTheyHold) {
    EXPECT_EQ(as("sysadmin").put("/rules/extensions_max", {{"value", 3}}).status, 200);
    EXPECT_EQ(as("v-a").get("/rules/extensions_max").json().at("value"), 3);
    EXPECT_GE(as("v-a").get("/rules/extensions_max/changes").json().at("items").size(), 2U);
    EXPECT_TRUE(as("sysadmin").put("/rules/extensions_max", {{"value", -1}}).has_reason("out_of_range"));
    EXPECT_TRUE(as("sysadmin").put("/rules/extensions_max", {{"value", "three"}}).has_reason("wrong_type"));
    EXPECT_TRUE(as("sysadmin")
                    .put("/rules/committee", {{"value", {{"quorum", {2, 1}}, {"pass", {1, 2}}, {"secret", false}}}})
                    .has_reason("fraction_above_one"));
    EXPECT_TRUE(as("sysadmin")
                    .put("/rules/calendar",
                         {{"value", {{"2025", {{"holidays", {"2025-02-30"}}, {"workdays", Json::array()}}}}}})
                    .has_reason("not_a_date"));
    const auto catalogue = as("sysadmin").get("/catalogue").json();
    EXPECT_TRUE(as("sysadmin").put("/rules/catalogue", {{"value", catalogue}}).has_reason("version_not_higher"));
    EXPECT_EQ(as("sysadmin").put("/rules/nothing", {{"value", 1}}).status, 404);
    EXPECT_EQ(as("sysadmin").put("/rules/extensions_max", {{"value", 2}}).status, 200);
}

// domain.md §7: dated, and changed only with a second person's approval.
TEST(Rules, TheCatalogueIsChangedWithASecondPersonsApproval) {
    auto& app = District::the().app();
    const auto approved = [](int proposal) {
        return as("sysadmin").post("/rules/catalogue/approval", {{"proposal", proposal}});
    };
    const auto in_force = [] { return as("v-a").get("/catalogue").json().at("version").get<int>(); };
    auto catalogue = as("v-a").get("/catalogue").json();
    const int before = in_force();
    catalogue["version"] = before + 1;
    ASSERT_EQ(as("sysadmin").put("/rules/catalogue", {{"value", catalogue}}).status, 200);
    EXPECT_EQ(in_force(), before);
    const auto waiting = as("v-a").get("/rules/catalogue/proposal").json();
    EXPECT_EQ(waiting.at("by"), District::id("sysadmin"));
    const int own = waiting.at("proposal");
    EXPECT_TRUE(approved(own).has_reason("own_proposal"));
    EXPECT_EQ(as("panel").post("/rules/catalogue/approval", {{"proposal", own}}).status, 403);

    // Approved by another person; in force only in the far future.
    catalogue["in_force_from"] = "2999-01-01";
    ASSERT_TRUE(administration::set_rule(app, {}, "catalogue", catalogue).ok());
    EXPECT_TRUE(approved(own).has_reason("proposal_replaced"));
    EXPECT_EQ(approved(own + 1).status, 200);
    EXPECT_EQ(in_force(), before);
    EXPECT_EQ(as("sysadmin").get("/rules/catalogue/proposal").status, 404);
    EXPECT_TRUE(approved(own + 1).has_reason("nothing_proposed"));

    // One dated today is in force at once, although the one for the year 2999 is approved as well.
    catalogue["version"] = before + 2;
    catalogue["in_force_from"] = app.today();
    ASSERT_TRUE(administration::set_rule(app, {}, "catalogue", catalogue).ok());
    EXPECT_EQ(approved(own + 2).json().at("value").at("version"), before + 2);
    EXPECT_EQ(in_force(), before + 2);

    std::vector<std::string> logged;
    for (const auto& event : app.admin_log.list(4))
        logged.push_back(event.what + ' ' + event.by.text + ' ' + event.details.at("version").dump());
    const auto next = std::to_string(before + 1), last = std::to_string(before + 2);
    EXPECT_THAT(logged, testing::ElementsAre("rule_approved p-sysadmin " + last, "rule_proposed cli " + last,
                                             "rule_approved p-sysadmin " + next, "rule_proposed cli " + next));
}

TEST(Rules, AreRefusedWhereTheyCouldNotWork) {
    const auto put = [](const std::string& key, const Json& value) {
        return as("sysadmin").put("/rules/" + key, {{"value", value}});
    };
    EXPECT_TRUE(
        put("committee", {{"quorum", {1, 1}}, {"pass", {1, 1}}, {"secret", false}}).has_reason("pass_unreachable"));
    auto reminders = as("sysadmin").get("/rules/prescription_reminders").json().at("value");
    reminders["after_deadline"] = {"issuer", "district_commander"};
    EXPECT_EQ(put("prescription_reminders", reminders).status, 200);
    reminders["after_deadline"] = {"everybody"};
    EXPECT_TRUE(put("prescription_reminders", reminders).has_reason("not_a_choice"));
    reminders["after_deadline"] = {"district_commander"};
    EXPECT_EQ(put("prescription_reminders", reminders).status, 200);
}

TEST(Rules, ShippedOnesPassTheirOwnCheck) {
    const auto rules = as("sysadmin").get("/rules").json().at("rules");
    for (const auto& [key, value] : rules.items()) {
        const auto answer = as("sysadmin").put("/rules/" + key, {{"value", value}});
        EXPECT_EQ(answer.status, 200) << key << " " << answer.body;
    }
    const auto calendar = as("sysadmin").get("/rules/calendar").json().at("value");
    EXPECT_EQ(as("sysadmin").put("/rules/calendar", {{"value", calendar}}).status, 200);
    auto catalogue = as("sysadmin").get("/catalogue").json();
    catalogue["version"] = catalogue["version"].get<int>() + 1;
    const auto answer = as("sysadmin").put("/rules/catalogue", {{"value", catalogue}});
    EXPECT_EQ(answer.status, 200) << answer.body;
}

TEST(Logs, SayWhoDidWhat) {
    as("s-a").get("/cases?limit=1");
    const auto access = as("auditadmin").get("/access-log?limit=5&person=" + District::id("s-a")).json().at("items");
    ASSERT_FALSE(access.empty());
    EXPECT_EQ(access[0].at("route"), "/api/v1/cases");
    as("sysadmin").put("/rules/extensions_max", {{"value", 2}});
    const auto changes = as("auditadmin").get("/admin-log?limit=5").json().at("items");
    ASSERT_FALSE(changes.empty());
    EXPECT_EQ(changes[0].at("what"), "rule_changed");
    EXPECT_EQ(changes[0].at("by"), District::id("sysadmin"));
}

} // namespace
} // namespace cunmai::test
