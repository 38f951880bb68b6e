// Roles within jurisdictions: who holds which role over a place; the security administrator grants and removes them.
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"
#include "adapters/services/administration.hpp"
#include "workflows/roles.hpp"

namespace cunmai::http::api {

Endpoint list_grants() {
    const auto handler = [](App& app, const Request& request) {
        const auto place = app.places.find(request.asked("place"));
        const auto& viewer = request.who().viewer;
        const bool may_look =
            place && (viewer.sees(place->path) || viewer.has_role(workflows::SecurityAdministrator::key) ||
                      viewer.has_role(workflows::SystemAdministrator::key));
        if (!may_look) not_found();
        const auto role = request.asked("role");
        const auto grants = app.people.grants_over(place->path, role);
        std::vector<std::string> ids;
        for (const auto& grant : grants) ids.push_back(grant.person.text);
        const auto names = app.people.names(ids);
        auto items = Json::array();
        for (const auto& grant : grants)
            items.push_back({{"id", grant.id},
                             {"person", grant.person.text},
                             {"name", name_of(names, grant.person.text)},
                             {"role", grant.role},
                             {"qualifier", or_null_text(grant.qualifier)},
                             {"place_code", grant.place_code},
                             {"place_name", grant.place_name}});
        return Response::json(200, page_after(request, items, "id"));
    };
    return {handler,
            Describe("Who holds a role over a place: whom I can name as responsible, as coordinator …", "people")
                .must_query("place", like(code_pattern))
                .must_query("role", like(key_pattern))
                .paged()
                .answers(200, page_of("Holder"))
                .may_fail({404})};
}

Endpoint add_grant() {
    const auto handler = [](App& app, const Request& request) {
        const auto body = request.json();
        const auto result = administration::add_grant(app, request.who().person.id, {body.at("person")},
                                                      body.at("role"), body.value("qualifier", ""), body.at("place"));
        if (!result.ok()) refused(result.refusal);
        return Response::json(201, {{"id", result.id}});
    };
    return {handler, Describe("Give a person a role within a jurisdiction", "people")
                         .takes(object({{"person", like(id_pattern)},
                                        {"role", text(64)},
                                        {"qualifier", text(64)},
                                        {"place", text(100)}}, // empty for the roles of the whole installation
                                       {"qualifier"}))
                         .answers(201, ref("Created"))};
}

Endpoint remove_grant() {
    const auto handler = [](App& app, const Request& request) {
        if (!app.people.grant(request.param("id"))) not_found();
        const auto result = administration::remove_grant(app, request.who().person.id, request.param("id"));
        if (!result.ok()) refused(result.refusal);
        return no_content();
    };
    return {handler, Describe("Take a role; kept on record with its end", "people").id().answers(204).may_fail({422})};
}

} // namespace cunmai::http::api
