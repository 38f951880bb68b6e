// The OpenAPI 3.1 document, made from the route table and the definitions, so that the server and its description have
// one source.
#include "adapters/http/api/openapi.hpp"
#include "adapters/http/api/api.hpp"
#include "adapters/http/api/checked.hpp"
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"
#include "adapters/services/administration.hpp"
#include "adapters/services/rule_schemas.hpp"
#include "engine/text.hpp"

#include <algorithm>
#include <set>

namespace cunmai::http::api {

namespace {

const std::map<int, std::string>& reasons_for_status() {
    static const std::map<int, std::string> all{
        {400, "A parameter, header or body that can't be read; the problem names it."},
        {401, "Not signed in, or no longer."},
        {403, "Not yours to do."},
        {404, "No such thing, or none that you may know of."},
        {408, "The body did not come in time; nothing was done."},
        {409, "Somebody was first; `version` and `state` are the current ones."},
        {411, "Content-Length is missing: bodies in chunks are not taken."},
        {413, "Too large."},
        {415, "Not a content type that is taken here."},
        {422, "Understood and refused; `reasons` says why."},
        {428, "If-Match is missing."},
        {429, "Too many attempts or connections; Retry-After says when."},
        {503, "The database can't be reached now. The same request with the same Idempotency-Key is safe to repeat."}};
    return all;
}

std::string operation_id(const Route& route) {
    auto id = lower_ascii(route.method);
    for (const char byte : route.pattern.substr(std::string_view("/api/v1").size())) {
        const bool word = std::isalnum(static_cast<unsigned char>(byte)) != 0;
        if (word)
            id += byte;
        else if (id.back() != '_')
            id += '_';
    }
    if (id.back() == '_') id.pop_back();
    return id;
}

bool changes_something(const Route& route) { return route.method != "GET"; }

std::set<int> problem_statuses(const Route& route) {
    std::set<int> statuses(route.doc.problems.begin(), route.doc.problems.end());
    statuses.insert({400, 503});
    if (route.access != Access::open) statuses.insert({401, 403}); // 403: the password must be changed first
    if (changes_something(route)) statuses.insert(403);            // Origin and CSRF
    for (const auto& parameter : route.doc.parameters) {
        if (parameter.in == "path" || parameter.name == "cursor") statuses.insert(404); // an unknown object or page
        if (parameter.name == "If-Match") statuses.insert(428);
    }
    if (!route.doc.body.is_null()) statuses.insert({408, 411, 413, 415, 422});
    return statuses;
}

Json parameters(const Route& route) {
    auto list = Json::array();
    for (const auto& parameter : route.doc.parameters) {
        Json one{{"name", parameter.name},
                 {"in", parameter.in},
                 {"required", parameter.required},
                 {"schema", parameter.schema}};
        if (!parameter.description.empty()) one["description"] = parameter.description;
        list.push_back(std::move(one));
    }
    list.push_back({{"$ref", "#/components/parameters/lang"}});
    return list;
}

Json content(const std::vector<std::string>& types, const Json& schema) {
    Json all = Json::object();
    for (const auto& type : types) all[type] = schema.empty() ? Json::object() : Json{{"schema", schema}};
    return all;
}

// Links from one answer to further routes, for readers of the document and for testing tools that follow them.
Json links(const Route& route) {
    struct Link {
        std::string from, to;
        std::map<std::string, std::string> parameters; // name → expression that gives its value
    };
    static const auto all = [] {
        std::vector<Link> list;
        const auto of_case = [&](const std::string& from, const std::string& id) {
            for (const auto* to : {"get_cases_id", "get_cases_id_commands", "get_cases_id_history",
                                   "get_cases_id_documents", "get_cases_id_refusals", "get_cases_id_ballots",
                                   "get_cases_id_draft", "patch_cases_id_draft", "post_cases_id_commands_name"})
                list.push_back({from, to, {{"id", id}}});
        };
        of_case("post_cases", "$response.body#/case_id");
        of_case("get_cases", "$response.body#/items/0/id");
        const std::vector<Link> others{
            {"get_worklist", "get_cases_id_commands", {{"id", "$response.body#/items/0/case_id"}}},
            {"get_cases_id_commands",
             "post_cases_id_commands_name",
             {{"id", "$request.path.id"}, {"name", "$response.body#/items/0/command"}}},
            {"get_cases_id_commands",
             "put_cases_id_claims_name",
             {{"id", "$request.path.id"}, {"name", "$response.body#/items/0/command"}}},
            {"get_cases_id_documents", "get_attachments_sha256", {{"sha256", "$response.body#/items/0/sha256"}}},
            {"get_places", "get_places_code", {{"code", "$response.body#/items/0/code"}}},
            {"get_places", "get_places_code_counts", {{"code", "$response.body#/items/0/code"}}},
            {"get_places", "get_places_code_commands", {{"code", "$response.body#/items/0/code"}}},
            {"get_notifications", "post_notifications_id_read", {{"id", "$response.body#/items/0/id"}}},
            {"get_people", "get_people_id", {{"id", "$response.body#/items/0/id"}}},
            {"get_definitions", "get_definitions_key", {{"key", "$response.body#/items/0/key"}}},
            {"put_rules_key", "get_rules_key_proposal", {{"key", "$request.path.key"}}},
            {"put_rules_key", "get_rules_key_changes", {{"key", "$request.path.key"}}},
            {"post_rounds", "get_rounds_id", {{"id", "$response.body#/case_id"}}},
            {"post_attachments", "get_attachments_sha256", {{"sha256", "$response.body#/sha256"}}},
            {"post_people", "get_people_id", {{"id", "$response.body#/id"}}},
            {"post_people", "patch_people_id", {{"id", "$response.body#/id"}}},
            {"post_grants", "delete_grants_id", {{"id", "$response.body#/id"}}},
            {"post_delegations", "delete_delegations_id", {{"id", "$response.body#/id"}}},
            {"post_interests", "delete_interests_id", {{"id", "$response.body#/id"}}},
        };
        list.insert(list.end(), others.begin(), others.end());
        return list;
    }();
    Json found = Json::object();
    for (const auto& [from, to, parameters] : all)
        if (from == operation_id(route)) found[to] = {{"operationId", to}, {"parameters", parameters}};
    return found;
}

Json responses(const Route& route) {
    Json all = Json::object();
    for (const auto& [status, schema] : route.doc.responses) {
        Json one{{"description", status == 204 ? "Done." : status == 201 ? "Done; this is new." : "As asked."}};
        if (!schema.is_null())
            one["content"] = content(route.doc.answer_types.empty() ? std::vector<std::string>{"application/json"}
                                                                    : route.doc.answer_types,
                                     schema);
        if (const auto headers = route.doc.headers.find(status); headers != route.doc.headers.end())
            for (const auto& name : headers->second) one["headers"][name] = {{"schema", {{"type", "string"}}}};
        if (auto leads = links(route); !leads.empty()) one["links"] = std::move(leads);
        all[std::to_string(status)] = std::move(one);
    }
    for (const int status : problem_statuses(route))
        all[std::to_string(status)] = {{"$ref", "#/components/responses/Problem" + std::to_string(status)}};
    return all;
}

// Schemas of the newest version are named by workflow and command. A schema of an older version that differs has the
// version in its name, too.
std::string payload_name(const engine::Registry& registry, const engine::DefinitionInfo& info,
                         const engine::CommandInfo& command) {
    const auto& newest = registry.newest(info.key)->info();
    const auto* same = newest.command(command.key);
    const bool differs = !same || payload_schema(same->fields) != payload_schema(command.fields);
    return info.key + (differs ? ".v" + std::to_string(info.version) : "") + "." + command.key;
}

// For each workflow the commands that open a case, with their payloads.
Json openings(const engine::Registry& registry, const Json& body) {
    auto all = Json::array();
    for (const auto* definition : registry.current()) {
        const auto& info = definition->info();
        std::set<std::string> commands;
        for (const auto& row : info.rows)
            if (const auto* command = info.command(row.command); row.from == engine::not_opened && !command->internal)
                commands.insert(command->key);
        for (const auto& name : commands) {
            auto one = body;
            auto& members = one["properties"];
            members["definition"] = {{"const", info.key}};
            members["command"] = {{"const", name}};
            members["payload"] = api::ref(payload_name(registry, info, *info.command(name)));
            if (commands.size() > 1 && name != "open") one["required"].push_back("command");
            if (payload_schema(info.command(name)->fields).contains("required")) one["required"].push_back("payload");
            all.push_back(std::move(one));
        }
    }
    return {{"anyOf", std::move(all)}};
}

Json payloads(const engine::Registry& registry) {
    std::set<std::string> names;
    for (const auto* definition : registry.all())
        for (const auto& command : definition->info().commands)
            if (!command.internal) names.insert(payload_name(registry, definition->info(), command));
    auto all = Json::array();
    for (const auto& name : names) all.push_back(api::ref(name));
    return {{"description", "The command's payload: the schema that is named after its workflow and command; of a case "
                            "in an older version of its workflow, the one that has this version in its name."},
            {"anyOf", std::move(all)}};
}

// The schema of the bodies that are really accepted. Where it depends on the address or the workflow, checked.cpp first
// uses a wider schema, and the rest is refused later with reasons of its own.
Json body_of(const Route& route, const engine::Registry& registry) {
    const auto id = operation_id(route);
    if (id == "post_cases") return openings(registry, route.doc.body);
    if (id == "post_cases_id_commands_name") return payloads(registry);
    if (id == "put_rules_key") {
        auto values = Json::array();
        for (const auto& schema : administration::rule_schemas()) // several settings look alike
            if (std::find(values.begin(), values.end(), schema) == values.end()) values.push_back(schema);
        return object({{"value", {{"anyOf", std::move(values)}}}});
    }
    auto body = route.doc.body;
    for (const auto& [operation, field] :
         {std::pair{"post_people", "password"}, {"put_people_id_password", "password"}, {"put_me_password", "new"}})
        if (id == operation) body["properties"][field]["minLength"] = administration::password_length_min;
    return body;
}

Json operation(const Route& route, const engine::Registry& registry) {
    Json one{{"operationId", operation_id(route)},
             {"summary", route.doc.summary},
             {"tags", {route.doc.tag}},
             {"parameters", parameters(route)},
             {"responses", responses(route)}};
    if (!route.doc.body.is_null()) {
        const auto types =
            route.doc.body_types.empty() ? std::vector<std::string>{route.doc.body_type} : route.doc.body_types;
        one["requestBody"] = {{"required", true}, {"content", content(types, body_of(route, registry))}};
    }
    if (route.access == Access::open) one["security"] = Json::array();
    return one;
}

Json schemas(const engine::Registry& registry) {
    Json all = components();
    for (const auto* definition : registry.all())
        for (const auto& command : definition->info().commands)
            if (!command.internal)
                all[payload_name(registry, definition->info(), command)] = payload_schema(command.fields);
    return all;
}

Json problem_responses() {
    Json all = Json::object();
    for (const auto& [status, why] : reasons_for_status()) {
        Json one{{"description", why}, {"content", {{"application/problem+json", {{"schema", ref("Problem")}}}}}};
        if (status == 409) one["headers"]["ETag"] = {{"schema", {{"type", "string"}}}};
        if (status == 429 || status == 503) one["headers"]["Retry-After"] = {{"schema", {{"type", "string"}}}};
        all["Problem" + std::to_string(status)] = std::move(one);
    }
    return all;
}

} // namespace

Json openapi_document(const std::vector<Route>& routes, const engine::Registry& registry) {
    Json paths = Json::object();
    for (const auto& route : routes) { paths[route.pattern][lower_ascii(route.method)] = operation(route, registry); }
    return {{"openapi", "3.1.0"},
            {"info",
             {{"title", "Cunmai"},
              {"version", "1.0.0"},
              {"description", "Key-village case management. One way to change anything: give a command to a case. Sign "
                              "in with POST /api/v1/session "
                              "and send the token as `Authorization: Bearer …`. Every command carries the version that "
                              "you have seen (If-Match) and "
                              "an Idempotency-Key, so that repeating it is safe. Problems are RFC 9457 documents."}}},
            {"servers", {{{"url", "/"}}}},
            {"security", {{{"bearer", Json::array()}}, {{"cookie", Json::array()}, {"csrf", Json::array()}}}},
            {"paths", std::move(paths)},
            {"components",
             {{"schemas", schemas(registry)},
              {"responses", problem_responses()},
              {"parameters",
               {{"lang",
                 {{"name", "lang"},
                  {"in", "query"},
                  {"required", false},
                  {"schema", one_of({"zh-CN", "en"})},
                  {"description", "Language of sentences in the answer; your own setting when not given."}}}}},
              {"securitySchemes",
               {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}},
                {"cookie",
                 {{"type", "apiKey"},
                  {"in", "cookie"},
                  {"name", "__Host-cunmai"},
                  {"description", "Set by the sign-in page."}}},
                {"csrf",
                 {{"type", "apiKey"},
                  {"in", "header"},
                  {"name", "X-CSRF-Token"},
                  {"description", "With the cookie, on everything that changes something."}}}}}}}};
}

Endpoint openapi() {
    const auto handler = [](App& app, const Request&) {
        static const Json document = openapi_document(api_routes(), app.registry);
        return Response::json(200, document);
    };
    return {handler, Describe("This document", "about").answers(200, Json{{"type", "object"}})};
}

} // namespace cunmai::http::api
