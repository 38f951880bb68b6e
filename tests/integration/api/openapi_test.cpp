// The document and the server are one thing: no route without description, no description without route, no answer that
// is not described (every test of this binary holds every answer against the document, see district.cpp).
#include "tests/integration/api/district.hpp"

#include "adapters/services/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>

#include <regex>

namespace cunmai::test {
namespace {

Json document() {
    const auto answer = as("").get("/openapi.json");
    EXPECT_EQ(answer.status, 200);
    return answer.json();
}

std::set<std::string> described(const Json& document) {
    std::set<std::string> all;
    for (const auto& [path, item] : document.at("paths").items())
        for (const auto& [method, operation] : item.items()) {
            std::string upper = method;
            for (auto& letter : upper) letter = static_cast<char>(std::toupper(letter));
            all.insert(upper + " " + path);
        }
    return all;
}

void collect_refs(const Json& value, std::set<std::string>& refs) {
    if (value.is_object() && value.contains("$ref")) refs.insert(value["$ref"].get<std::string>());
    if (value.is_structured())
        for (const auto& child : value) collect_refs(child, refs);
}

TEST(OpenApi, DescribesEveryRouteOfTheTableAndNoOther) {
    std::set<std::string> routes;
    for (const auto& route : http::all_routes())
        if (route.pattern.rfind("/api/", 0) == 0) routes.insert(route.method + " " + route.pattern);
    EXPECT_EQ(described(document()), routes);
}

TEST(OpenApi, EveryDescribedOperationIsServed) {
    // 404 "no_such_address" and 405 are what the server says of addresses that it doesn't have.
    for (const auto& operation : described(document())) {
        const auto space = operation.find(' ');
        if (operation == "GET /api/v1/events") continue; // never ends; see the live tests of the server
        auto path = operation.substr(space + 1 + std::string("/api/v1").size());
        path = std::regex_replace(path, std::regex("\\{[^}]*\\}"), "x");
        const auto answer = as("nobody").raw(operation.substr(0, space), path, "", {});
        EXPECT_NE(answer.status, 405) << operation;
        EXPECT_NE(answer.code(), "no_such_address") << operation;
        if (operation == "DELETE /api/v1/session" || operation == "DELETE /api/v1/me/sessions")
            District::the().forget_tokens();
    }
}

void find_repeated_options(const Json& value, const std::string& at) {
    if (!value.is_structured()) return;
    for (const auto* key : {"anyOf", "oneOf"})
        if (value.is_object() && value.contains(key) && value.at(key).is_array()) {
            std::set<std::string> seen;
            for (const auto& option : value.at(key))
                EXPECT_TRUE(seen.insert(option.dump()).second) << at << ": " << option;
        }
    for (const auto& [key, child] : value.items()) find_repeated_options(child, at + "/" + key);
}

TEST(OpenApi, NoAlternativeIsThereTwice) { find_repeated_options(document(), ""); }

TEST(OpenApi, EveryReferenceLeadsSomewhere) {
    const auto whole = document();
    std::set<std::string> refs;
    collect_refs(whole, refs);
    EXPECT_FALSE(refs.empty());
    for (const auto& ref : refs) EXPECT_TRUE(whole.contains(Json::json_pointer(ref.substr(1)))) << ref;
}

TEST(OpenApi, OperationsAndTheirPathParametersAreNamedOnce) {
    const auto whole = document();
    std::set<std::string> ids;
    for (const auto& [path, item] : whole.at("paths").items())
        for (const auto& [method, operation] : item.items()) {
            EXPECT_TRUE(ids.insert(operation.at("operationId")).second) << operation.at("operationId");
            EXPECT_FALSE(operation.at("summary").get<std::string>().empty());
            std::set<std::string> in_path, named;
            for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{', at + 1))
                in_path.insert(path.substr(at + 1, path.find('}', at) - at - 1));
            for (const auto& parameter : operation.at("parameters"))
                if (parameter.value("in", "") == "path") named.insert(parameter.at("name"));
            EXPECT_EQ(in_path, named) << method << " " << path;
        }
}

TEST(OpenApi, LinksLeadToOperationsAndTheirParameters) {
    const auto whole = document();
    std::map<std::string, std::set<std::string>> parameters;
    for (const auto& item : whole.at("paths"))
        for (const auto& operation : item)
            for (const auto& parameter : operation.at("parameters"))
                parameters[operation.at("operationId")].insert(parameter.value("name", ""));
    int links = 0;
    for (const auto& item : whole.at("paths"))
        for (const auto& operation : item)
            for (const auto& response : operation.at("responses"))
                for (const auto& link : response.value("links", Json::object()))
                    for (const auto& [parameter, value] : link.at("parameters").items()) {
                        EXPECT_TRUE(parameters[link.at("operationId")].contains(parameter)) << link;
                        ++links;
                    }
    EXPECT_GE(links, 15);
}

TEST(OpenApi, HasThePayloadOfEveryCommandOfEveryWorkflow) {
    const auto schemas = document().at("components").at("schemas");
    for (const auto* definition : District::the().app().registry.all())
        for (const auto& command : definition->info().commands)
            EXPECT_EQ(schemas.contains(definition->info().key + "." + command.key), !command.internal) << command.key;
}

// The oracles of this whole run.
TEST(Document, HoldingAnAnswerAgainstItFindsWhatIsNotDescribed) {
    const Call call{"GET", "/api/v1/me", "", {}};
    const auto answer = [](int status, const std::string& type, const std::string& body) {
        return Answer{status, {{"Content-Type", type}}, body};
    };
    auto& district = District::the();
    EXPECT_NONFATAL_FAILURE(district.hold_against_document(call, answer(418, "application/json", "{}")),
                            "status is not in the document");
    EXPECT_NONFATAL_FAILURE(district.hold_against_document(call, answer(200, "application/json", "{}")), "missing");
    EXPECT_NONFATAL_FAILURE(
        district.hold_against_document({"GET", "/api/v1/nothing", "", {}}, answer(200, "application/json", "{}")),
        "not in the document");
    auto me = as("m1").get("/me").json();
    me["password_hash"] = "x";
    EXPECT_NONFATAL_FAILURE(district.hold_against_document(call, answer(200, "application/json", me.dump())),
                            "unknown_field");
}

TEST(SchemaCheck, FindsWhatIsWrong) {
    using http::api::violations;
    const Json components{{"Name", {{"type", "string"}, {"minLength", 2}, {"maxLength", 3}}}};
    struct Case {
        Json schema, value;
        std::string code; // "": valid
    };
    const std::vector<Case> cases{
        {{{"type", "string"}}, "x", ""},
        {{{"type", "string"}}, 1, "wrong_type"},
        {{{"type", {"string", "null"}}}, nullptr, ""},
        {{{"type", "integer"}}, 1.0, ""},
        {{{"type", "integer"}}, 1.5, "wrong_type"},
        {{{"type", "integer"}, {"minimum", 1}, {"maximum", 3}}, 4, "out_of_range"},
        {{{"type", "string"}, {"maxLength", 2}}, "重点村", "too_long"},
        {{{"type", "string"}, {"maxLength", 3}}, "重点村", ""},
        {{{"type", "string"}, {"pattern", "^[a-z]+$"}}, "aB", "malformed"},
        {{{"type", "string"}, {"format", "date"}}, "2025-02-30", "not_a_date"},
        {{{"enum", {"a", "b"}}}, "c", "not_a_choice"},
        {{{"type", "array"}, {"items", {{"type", "integer"}}}}, Json{1, "2"}, "wrong_type"},
        {{{"type", "array"}, {"maxItems", 1}}, Json{1, 2}, "too_many"},
        {{{"type", "object"}, {"required", {"a"}}}, Json::object(), "missing"},
        {{{"type", "object"}, {"properties", {{"a", true}}}, {"additionalProperties", false}},
         Json{{"b", 1}},
         "unknown_field"},
        {{{"$ref", "#/components/schemas/Name"}}, "a", "too_short"},
        {{{"anyOf", {{{"type", "string"}}, {{"type", "null"}}}}}, 1, "wrong_type"},
        {{{"anyOf", {{{"type", "string"}}, {{"type", "null"}}}}}, nullptr, ""},
    };
    for (const auto& [schema, value, code] : cases) {
        const auto why = violations(schema, value, components);
        EXPECT_EQ(code.empty(), why.empty()) << schema << value;
        if (!code.empty()) { EXPECT_TRUE(why.has(code)) << schema << value << engine::to_json(why); }
    }
}

} // namespace
} // namespace cunmai::test
