// The district's settings and the indicator catalogue: data, versioned, each change with who and when.
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"
#include "adapters/services/administration.hpp"
#include "adapters/services/rule_schemas.hpp"

namespace cunmai::http::api {

namespace {

Json known_key() {
    std::vector<std::string> keys;
    for (const auto& [key, schema] : administration::rule_schemas().items()) keys.push_back(key);
    return one_of(keys);
}

} // namespace

Endpoint catalogue() {
    const auto handler = [](App& app, const Request&) {
        auto catalogue = app.rules.get("catalogue");
        if (!catalogue.is_object()) not_found();
        return Response::json(200, catalogue);
    };
    return {handler, Describe("The indicators in force", "rules")
                         .answers(200, administration::rule_schemas().at("catalogue"))
                         .may_fail({404})};
}

Endpoint list_rules() {
    const auto handler = [](App& app, const Request&) {
        auto all = app.rules.all();
        return Response::json(200, {{"rules", all.is_object() ? std::move(all) : Json::object()}});
    };
    return {handler, Describe("All settings", "rules").answers(200, object({{"rules", {{"type", "object"}}}}))};
}

Endpoint get_rule() {
    const auto handler = [](App& app, const Request& request) {
        const auto value = app.rules.get(request.param("key"));
        if (value.is_null()) not_found();
        return Response::json(200, {{"key", request.param("key")}, {"value", value}});
    };
    return {handler, Describe("One setting", "rules")
                         .path("key", known_key())
                         .answers(200, object({{"key", like(key_pattern)}, {"value", anything()}}))};
}

Endpoint set_rule() {
    const auto handler = [](App& app, const Request& request) {
        const auto key = request.param("key");
        const auto result = administration::set_rule(app, request.who().person.id, key, request.json().at("value"));
        if (result.refusal.has("unknown_rule")) not_found();
        if (!result.ok()) refused(result.refusal);
        return Response::json(200, {{"key", key}, {"value", app.rules.get(key)}});
    };
    return {handler, Describe("Change a setting; it holds from now on. Of the catalogue this is a proposal, which "
                              "another person approves; the answer has the one in force",
                              "rules")
                         .path("key", known_key())
                         .takes(object({{"value", anything()}}))
                         .answers(200, object({{"key", like(key_pattern)}, {"value", anything()}}))};
}

Endpoint rule_changes() {
    const auto handler = [](App& app, const Request& request) {
        const auto changes = app.rules.changes(request.param("key"));
        if (changes.empty()) not_found();
        auto items = Json::array();
        for (const auto& change : changes)
            items.push_back({{"value", change.value},
                             {"by", change.by.text},
                             {"at", engine::to_iso(change.at)},
                             {"version", change.version}});
        return Response::json(200, page_after(request, items, "version"));
    };
    return {handler, Describe("Every change of a setting", "rules")
                         .path("key", known_key())
                         .paged()
                         .answers(200, page_of("RuleChange"))};
}

Endpoint rule_proposal() {
    const auto handler = [](App& app, const Request& request) {
        const auto proposal = administration::proposal_of(app, request.param("key"));
        if (!proposal) not_found();
        return Response::json(200, {{"proposal", proposal->number},
                                    {"value", proposal->value},
                                    {"by", proposal->by.text},
                                    {"at", engine::to_iso(proposal->at)}});
    };
    return {handler, Describe("The proposed change that waits for a second person: of the catalogue", "rules")
                         .path("key", known_key())
                         .answers(200, ref("RuleProposal"))};
}

Endpoint approve_rule() {
    const auto handler = [](App& app, const Request& request) {
        const auto key = request.param("key");
        const auto result =
            administration::approve_rule(app, request.who().person.id, key, request.json().at("proposal").get<int>());
        if (!result.ok()) refused(result.refusal);
        return Response::json(200, {{"key", key}, {"value", app.rules.get(key)}});
    };
    return {handler,
            Describe("Approve a proposed change that is not one's own; it holds from its `in_force_from`", "rules")
                .path("key", known_key())
                .takes(object({{"proposal", number(1, 1'000'000)}}))
                .answers(200, object({{"key", like(key_pattern)}, {"value", anything()}}))};
}

} // namespace cunmai::http::api
