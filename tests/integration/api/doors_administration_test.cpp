// People, grants, places, delegations, interests and rules through page, API and command line.
#include "tests/integration/api/doors.hpp"

#include "db/kernel/database.hpp"

#include <gtest/gtest.h>

namespace cunmai::test {

namespace {

class DoorsOfAdministration : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { own_ = std::make_unique<District>(); }
    static void TearDownTestSuite() { own_.reset(); }

    static App& app() { return own_->app(); }
    static db::Person person(const std::string& login) { return app().people.by_login(login).value_or(db::Person{}); }
    static Json profile(const std::string& login) {
        const auto found = person(login);
        return {{"login", found.login}, {"name", found.name},         {"phone", found.phone},
                {"email", found.email}, {"language", found.language}, {"active", found.active}};
    }
    // What was done last of this kind (of any, for ""), without who did it and the ids.
    static Json last_deed(const std::string& what) {
        const auto all = app().admin_log.list(1, "", what);
        if (all.empty()) return "no " + what;
        const auto& last = all.front();
        auto members = Json::array();
        for (const auto& [key, value] : last.details.items()) members.push_back(key);
        return {{"what", last.what}, {"details", members}};
    }
    static Json grants_of(const std::string& login) {
        auto all = Json::array();
        for (const auto& grant : app().people.grants_of(person(login).id))
            all.push_back({grant.role, grant.qualifier, grant.place_code, grant.place_path, grant.place_name});
        return all;
    }
    static int people() { return static_cast<int>(app().people.search("", "", 1000, "").size()); }
    static int deeds() { return static_cast<int>(app().admin_log.list(1000).size()); }

    static std::unique_ptr<District> own_;
};

std::unique_ptr<District> DoorsOfAdministration::own_;

std::vector<Bad> all_of(std::initializer_list<std::vector<Bad>> lists) {
    std::vector<Bad> all;
    for (const auto& list : lists) all.insert(all.end(), list.begin(), list.end());
    return all;
}

const std::vector<Bad> bad_contacts{{"phone", "电话", "malformed"},
                                    {"phone", std::string(31, '1'), "malformed"},
                                    {"email", "没有", ""},
                                    {"email", "zhang\xEF\xBC\xA0x.cn", ""}, // U+FF20 for @
                                    {"email", "a@b@c.cn", ""},
                                    {"language", "fr", "not_a_choice"},
                                    {"language", "EN", "not_a_choice"}};

TEST_F(DoorsOfAdministration, APersonIsAddedAlike) {
    const std::vector<Door> doors{
        {"page",
         [](const Values& values) {
             auto form = values;
             form["password"] = "a-long-password-1";
             return by_page("sysadmin", "/admin/people/new", form);
         }},
        {"API", [](const Values& values) { return by_api("sysadmin", "POST", "/people", Json(values)); }},
        {"command line",
         [](const Values& values) {
             return by_command_line({"user", "add", "--no-password", "--name", values.at("name"), "--phone",
                                     values.at("phone"), "--email", values.at("email"), "--language",
                                     values.at("language"), "--", values.at("login")});
         },
         false}};
    const Values good{{"login", "door.person-#"},
                      {"name", "示例新人"},
                      {"phone", "+86 (10) 1234-5678"},
                      {"email", "zhang@example.cn"},
                      {"language", "en"}};
    expect_done_alike(doors, good, [](const Values& values) {
        return Json{{"person", profile(values.at("login"))}, {"deed", last_deed("person_added")}};
    });
    auto written_otherwise = good; // blanks around, capital letters: what is kept has neither
    written_otherwise["login"] = " Other.Person-# ";
    written_otherwise["name"] = "\xE3\x80\x80示例新人\xE2\x80\x8B";
    written_otherwise["email"] = "zhang@example.cn\xE3\x80\x80";
    int number = 0;
    for (const auto& door : doors) {
        auto values = written_otherwise;
        const auto login = "other.person-" + std::to_string(number++);
        values["login"] = " O" + login.substr(1) + " ";
        const auto told = door.give(values);
        EXPECT_TRUE(told.done) << door.name << told.words.substr(0, 1000);
        EXPECT_EQ(profile(login).at("name"), "示例新人") << door.name;
        EXPECT_EQ(profile(login).at("email"), "zhang@example.cn") << door.name;
    }
    auto next = good;
    next["login"] = "door.nobody";
    expect_refused_alike(doors, next,
                         all_of({bad_lines("name", 100),
                                 bad_contacts,
                                 {{"login", "", "missing"},
                                  {"login", "\xE3\x80\x80", "missing"},
                                  {"login", "ab", "login_malformed"},
                                  {"login", "张三丰", "login_malformed"},
                                  {"login", "two words", "login_malformed"},
                                  {"login", std::string(65, 'a'), "too_long"},
                                  {"login", "Door.Person-0", "login_taken"}}}),
                         [] {
                             return Json{people(), deeds()};
                         });
}

TEST_F(DoorsOfAdministration, APersonIsChangedAlike) {
    const auto id = District::id("v-b");
    const std::vector<Door> doors{
        {"page", [&](const Values& values) { return by_page("sysadmin", "/admin/people/" + id, values); }},
        {"API", [&](const Values& values) { return by_api("sysadmin", "PATCH", "/people/" + id, Json(values)); }}};
    const Values good{{"name", "示例改名#"}, {"phone", "12345"}, {"email", ""}, {"language", "zh-CN"}};
    expect_done_alike(doors, good, [](const Values&) {
        return Json{{"person", profile("v-b")}, {"deed", last_deed("person_changed")}};
    });
    expect_refused_alike(doors, good, all_of({bad_lines("name", 100), bad_contacts}), [] {
        return Json{profile("v-b"), deeds()};
    });
}

TEST_F(DoorsOfAdministration, APersonIsDisabledAlike) {
    const auto id = [](const Values& values) { return District::id(values.at("login")); };
    const std::vector<Door> doors{{"page",
                                   [&](const Values& values) {
                                       return by_page("sysadmin", "/admin/people/" + id(values), {{"active", "false"}});
                                   }},
                                  {"API",
                                   [&](const Values& values) {
                                       return by_api("sysadmin", "PATCH", "/people/" + id(values), {{"active", false}});
                                   }},
                                  {"command line",
                                   [](const Values& values) {
                                       return by_command_line({"user", "disable", values.at("login")});
                                   },
                                   false}};
    for (const auto& door : doors) {
        const auto before = deeds();
        EXPECT_TRUE(door.give({{"login", "panel-2"}}).done) << door.name;
        EXPECT_FALSE(person("panel-2").active) << door.name;
        EXPECT_EQ(deeds(), before + 1) << door.name;
        EXPECT_EQ(last_deed("").at("what"), "person_disabled") << door.name;
        EXPECT_TRUE(by_command_line({"user", "enable", "panel-2"}).done);
    }
}

TEST_F(DoorsOfAdministration, ARoleIsGrantedAndTakenAlike) {
    const auto id = District::id("nobody");
    const std::vector<Door> doors{
        {"page", [&](const Values& values) { return by_page("secadmin", "/admin/people/" + id + "/grants", values); }},
        {"API",
         [&](const Values& values) {
             Json body(values);
             body["person"] = id;
             return by_api("secadmin", "POST", "/grants", body);
         }},
        {"command line",
         [](const Values& values) {
             return by_command_line({"user", "grant", "--place", values.at("place"), "--qualifier",
                                     values.at("qualifier"), "--", "nobody", values.at("role")});
         },
         false}};
    const Values good{{"role", "town_officer"}, {"qualifier", ""}, {"place", town_a}};
    const std::vector<Bad> bad{{"role", "", "missing"},
                               {"role", "\xE3\x80\x80", "missing"},
                               {"role", "Town_Officer", "unknown_role"},
                               {"role", "official", "unknown_role"},
                               {"place", "nowhere", "unknown_place"},
                               {"place", "", "unknown_place"},
                               {"place", village_a, "wrong_jurisdiction"},
                               {"qualifier", "organisation", "wrong_qualifier"},
                               {"qualifier", "Organisation!", "wrong_qualifier"}};
    const auto look = [] { return Json{grants_of("nobody"), deeds()}; };
    expect_refused_alike(doors, good, bad, look);

    const std::vector<std::function<Told()>> takes{
        [&] {
            const auto grant = app().people.grants_of({id}).at(0).id;
            return by_page("secadmin", "/admin/people/" + id + "/grants/" + grant + "/end", {});
        },
        [&] {
            const auto grant = app().people.grants_of({id}).at(0).id;
            return by_api("secadmin", "DELETE", "/grants/" + grant, Json());
        },
        [&] {
            return by_command_line({"user", "revoke", "nobody", "town_officer"});
        }};
    std::optional<Json> given, taken;
    for (std::size_t i = 0; i < doors.size(); ++i) {
        const auto told = doors[i].give(good);
        EXPECT_TRUE(told.done) << doors[i].name << told.words.substr(0, 1000);
        const Json after{grants_of("nobody"), last_deed("grant_added")};
        if (!given) given = after;
        EXPECT_EQ(after, *given) << doors[i].name;
        expect_refused_alike(doors, good, {{"role", "town_officer", "already_granted"}}, look);
        EXPECT_TRUE(takes[i]().done) << doors[i].name;
        const Json none{grants_of("nobody"), last_deed("grant_removed")};
        if (!taken) taken = none;
        EXPECT_EQ(none, *taken) << doors[i].name;
    }
}

TEST_F(DoorsOfAdministration, APlaceIsAddedAndRenamedAlike) {
    const Values api_names{{"new_code", "code"}, {"new_name", "name"}};
    const std::vector<Door> adding{
        {"page",
         [&](const Values& values) {
             return by_page(
                 "sysadmin", "/admin/places",
                 {{"what", "add"}, {"at", town_a}, {"new_code", values.at("code")}, {"new_name", values.at("name")}},
                 api_names);
         }},
        {"command line",
         [](const Values& values) {
             return by_command_line({"place", "add", "--level=village", std::string("--parent=") + town_a, "--",
                                     values.at("code"), values.at("name")});
         },
         false}};
    const auto place = [](const std::string& code) {
        const auto found = app().places.find(code).value_or(engine::Place{});
        return Json{found.code, found.name, found.parent, found.level, found.path};
    };
    const Values good{{"code", "99010000190#"}, {"name", "示例新村"}};
    expect_done_alike(adding, good, [&](const Values& values) {
        return Json{place(values.at("code")), last_deed("")};
    });

    const auto bad_names = [] {
        auto all = bad_lines("name", 300);
        for (auto& one : all)
            one.code = one.code == "missing"    ? "place_empty_name"
                       : one.code == "too_long" ? "place_name_too_long"
                                                : "place_control_character";
        return all;
    }();
    const auto look = [] { return Json{app().places.all().size(), deeds()}; };
    auto next = good;
    next["code"] = "990100001909";
    expect_refused_alike(adding, next,
                         all_of({bad_names,
                                 {{"code", "", "place_empty_code"},
                                  {"code", "\xE3\x80\x80", "place_empty_code"},
                                  {"code", "村1", "place_bad_code"},
                                  {"code", "1 2", "place_bad_code"},
                                  {"code", std::string(65, '1'), "place_code_too_long"},
                                  {"code", village_a, "place_known"}}}),
                         look);

    const std::vector<Door> renaming{
        {"page",
         [](const Values& values) {
             return by_page("sysadmin", "/admin/places",
                            {{"what", "rename"}, {"at", village_b2}, {"name", values.at("name")}});
         }},
        {"command line",
         [](const Values& values) {
             return by_command_line({"place", "rename", "--", village_b2, values.at("name")});
         },
         false}};
    expect_done_alike(renaming, {{"name", "示例改名#村"}}, [&](const Values&) {
        return Json{place(village_b2), last_deed("")};
    });
    expect_refused_alike(renaming, {}, bad_names, [&] { return Json{place(village_b2), deeds()}; });
}

TEST_F(DoorsOfAdministration, ARoleIsDelegatedAndTakenBackAlike) {
    const auto in_force = [] {
        auto all = app().people.delegations_from({District::id("s-a")});
        std::erase_if(all, [](const auto& row) { return row.delegation.until <= app().clock.now(); });
        return all;
    };
    const auto mine = [&] {
        auto all = Json::array();
        for (const auto& row : in_force())
            all.push_back({row.delegation.delegate, row.delegation.role, engine::to_iso(row.delegation.from),
                           engine::to_iso(row.delegation.until), row.reason});
        return all;
    };
    const std::vector<Door> doors{
        {"page", [](const Values& values) { return by_page("s-a", "/account/delegations", values); }},
        {"API", [](const Values& values) { return by_api("s-a", "POST", "/delegations", Json(values)); }}};
    const auto today = app().today();
    const Values good{{"role", "town_supervisor"},
                      {"delegate", District::id("o-a")},
                      {"from_on", today},
                      {"until_on", today},
                      {"reason", "示例休假"}};
    std::optional<Json> given;
    for (const auto& door : doors) {
        const auto told = door.give(good);
        EXPECT_TRUE(told.done) << door.name << told.words.substr(0, 1000);
        const Json after{mine(), last_deed("delegated")};
        if (!given) given = after;
        EXPECT_EQ(after, *given) << door.name;
        const auto id = in_force().at(0).id;
        const auto ended = door.name == "page" ? by_page("s-a", "/account/delegations/" + id + "/end", {})
                                               : by_api("s-a", "DELETE", "/delegations/" + id, Json());
        EXPECT_TRUE(ended.done) << door.name;
        EXPECT_TRUE(mine().empty()) << door.name;
    }
    expect_refused_alike(doors, good,
                         all_of({bad_lines("reason", 200),
                                 {{"role", "", "missing"},
                                  {"role", "Town_Supervisor", "not_your_role"},
                                  {"delegate", "", "missing"},
                                  {"delegate", "\xE3\x80\x80", "missing"},
                                  {"delegate", "nobody at all", "unknown_person"},
                                  {"from_on", "", "missing"},
                                  {"from_on", "2026-02-30", "not_a_date"},
                                  {"from_on", "1.3.2026", "not_a_date"},
                                  {"until_on", "\xE3\x80\x80", "missing"},
                                  {"until_on", "２０２６-０１-０１", "not_a_date"},
                                  {"until_on", "2020-01-01", "ends_before_it_starts"}}}),
                         [&] {
                             return Json{mine(), deeds()};
                         });
}

TEST_F(DoorsOfAdministration, AnInterestIsDeclaredAndWithdrawnAlike) {
    const auto mine = [] {
        auto all = Json::array();
        for (const auto& row : app().people.interests_of({District::id("m1")}))
            all.push_back({row.place_code, row.reason});
        return all;
    };
    const std::vector<Door> doors{
        {"page",
         [](const Values& values) {
             return by_page("m1", "/account/interests",
                            {{"place", values.at("place")}, {"interest_reason", values.at("reason")}},
                            {{"interest_reason", "reason"}});
         }},
        {"API", [](const Values& values) { return by_api("m1", "POST", "/interests", Json(values)); }}};
    const Values good{{"place", village_a}, {"reason", "示例亲属"}};
    std::optional<Json> given;
    for (const auto& door : doors) {
        const auto told = door.give(good);
        EXPECT_TRUE(told.done) << door.name << told.words.substr(0, 1000);
        const Json after{mine(), last_deed("interest_declared")};
        if (!given) given = after;
        EXPECT_EQ(after, *given) << door.name;
        expect_refused_alike(doors, good, {{"place", village_a, "already_declared"}}, mine);
        const auto id = app().people.interests_of({District::id("m1")}).at(0).id;
        const auto ended = door.name == "page" ? by_page("m1", "/account/interests/" + id + "/end", {})
                                               : by_api("m1", "DELETE", "/interests/" + id, Json());
        EXPECT_TRUE(ended.done) << door.name;
    }
    expect_refused_alike(
        doors, good,
        all_of({bad_lines("reason", 200), {{"place", "", "missing"}, {"place", "nowhere", "unknown_place"}}}), [&] {
            return Json{mine(), deeds()};
        });
}

TEST_F(DoorsOfAdministration, ARuleIsSetAlike) {
    const auto as_json = [](const std::string& text) {
        const auto value = Json::parse(text, nullptr, false);
        return value.is_discarded() ? Json(text) : value;
    };
    const std::vector<Door> doors{
        {"page",
         [](const Values& values) {
             return by_page("sysadmin", "/admin/rules",
                            {{"key", "extensions_max"}, {"extensions_max", values.at("value")}},
                            {{"extensions_max", ""}});
         }},
        {"API",
         [&](const Values& values) {
             return by_api("sysadmin", "PUT", "/rules/extensions_max", {{"value", as_json(values.at("value"))}});
         }},
        {"command line",
         [&](const Values& values) {
             return by_command_line({"rule", "set", "--", "extensions_max", as_json(values.at("value")).dump()});
         },
         false}};
    for (const auto& door : doors) {
        EXPECT_TRUE(door.give({{"value", "7"}}).done) << door.name;
        EXPECT_EQ(app().rules.get("extensions_max"), 7) << door.name;
        EXPECT_EQ(last_deed("").at("what"), "rule_changed") << door.name;
        EXPECT_TRUE(door.give({{"value", "6"}}).done) << door.name;
    }
    expect_refused_alike(doors, {},
                         {{"value", "-1", "out_of_range"},
                          {"value", "21", "out_of_range"},
                          {"value", "1.5", "wrong_type"},
                          {"value", "many", "wrong_type"},
                          {"value", "", "wrong_type"},
                          {"value", "７", "wrong_type"}},
                         [] {
                             return Json{app().rules.get("extensions_max"), deeds()};
                         });
}

// Bytes that are no text at all: a form and a JSON body are not even read.
TEST_F(DoorsOfAdministration, BrokenUtf8IsRefusedByAll) {
    const auto before = Json{people(), deeds()};
    const std::string broken = "示例\xE6\x9D";
    EXPECT_FALSE(by_page("sysadmin", "/admin/people/new",
                         {{"login", "door.broken"}, {"name", broken}, {"password", "a-long-password-1"}})
                     .done);
    const auto by_program = as("sysadmin")
                                .raw("POST", "/people", R"({"login":"door.broken","name":")" + broken + "\"}",
                                     {{"Content-Type", "application/json"}});
    EXPECT_EQ(by_program.status, 400) << by_program.body;
    const auto told = by_command_line({"user", "add", "--no-password", "--name=" + broken, "door.broken"});
    EXPECT_EQ(told.codes(), std::multiset<std::string>{"malformed"}) << told.words;
    EXPECT_EQ((Json{people(), deeds()}), before);
}

} // namespace

} // namespace cunmai::test
