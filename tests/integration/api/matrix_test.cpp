// Role × route × object, generated from the route table: a person without the role is refused, and an object in another
// jurisdiction is answered exactly like one that does not exist. A route that is not in the tables below fails the
// test.
#include "tests/integration/api/objects.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {
namespace {

using testing::AnyOf;

const std::set<std::string>& elsewhere() { // routes that this test can't call for everybody, and why
    static const std::set<std::string> routes{
        "GET /api/v1/events",         // never ends: the server's own tests
        "DELETE /api/v1/session",     // ends the session that the other rows need; see PeopleTest
        "DELETE /api/v1/me/sessions", // the same
        "POST /api/v1/session",       // signing in: PeopleTest
    };
    return routes;
}

// A body that is valid by its schema and does no harm, because it is refused for another reason or changes nothing.
const std::map<std::string, Json>& bodies() {
    static const std::map<std::string, Json> all{
        {"PATCH /api/v1/me", {{"language", "en"}}},
        {"PUT /api/v1/me/password", {{"old", "wrong"}, {"new", "also wrong"}}},
        {"POST /api/v1/cases", {{"definition", "village_lifecycle"}, {"place", "1"}, {"payload", Json::object()}}},
        {"POST /api/v1/cases/{id}/commands/{name}",
         {{"category", "economy"}, {"study_record", "示例"}}}, // at a stale version
        {"PATCH /api/v1/cases/{id}/draft", {{"answers", Json::object()}}},
        {"PUT /api/v1/cases/{id}/claims/{name}", nullptr},
        {"DELETE /api/v1/cases/{id}/claims/{name}", nullptr},
        {"POST /api/v1/attachments", "text"},
        {"POST /api/v1/rounds", {{"place", "1"}, {"title", "示例"}}},
        {"POST /api/v1/notifications/read", nullptr},
        {"POST /api/v1/notifications/{id}/read", nullptr},
        {"POST /api/v1/deliveries/{id}/retry", nullptr},
        {"POST /api/v1/people", {{"login", "m1"}, {"name", "示例"}}}, // taken
        {"PATCH /api/v1/people/{id}", Json::object()},
        {"PUT /api/v1/people/{id}/password", {{"password", "short"}}},
        {"POST /api/v1/grants", {{"person", "nobody-there"}, {"role", "auditor"}, {"place", district_a}}},
        {"DELETE /api/v1/grants/{id}", nullptr},
        {"POST /api/v1/delegations",
         {{"delegate", "nobody-there"},
          {"role", "auditor"},
          {"from_on", "2000-01-01"},
          {"until_on", "2000-01-01"},
          {"reason", "示例"}}},
        {"DELETE /api/v1/delegations/{id}", nullptr},
        {"POST /api/v1/interests", {{"place", "1"}, {"reason", "示例"}}},
        {"DELETE /api/v1/interests/{id}", nullptr},
        {"PUT /api/v1/rules/{key}", {{"value", "not a number of years"}}},
        {"POST /api/v1/rules/{key}/approval", {{"proposal", 1}}}, // there is no proposal
        {"PUT /api/v1/demo/clock", {{"now", "2000-01-01T00:00:00Z"}}},
        {"POST /api/v1/demo/settle", nullptr},
    };
    return all;
}

class Matrix : public testing::Test {
  protected:
    std::vector<Example> examples(const http::Route& route) const { return Objects::the().examples(route); }

    Answer call(const std::string& who, const http::Route& route, const Example& example) const {
        const auto path = example.path(route.pattern.substr(std::string("/api/v1").size()));
        std::string query;
        for (const auto& parameter : route.doc.parameters)
            if (parameter.in == "query" && parameter.required)
                query += (query.empty() ? "?" : "&") + parameter.name + "=" +
                         (parameter.name == "place"  ? village_a
                          : parameter.name == "name" ? "a.txt"
                          : parameter.name == "role" ? "auditor"
                                                     : "village_lifecycle");
        const auto body = bodies().find(name_of(route));
        std::map<std::string, std::string> headers;
        for (const auto& parameter : route.doc.parameters) {
            if (parameter.name == "If-Match") headers["If-Match"] = "\"999\"";
            if (parameter.name == "Idempotency-Key") headers["Idempotency-Key"] = fresh_key();
        }
        std::string text;
        if (body != bodies().end() && !body->second.is_null()) {
            const bool plain = body->second.is_string();
            text = plain ? body->second.get<std::string>() : body->second.dump();
            headers["Content-Type"] = plain ? "text/plain" : "application/json";
        }
        return as(who).raw(route.method, path + query, text, headers);
    }
};

Json without_instance(const Answer& answer) {
    auto json = answer.json();
    if (json.is_object()) json.erase("instance");
    return json;
}

TEST_F(Matrix, EveryRouteIsInIt) {
    for (const auto& route : District::the().routes()) {
        const auto name = name_of(route);
        EXPECT_TRUE(route.method == "GET" || bodies().contains(name) || elsewhere().contains(name))
            << name << " is not in the matrix";
        EXPECT_FALSE(examples(route).empty()) << "nothing is known to try " << name << " with";
    }
}

TEST_F(Matrix, NobodyGetsInWithoutSigningIn) {
    for (const auto& route : District::the().routes()) {
        if (route.access == http::Access::open) continue;
        for (const auto& example : examples(route))
            EXPECT_EQ(call("", route, example).status, 401) << name_of(route) << " " << example.path(route.pattern);
    }
}

TEST_F(Matrix, AnAdministratorsRoutesAreForThatAdministratorOnly) {
    for (const auto& route : District::the().routes()) {
        const auto role = needed_role(route.access);
        if (role.empty()) continue;
        for (const auto& login : District::everybody())
            for (const auto& example : examples(route)) {
                const auto answer = call(login, route, example);
                const bool fine = District::role_of(login) == role ? answer.status != 401 && answer.status != 403
                                                                   : answer.status == 403;
                EXPECT_TRUE(fine) << login << " " << name_of(route) << " " << answer.body;
            }
    }
}

TEST_F(Matrix, WhatLiesOutsideTheJurisdictionDoesNotExist) {
    int compared = 0;
    for (const auto& route : District::the().routes()) {
        if (elsewhere().contains(name_of(route)) || !needed_role(route.access).empty()) continue;
        const auto all = examples(route);
        if (std::none_of(all.begin(), all.end(), [](const Example& one) { return one.exists(); })) continue;
        for (const auto& login : District::everybody()) {
            const auto none = call(login, route, all.back());
            for (const auto& example : all) {
                if (!example.exists()) continue;
                const bool administers_places = route.pattern.find("{code}") != std::string::npos &&
                                                District::role_of(login).find("administrator") != std::string::npos;
                const bool known = example.known_to(login) || administers_places;
                if (known && !example.owner.empty()) continue; // its owner would end it
                const auto answer = call(login, route, example);
                const auto where = login + " " + name_of(route) + " " + example.path(route.pattern) + ": " +
                                   std::to_string(answer.status) + " " + answer.body;
                if (known) {
                    const bool fine =
                        route.method == "GET" ? answer.status == 200 || answer.status == 403 : answer.status != 404;
                    EXPECT_TRUE(fine) << where;
                } else {
                    EXPECT_EQ(answer.status, 404) << where;
                    EXPECT_EQ(without_instance(answer), without_instance(none)) << where;
                    ++compared;
                }
            }
        }
    }
    EXPECT_GT(compared, 500);
}

TEST_F(Matrix, WhatIsForEverybodySignedInAnswersEverybody) {
    for (const auto& route : District::the().routes()) {
        const auto name = name_of(route);
        if (elsewhere().contains(name) || !needed_role(route.access).empty() ||
            route.pattern.find('{') != std::string::npos)
            continue;
        for (const auto& login : District::everybody()) {
            const auto answer = call(login, route, {});
            if (route.method == "GET") {
                EXPECT_THAT(answer.status, AnyOf(200, 404)) << login << " " << name << answer.body;
            } else {
                EXPECT_THAT(answer.status, AnyOf(200, 201, 204, 403, 404, 422)) << login << " " << name << answer.body;
            }
        }
    }
}

} // namespace
} // namespace cunmai::test
