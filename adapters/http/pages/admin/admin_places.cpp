// The organisation's places: a district, its towns, their villages; who holds roles there; adding and renaming.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/forms.hpp"
#include "adapters/services/administration.hpp"

namespace cunmai::http::pages {

namespace {

std::string_view level_below(std::string_view level) {
    return level == "town" ? "village" : level == "district" ? "town" : level.empty() ? "district" : "";
}

Json form(View& view, const char* id, const std::string& label, Json fields, const std::string& parent,
          const engine::Refusal& refusal) {
    if (!refusal.empty()) mark_errors(view, fields, refusal);
    return {{"id", id}, {"label", label}, {"parent", parent}, {"fields", std::move(fields)}};
}

Json holders_at(View& view, const engine::Place& place) {
    Names names;
    std::vector<db::GrantRow> grants;
    for (const auto& role : view.app.roles.all())
        for (const auto& grant : view.app.people.grants_over(place.path, role.key))
            if (grant.place_path == place.path) grants.push_back(grant);
    for (const auto& grant : grants) names.want(grant.person.text);
    names.load(view.app.people, view.language());
    auto holders = Json::array();
    for (const auto& grant : grants)
        holders.push_back({{"href", "/admin/people/" + grant.person.text},
                           {"name", names.of(grant.person.text)},
                           {"role", role_name(view.language(), grant.role, grant.qualifier)}});
    return holders;
}

struct Sent { // refused input that is shown again
    std::string what, code, name;
    engine::Refusal refusal;
};

// `code` empty: the districts.
Response places_page(View& view, const std::string& code, const Sent& typed, int status) {
    auto& app = view.app;
    const auto place = code.empty() ? std::nullopt : app.places.find(code);
    if (!code.empty() && !place) not_found();
    view.title(place ? place->name : view.t("page.places.title")).crumb("/admin", view.t("page.admin.title"));
    if (place) {
        view.crumb("/admin/places", view.t("page.places.title"));
        if (const auto parent = app.places.find(place->parent))
            view.crumb("/admin/places?code=" + encode(parent->code), parent->name);
    }
    std::vector<engine::Place> shown;
    if (place)
        shown = app.places.children(place->code);
    else
        for (const auto& one : app.places.all())
            if (one.parent.empty() || one.level == "district") shown.push_back(one);
    auto rows = Json::array();
    for (const auto& one : shown)
        rows.push_back({{"href", "/admin/places?code=" + encode(one.code)},
                        {"code", one.code},
                        {"name", one.name},
                        {"level", view.t("level." + one.level)}});
    auto& model = view.model;
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    model["is_place"] = place.has_value();
    model["code"] = place ? place->code : "";
    model["level"] = place ? view.t("level." + place->level) : "";
    auto holders = place ? holders_at(view, *place) : Json::array();
    model["has_holders"] = !holders.empty();
    model["holders"] = std::move(holders);

    auto forms = Json::array();
    if (place) {
        auto name =
            required(input("name", view.t("page.places.name"), typed.what == "rename" ? typed.name : place->name));
        name["hint"] = view.t("page.places.rename_hint");
        forms.push_back(form(view, "rename", view.t("page.places.rename"), Json::array({name}), place->code,
                             typed.what == "rename" ? typed.refusal : engine::Refusal{}));
    }
    if (!level_below(place ? place->level : "").empty()) {
        const bool again = typed.what == "add";
        forms.push_back(
            form(view, "add", view.t(place ? "page.places.add" : "page.places.add_district"),
                 Json::array({required(input("new_code", view.t("page.places.code"), again ? typed.code : "")),
                              required(input("new_name", view.t("page.places.name"), again ? typed.name : ""))}),
                 place ? place->code : "", again ? typed.refusal : engine::Refusal{}));
    }
    model["forms"] = std::move(forms);
    model["empty"] = {{"empty_text", view.t("page.places.empty")}, {"empty_href", false}, {"empty_link", false}};
    show_what_was_done(view);
    return view.page("admin_places", status);
}

} // namespace

Response show_places(App& app, const Request& request) {
    View view(app, request);
    return places_page(view, request.asked("code"), {}, 200);
}

// "rename" concerns the place on the page, "add" a new place below it.
Response put_place(App& app, const Request& request) {
    View view(app, request);
    const auto at = form_value(request, "at");
    const auto here = at.empty() ? std::nullopt : app.places.find(at);
    if (!at.empty() && !here) not_found();
    Sent typed{form_value(request, "what"), "", "", {}};
    const bool adds = typed.what == "add";
    if (!adds && (typed.what != "rename" || !here)) not_found();
    typed.code = adds ? form_value(request, "new_code") : at;
    typed.name = form_value(request, adds ? "new_name" : "name");
    const std::string level(level_below(here ? here->level : ""));
    const auto result = adds ? administration::add_place(app, view.me(), {typed.code, typed.name, at, level, ""})
                             : administration::rename_place(app, view.me(), typed.code, typed.name);
    for (const auto& reason : result.refusal.reasons()) {
        const bool of_code = adds && reason.field != "name";
        typed.refusal.add_for(of_code ? "new_code" : adds ? "new_name" : "name", reason.code, reason.facts);
    }
    if (!result.ok()) return places_page(view, at, typed, 422);
    return Response::redirect("/admin/places?" + (at.empty() ? "" : "code=" + encode(at) + "&") + "done=place_saved");
}

} // namespace cunmai::http::pages
