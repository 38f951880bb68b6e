// The register of places, as far as the person's jurisdictions reach; administrators, who see no case, see all of it.
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"
#include "workflows/village_lifecycle/village_lifecycle.hpp"

namespace cunmai::http::api {

namespace {

bool administers(const App& app, const engine::Viewer& viewer) {
    return std::any_of(viewer.grants.begin(), viewer.grants.end(), [&](const engine::Grant& grant) {
        const auto* role = app.roles.find(grant.role);
        return role && role->kind == engine::RoleInfo::Kind::administers;
    });
}

std::vector<std::string> reach(const App& app, const engine::Viewer& viewer) {
    return administers(app, viewer) ? std::vector<std::string>{"/"} : viewer.scopes;
}

engine::Place place_of(App& app, const Request& request) {
    const auto place = app.places.find(request.param("code"));
    const auto scopes = reach(app, request.who().viewer);
    const bool within = place && std::any_of(scopes.begin(), scopes.end(),
                                             [&](const auto& scope) { return engine::covers(scope, place->path); });
    if (!within) not_found();
    return *place;
}

} // namespace

Endpoint list_places() {
    const auto handler = [](App& app, const Request& request) {
        const int limit = limit_of(request);
        auto scopes = reach(app, request.who().viewer);
        if (const auto code = request.asked("within"); !code.empty()) {
            const auto place = app.places.find(code);
            std::vector<std::string> narrowed; // the parts of the scopes that lie within the place
            if (place)
                for (const auto& scope : scopes) {
                    if (engine::covers(scope, place->path))
                        narrowed.push_back(place->path);
                    else if (engine::covers(place->path, scope))
                        narrowed.push_back(scope);
                }
            scopes = std::move(narrowed);
        }
        std::vector<engine::Place> places;
        if (!scopes.empty())
            places = app.places.within(scopes, request.asked("level"), request.asked("text"), limit + 1,
                                       request.asked("cursor"));
        Json next;
        if (places.size() > static_cast<std::size_t>(limit)) {
            places.resize(static_cast<std::size_t>(limit));
            next = places.back().code;
        }
        auto items = Json::array();
        for (const auto& place : places) items.push_back(view(place));
        return Response::json(200, {{"items", std::move(items)}, {"next_cursor", std::move(next)}});
    };
    return {handler, Describe("Places that I may see, by code", "places")
                         .query("level", one_of({"district", "town", "village"}))
                         .query("within", like(code_pattern), "Code of a place: it and everything below.")
                         .query("text", text(100), "Part of the name, or the whole code.")
                         .paged()
                         .answers(200, page_of("Place"))};
}

Endpoint get_place() {
    const auto handler = [](App& app, const Request& request) {
        return Response::json(200, view(place_of(app, request)));
    };
    return {handler, Describe("One place", "places").path("code", like(code_pattern)).answers(200, ref("Place"))};
}

Endpoint count_cases() {
    const auto handler = [](App& app, const Request& request) {
        const auto place = place_of(app, request);
        const auto counts =
            reading(app, request)
                .count_by_state(request.asked("definition", std::string(workflows::village::workflow_key)), place.code);
        return Response::json(200, Json(counts).is_null() ? Json::object() : Json(counts));
    };
    return {handler, Describe("How many cases of the place and below are in each state", "places")
                         .path("code", like(code_pattern))
                         .query("definition", like(key_pattern))
                         .answers(200, ref("Counts"))};
}

Endpoint opening_commands() {
    const auto handler = [](App& app, const Request& request) {
        const auto place = place_of(app, request);
        const auto definition = request.asked("definition");
        if (!app.registry.newest(definition)) not_found();
        auto items = Json::array();
        const auto offers =
            app.service.opening_offers(definition, place.code, request.who().person.id, on_behalf_of(request));
        for (const auto& offer : offers) items.push_back(view(offer, definition, request.language));
        return Response::json(200, {{"items", std::move(items)}});
    };
    return {handler, Describe("Commands that would open a case for the place, and what is missing", "places")
                         .path("code", like(code_pattern))
                         .must_query("definition", like(key_pattern))
                         .on_behalf_of()
                         .answers(200, object({{"items", list_of(ref("Offer"))}}))};
}

} // namespace cunmai::http::api
