// Role × route × object, generated from the route table: who may not is refused, and what lies in another jurisdiction
// is answered exactly like what does not exist. A route that is not in the tables below fails the test.
#include "tests/integration/api/district.hpp"

#include <gmock/gmock.h>

#include <functional>

namespace cunmai::test {
namespace {

using testing::AnyOf;

const std::set<std::string>& elsewhere() { // routes that this test can't call for everybody, and why
    static const std::set<std::string> routes{
        "GET /api/v1/events",         // never ends: the server's own tests
        "DELETE /api/v1/session",     // ends what the other rows need: PeopleTest
        "DELETE /api/v1/me/sessions", // the same
        "POST /api/v1/session",       // signing in: PeopleTest
    };
    return routes;
}

// A body that is valid by its schema and does no harm: refused for another reason, or changing nothing.
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
        {"POST /api/v1/rules/{key}/approval", {{"proposal", 1}}}, // there is none
        {"PUT /api/v1/demo/clock", {{"now", "2000-01-01T00:00:00Z"}}},
        {"POST /api/v1/demo/settle", nullptr},
    };
    return all;
}

struct Example { // of an object, and where it lies; place "": nowhere
    std::string value, place;
};

std::string put_in(std::string pattern, const std::string& parameter, const std::string& value) {
    const auto hole = "{" + parameter + "}";
    const auto at = pattern.find(hole);
    return at == std::string::npos ? pattern : pattern.replace(at, hole.size(), value);
}

class Matrix : public testing::Test {
  protected:
    void SetUp() override {
        case_a_ = case_in("town_screening", village_a);
        case_b_ = case_in("town_screening", village_b);
        document_a_ = linked_document("v-a", case_a_);
        document_b_ = linked_document("v-b", case_b_);
    }

    static std::string linked_document(const std::string&, const std::string& id) {
        for (const auto& item : as("auditor").get("/cases/" + id + "/documents").list("items"))
            return item.at("sha256");
        ADD_FAILURE() << "no document is linked to " << id;
        return "";
    }

    // Examples of what the route is about; the last one does not exist.
    std::vector<Example> examples(const std::string& pattern) const {
        const std::string none = "0000000000000000";
        const auto has = [&](const char* part) { return pattern.find(part) != std::string::npos; };
        if (has("/cases/{id}") || has("/rounds/{id}")) return {{case_a_, village_a}, {case_b_, village_b}, {none, ""}};
        if (has("{sha256}")) return {{document_a_, village_a}, {document_b_, village_b}, {std::string(64, '0'), ""}};
        if (has("{code}")) return {{village_a, village_a}, {village_b, village_b}, {village_x, village_x}, {"123", ""}};
        if (has("/people/{id}")) return {{District::id("m2"), ""}, {none, ""}};
        if (has("{id}")) return {{none, ""}};
        if (has("/definitions/{key}")) return {{"prescription", ""}, {"nothing", ""}};
        if (has("{key}")) return {{"follow_up_years", ""}, {"nothing", ""}};
        return {{"", ""}};
    }

    Answer call(const std::string& who, const http::Route& route, const std::string& object) const {
        auto path = route.pattern.substr(std::string("/api/v1").size());
        for (const auto* parameter : {"id", "sha256", "code", "key"}) path = put_in(path, parameter, object);
        path = put_in(path, "name", "nominate");
        std::string query;
        for (const auto& parameter : route.doc.parameters)
            if (parameter.in == "query" && parameter.required)
                query += (query.empty() ? "?" : "&") + parameter.name + "=" +
                         (parameter.name == "place"  ? village_a
                          : parameter.name == "name" ? "a.txt"
                          : parameter.name == "role" ? "auditor"
                                                     : "village_lifecycle");
        const auto name = route.method + " " + route.pattern;
        const auto body = bodies().find(name);
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

    std::string case_a_, case_b_, document_a_, document_b_;
};

std::string needed_role(http::Access access) {
    switch (access) {
    case http::Access::system: return "system_administrator";
    case http::Access::security: return "security_administrator";
    case http::Access::audit: return "audit_administrator";
    default: return "";
    }
}

Json without_instance(const Answer& answer) {
    auto json = answer.json();
    if (json.is_object()) json.erase("instance");
    return json;
}

TEST_F(Matrix, EveryRouteIsInIt) {
    for (const auto& route : District::the().routes()) {
        const auto name = route.method + " " + route.pattern;
        EXPECT_TRUE(route.method == "GET" || bodies().contains(name) || elsewhere().contains(name))
            << name << " is not in the matrix";
    }
}

TEST_F(Matrix, NobodyGetsInWithoutSigningIn) {
    for (const auto& route : District::the().routes()) {
        if (route.access == http::Access::open) continue;
        for (const auto& example : examples(route.pattern))
            EXPECT_EQ(call("", route, example.value).status, 401)
                << route.method << " " << route.pattern << " " << example.value;
    }
}

TEST_F(Matrix, AnAdministratorsRoutesAreForThatAdministratorOnly) {
    for (const auto& route : District::the().routes()) {
        const auto role = needed_role(route.access);
        if (role.empty()) continue;
        for (const auto& login : District::everybody())
            for (const auto& example : examples(route.pattern)) {
                const auto answer = call(login, route, example.value);
                const bool fine = District::role_of(login) == role ? answer.status != 401 && answer.status != 403
                                                                   : answer.status == 403;
                EXPECT_TRUE(fine) << login << " " << route.method << " " << route.pattern << " " << answer.body;
            }
    }
}

TEST_F(Matrix, WhatLiesOutsideTheJurisdictionDoesNotExist) {
    int compared = 0;
    for (const auto& route : District::the().routes()) {
        if (elsewhere().contains(route.method + " " + route.pattern) || !needed_role(route.access).empty()) continue;
        const auto all = examples(route.pattern);
        const bool about_places =
            std::any_of(all.begin(), all.end(), [](const Example& one) { return !one.place.empty(); });
        if (!about_places) continue;
        for (const auto& login : District::everybody()) {
            const auto none = call(login, route, all.back().value);
            for (const auto& example : all) {
                if (example.place.empty()) continue;
                const auto answer = call(login, route, example.value);
                const auto where =
                    login + " " + route.method + " " + route.pattern + " in " + example.place + ": " + answer.body;
                const bool administers_places = route.pattern.find("{code}") != std::string::npos &&
                                                District::role_of(login).find("administrator") != std::string::npos;
                if (District::may_see(login, example.place) || administers_places) {
                    if (route.pattern.find("/rounds/") != std::string::npos) continue; // a village's case is no round
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
    EXPECT_GT(compared, 200);
}

TEST_F(Matrix, WhatIsForEverybodySignedInAnswersEverybody) {
    for (const auto& route : District::the().routes()) {
        const auto name = route.method + " " + route.pattern;
        if (elsewhere().contains(name) || !needed_role(route.access).empty() ||
            route.pattern.find('{') != std::string::npos)
            continue;
        for (const auto& login : District::everybody()) {
            const auto answer = call(login, route, "");
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
