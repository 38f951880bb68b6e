// Handing a role to another for a period; declaring an interest in a village. Each for oneself only.
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"
#include "adapters/services/administration.hpp"

namespace cunmai::http::api {

namespace {

Json views(App& app, const std::vector<db::DelegationRow>& rows) {
    std::vector<std::string> ids;
    for (const auto& row : rows) {
        ids.push_back(row.delegation.principal.text);
        ids.push_back(row.delegation.delegate.text);
    }
    const auto names = app.people.names(ids);
    auto items = Json::array();
    for (const auto& row : rows) items.push_back(view(row, names));
    return items;
}

Response created(const administration::Result& result) {
    if (!result.ok()) refused(result.refusal);
    return Response::json(201, {{"id", result.id}});
}

Response ended(const administration::Result& result) {
    if (result.refusal.has("not_found")) not_found();
    if (!result.ok()) refused(result.refusal);
    return no_content();
}

} // namespace

Endpoint delegations() {
    const auto handler = [](App& app, const Request& request) {
        const auto& me = request.who().person.id;
        return Response::json(200, {{"from_me", views(app, app.people.delegations_from(me))},
                                    {"to_me", views(app, app.people.delegations_to(me))}});
    };
    return {handler, Describe("Roles I handed to others, and others to me", "people")
                         .answers(200, object({{"from_me", list_of(ref("Delegation"))},
                                               {"to_me", list_of(ref("Delegation"))}}))};
}

Endpoint delegate() {
    const auto handler = [](App& app, const Request& request) {
        const auto body = request.json();
        return created(administration::delegate(app, request.who().person.id, {body.at("delegate")}, body.at("role"),
                                                body.at("from_on"), body.at("until_on"), body.at("reason")));
    };
    return {handler, Describe("Hand a role of mine to another, from one day to another, both included", "people")
                         .takes(object({{"delegate", text(64)},
                                        {"role", text(64)},
                                        {"from_on", date()},
                                        {"until_on", date()},
                                        {"reason", said(200)}}))
                         .answers(201, ref("Created"))};
}

Endpoint end_delegation() {
    const auto handler = [](App& app, const Request& request) {
        return ended(administration::end_delegation(app, request.who().person.id, request.param("id")));
    };
    return {handler, Describe("Take a role back before its time", "people").id().answers(204)};
}

Endpoint interests() {
    const auto handler = [](App& app, const Request& request) {
        auto items = Json::array();
        for (const auto& row : app.people.interests_of(request.who().person.id))
            items.push_back({{"id", row.id},
                             {"place_code", row.place_code},
                             {"reason", row.reason},
                             {"declared_at", engine::to_iso(row.declared_at)}});
        return Response::json(200, page_after(request, items, "id"));
    };
    return {handler, Describe("Interests that I declared", "people").paged().answers(200, page_of("Interest"))};
}

Endpoint declare_interest() {
    const auto handler = [](App& app, const Request& request) {
        const auto body = request.json();
        return created(
            administration::declare_interest(app, request.who().person.id, body.at("place"), body.at("reason")));
    };
    return {handler, Describe("Declare an interest in a village: I am recused from its ballots", "people")
                         .takes(object({{"place", text(100)}, {"reason", said(200)}}))
                         .answers(201, ref("Created"))};
}

Endpoint end_interest() {
    const auto handler = [](App& app, const Request& request) {
        return ended(administration::end_interest(app, request.who().person.id, request.param("id")));
    };
    return {handler, Describe("Withdraw a declared interest", "people").id().answers(204)};
}

} // namespace cunmai::http::api
