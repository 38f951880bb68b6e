// Role × route × object over the pages, generated from the route table like the API's matrix: strangers are sent to
// sign in, an administrator's pages are for that administrator, and objects elsewhere look as if they did not exist. No
// change is accepted without the form's token or from another site. A route that is not in the table below fails the
// test.
#include "tests/integration/api/objects.hpp"

#include "adapters/http/edge/access.hpp"
#include "adapters/http/edge/cookies.hpp"
#include "adapters/http/pages/pages.hpp"
#include "adapters/http/site/site.hpp"
#include "adapters/services/sign_in.hpp"
#include "adapters/words/texts.hpp"

#include <gmock/gmock.h>

#include <regex>

namespace cunmai::test {
namespace {

using testing::AnyOf;

constexpr auto form_type = "application/x-www-form-urlencoded";

// A form's content that does no harm, because it is refused for another reason or changes nothing. Null when sending it
// would disturb the test (it ends the session), so that only the protection is tried.
const std::map<std::string, Json>& forms() {
    static const std::map<std::string, Json> all{
        {"POST /sign-in", {{"login", "nobody-there"}, {"password", "x"}}},
        {"POST /sign-out", nullptr},
        {"POST /language", {{"lang", "en"}}},
        {"POST /account/settings", {{"language", "en"}}},
        {"POST /account/password", {{"password", "one"}, {"password_again", "other"}}},
        {"POST /account/delegations", Json::object()},
        {"POST /account/delegations/{id}/end", Json::object()},
        {"POST /account/interests", Json::object()},
        {"POST /account/interests/{id}/end", Json::object()},
        {"POST /account/sessions/{id}/end", Json::object()},
        {"POST /account/sessions/end-others", nullptr},
        {"POST /work/claim", {{"case_id", "none"}, {"command", "nominate"}, {"take", "true"}}},
        {"POST /work/bulk", {{"what", "do"}}},
        {"POST /work/bulk/{definition}/{command}", {{"case", "none"}}},
        {"POST /cases/{id}/do/{command}", {{"version", "999"}}},
        {"POST /cases/{id}/decide/{question}", {{"version", "999"}}},
        {"POST /open/{definition}/{place}/{command}", {{"self_check_due_on", "no date"}}},
        {"POST /cases/{id}/indicators", {{"version", "999"}}},
        {"POST /cases/{id}/indicators/submit", {{"version", "999"}}},
        {"POST /rounds/new", {{"title", ""}}},
        {"POST /inbox/read", Json::object()},
        {"POST /admin/people/new", {{"login", "m1"}}},
        {"POST /admin/people/{id}", {{"name", ""}}},
        {"POST /admin/people/{id}/password", {{"password", "short"}}},
        {"POST /admin/people/{id}/grants", {{"role", "nothing"}}},
        {"POST /admin/people/{id}/grants/{grant}/end", Json::object()},
        {"POST /admin/rules", {{"key", "nothing"}}},
        {"POST /admin/places", {{"code", "x"}}},
        {"POST /admin/deliveries", {{"id", "0"}}},
    };
    return all;
}

class PagesMatrix : public testing::Test {
  protected:
    static const sign_in::Ticket& session(const std::string& login) {
        static std::map<std::string, sign_in::Ticket> all;
        auto found = all.find(login);
        if (found == all.end()) {
            auto& app = District::the().app();
            found = all.emplace(login, *sign_in::open(app, *app.people.by_login(login), "browser", "")).first;
        }
        return found->second;
    }
    static std::string origin() { return "http://127.0.0.1:" + std::to_string(District::the().port()); }
    static std::vector<Example> examples(const http::Route& route) { return Objects::the().examples(route); }

    // Sends as a browser does, or as another site's page in that browser would.
    static Answer call(const std::string& login, const http::Route& route, const Example& example,
                       const std::string& token, const std::map<std::string, std::string>& headers) {
        Call request{route.method, example.path(route.pattern), "", headers};
        if (!login.empty())
            request.headers["Cookie"] = std::string(http::session_cookie_name) + "=" + session(login).token;
        if (http::changes(route.method)) {
            request.headers.emplace("Content-Type", form_type);
            if (const auto form = forms().find(name_of(route)); form != forms().end() && form->second.is_object())
                for (const auto& [key, value] : form->second.items())
                    request.body += key + "=" + value.get<std::string>() + "&";
            if (!token.empty()) request.body += "csrf=" + token;
        }
        HttpClient client(District::the().port());
        return client.send(request);
    }
    static Answer call(const std::string& login, const http::Route& route, const Example& example) {
        return call(login, route, example, login.empty() ? "" : session(login).csrf, {{"Origin", origin()}});
    }
    static bool tried(const http::Route& route) {
        const auto form = forms().find(name_of(route));
        return form == forms().end() || form->second.is_object();
    }
    // The page without the parts that differ each time and without the requested address.
    static std::string comparable(const Answer& answer, const Example& example) {
        auto text = std::regex_replace(answer.body, std::regex("name=\"csrf\" value=\"[^\"]*\""), "");
        const auto remove = [&](const std::string& what) {
            for (auto at = text.find(what); !what.empty() && at != std::string::npos; at = text.find(what))
                text.erase(at, what.size());
        };
        remove(answer.header("X-Request-Id"));
        for (const auto& [name, value] : example.params) remove(value);
        return text;
    }
    static bool is_administration(const http::Route& route) { return route.pattern.rfind("/admin", 0) == 0; }
    // A person whom the route lets in.
    static std::string welcome_at(const http::Route& route) {
        const auto role = needed_role(route.access);
        const std::string usual = is_administration(route)      ? "system_administrator"
                                  : route.pattern == "/refused" ? "auditor"
                                                                : "panel_leader";
        for (const auto& login : District::everybody())
            if (District::role_of(login) == (role.empty() ? usual : role)) return login;
        return "";
    }
};

TEST_F(PagesMatrix, EveryRouteIsInIt) {
    for (const auto& route : http::page_routes()) {
        EXPECT_TRUE(route.method == "GET" || forms().contains(name_of(route)))
            << name_of(route) << " is not in the matrix";
        EXPECT_FALSE(examples(route).empty()) << "nothing is known to try " << name_of(route) << " with";
    }
}

TEST_F(PagesMatrix, StrangersAreSentToSignIn) {
    for (const auto& route : http::page_routes()) {
        if (route.access == http::Access::open) continue;
        for (const auto& example : examples(route)) {
            const auto answer = call("", route, example);
            const auto where = name_of(route) + " " + example.path(route.pattern) + " " + answer.body;
            if (answer.status == 401) { // a long form, whose text the sign-in page keeps
                EXPECT_TRUE(route.shows_again) << where;
                EXPECT_NE(answer.body.find("action=\"/sign-in\""), std::string::npos) << where;
            } else {
                EXPECT_EQ(answer.status, 303) << where;
                EXPECT_EQ(answer.header("Location").rfind("/sign-in", 0), 0U) << where;
            }
        }
    }
}

TEST_F(PagesMatrix, AnAdministratorsPagesAreForThatAdministratorOnly) {
    for (const auto& route : http::page_routes()) {
        const auto role = needed_role(route.access);
        if (role.empty()) continue;
        for (const auto& login : District::everybody())
            for (const auto& example : examples(route)) {
                const auto answer = call(login, route, example);
                const bool fine = District::role_of(login) == role ? answer.status != 401 && answer.status != 403
                                                                   : answer.status == 403;
                EXPECT_TRUE(fine) << login << " " << name_of(route) << " " << answer.status;
            }
    }
}

TEST_F(PagesMatrix, AdministrationIsNotThereForThoseWhoAdministerNothing) {
    for (const auto& route : http::page_routes()) {
        if (!is_administration(route) || !needed_role(route.access).empty()) continue;
        for (const auto& login : District::everybody()) {
            if (District::role_of(login).find("administrator") != std::string::npos) continue; // see parts of the page
            EXPECT_EQ(call(login, route, examples(route).front()).status, 404) << login << " " << name_of(route);
        }
    }
}

TEST_F(PagesMatrix, WhatLiesOutsideTheJurisdictionDoesNotExist) {
    int compared = 0;
    for (const auto& route : http::page_routes()) {
        const auto all = examples(route);
        if (!tried(route) || std::none_of(all.begin(), all.end(), [](const Example& one) { return one.exists(); }))
            continue;
        for (const auto& login : District::everybody()) {
            const auto none = call(login, route, all.back());
            EXPECT_EQ(none.status, 404) << login << " " << name_of(route);
            for (const auto& example : all) {
                if (!example.exists()) continue;
                const bool known = example.known_to(login);
                if (known && !example.owner.empty()) continue; // its owner would end it
                const auto answer = call(login, route, example);
                const auto where = login + " " + name_of(route) + " " + example.path(route.pattern) + ": " +
                                   std::to_string(answer.status);
                if (known) {
                    EXPECT_THAT(answer.status, AnyOf(200, 303, 403, 404, 409, 422)) << where;
                } else {
                    EXPECT_EQ(answer.status, 404) << where;
                    EXPECT_EQ(comparable(answer, example), comparable(none, all.back())) << where;
                    ++compared;
                }
            }
        }
    }
    EXPECT_GT(compared, 300);
}

TEST_F(PagesMatrix, EveryPageOpensForThoseWhoMaySeeIt) {
    for (const auto& route : http::page_routes()) {
        if (route.method != "GET") continue;
        const auto login = welcome_at(route);
        const auto example = examples(route).front();
        const auto answer = call(login, route, example);
        EXPECT_THAT(answer.status, AnyOf(200, 303)) << login << " " << name_of(route) << " " << answer.body;
    }
}

TEST_F(PagesMatrix, RefusedOpeningsAreShownToTheAuditorOfThePlaceOnly) {
    const auto name = [](const char* login) { return District::the().app().people.by_login(login)->name; };
    as("s-b").submit(std::string("/open/village_lifecycle/") + village_a2 + "/open_targeted", "reason=x");
    as("panel-x").submit(std::string("/open/village_lifecycle/") + village_x + "/dance", "");
    http::Route page;
    page.method = "GET";
    page.pattern = "/refused";
    const auto shown = call("auditor", page, {});
    EXPECT_EQ(shown.status, 200);
    EXPECT_NE(shown.body.find(name("s-b")), std::string::npos) << shown.body;
    EXPECT_EQ(shown.body.find("示例南一村"), std::string::npos) << "another district's";
    for (const auto* login : {"s-b", "panel", "sysadmin"}) EXPECT_EQ(call(login, page, {}).status, 404) << login;
}

// ---- changes --------------------------------------------------------------------------------------------------------

std::string title(const char* code) { return texts::text("en", std::string("error.") + code + ".title"); }

TEST_F(PagesMatrix, NothingIsChangedFromAnotherSite) {
    for (const auto& route : http::all_routes()) {
        if (!http::changes(route.method)) continue;
        const auto login = welcome_at(route);
        const auto& token = session(login).csrf;
        const bool api = route.pattern.rfind("/api/", 0) == 0;
        for (const auto& headers :
             std::vector<std::map<std::string, std::string>>{{{"Origin", "null"}},
                                                             {{"Origin", "http://evil.example"}},
                                                             {{"Origin", origin() + ".evil.example"}},
                                                             {{"Origin", "http://127.0.0.1:1"}},
                                                             {{"Sec-Fetch-Site", "cross-site"}},
                                                             {{"Sec-Fetch-Site", "same-site"}},
                                                             {{"Referer", "http://evil.example/" + origin()}},
                                                             {}}) {
            auto with = headers;
            with["X-CSRF-Token"] = token; // even if it had leaked
            const auto answer = call(login, route, examples(route).front(), token, with);
            EXPECT_EQ(answer.status, 403) << name_of(route) << " " << Json(headers) << " " << answer.body;
            if (api)
                EXPECT_EQ(answer.code(), "foreign_origin") << name_of(route) << " " << Json(headers);
            else
                EXPECT_NE(answer.body.find(title("foreign_origin")), std::string::npos) << name_of(route);
        }
    }
}

TEST_F(PagesMatrix, NothingIsChangedWithoutTheFormsToken) {
    for (const auto& route : http::all_routes()) {
        if (!http::changes(route.method)) continue;
        const auto login = welcome_at(route);
        const bool api = route.pattern.rfind("/api/", 0) == 0;
        for (const auto& token : {std::string(), std::string(43, 'a'), session("nobody").csrf}) {
            const auto answer = call(login, route, examples(route).front(), token, {{"Origin", origin()}});
            EXPECT_EQ(answer.status, 403) << name_of(route) << " " << answer.body;
            if (api)
                EXPECT_EQ(answer.code(), "form_expired") << name_of(route);
            else
                EXPECT_NE(answer.body.find(title("form_expired")), std::string::npos) << name_of(route);
        }
    }
}

TEST_F(PagesMatrix, LookingChangesNothing) {
    auto& app = District::the().app();
    const auto kept = [&] {
        Json all = Json::array();
        for (const auto& id : {Objects::the().case_a, Objects::the().case_b, Objects::the().meeting,
                               Objects::the().round, Objects::the().prescription_a})
            all.push_back(app.cases.row({id})->version);
        all.push_back(app.admin_log.list(1, "").size());
        return all;
    };
    const auto before = kept();
    for (const auto& route : http::all_routes()) {
        if (route.method != "GET" || route.pattern == "/api/v1/events") continue;
        for (const auto& example : examples(route)) static_cast<void>(call(welcome_at(route), route, example));
    }
    EXPECT_EQ(kept(), before);
}

} // namespace
} // namespace cunmai::test
