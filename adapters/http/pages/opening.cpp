// Opening a case: choose the place, see what may be opened there and why not, give the opening command.
#include "adapters/http/pages/case_model.hpp"
#include "adapters/http/pages/forms.hpp"
#include "adapters/http/pages/giving.hpp"
#include "adapters/http/pages/handlers.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

constexpr int places_shown = 50;

const engine::Definition& definition_of(App& app, const Request& request) {
    const auto* definition = app.registry.newest(request.param("definition"));
    if (!definition) not_found();
    return *definition;
}

engine::Place place_of(App& app, const View& view, const std::string& code) {
    const auto place = app.places.find(code);
    if (!place || !view.viewer().sees(place->path)) not_found();
    return *place;
}

Response form_page(View& view, const engine::DefinitionInfo& info, const engine::Place& place,
                   const engine::Offer& offer, const Typed& typed, const std::string& key,
                   const engine::Refusal& refusal, int status) {
    const auto& language = view.language();
    const auto name = command_name(language, info.key, offer.command);
    view.title(name).crumb("/open/" + info.key, definition_name(language, info.key)).wrong(refusal);
    auto fields = inputs_for(view, offer.info->fields, typed, place);
    mark_errors(language, fields, refusal);
    auto& model = view.model;
    model["place"] = place.name;
    model["action"] = "/open/" + info.key + "/" + place.code + "/" + offer.command;
    model["version"] = "0";
    model["idempotency_key"] = key;
    put_file_limits(view);
    model["has_files"] = asks_for_files(offer.info->fields);
    model["fields"] = std::move(fields);
    model["button"] = name;
    const auto hint = "command." + offer.command + ".hint";
    model["hint"] = texts::has(language, hint) ? Json(texts::text(language, hint)) : Json(false);
    model["back_href"] = "/open/" + info.key;
    auto reasons = Json::array();
    if (!offer.allowed)
        for (const auto& reason : offer.missing.reasons())
            reasons.push_back(
                {{"reason_text", texts::sentence(language, reason)}, {"reason_href", false}, {"reason_link", false}});
    model["is_blocked"] = !reasons.empty();
    model["reasons"] = std::move(reasons);
    return view.page("opening_form", status);
}

} // namespace

Response choose_place(App& app, const Request& request) {
    View view(app, request);
    const auto& info = definition_of(app, request).info();
    const auto text = request.asked("text");
    const std::string level = info.one_open_per_place ? "village" : "district";
    auto found = app.places.within(view.viewer().scopes, level, text, places_shown + 1, "");
    if (found.size() == 1 && text.empty()) { // nothing to choose
        const auto offers = app.service.opening_offers(info.key, found[0].code, view.me());
        const bool may = std::any_of(offers.begin(), offers.end(), [](const auto& offer) {
            return offer.by_role && offer.info && !offer.info->internal;
        });
        if (may) return Response::redirect("/open/" + info.key + "/" + found[0].code);
    }
    auto& model = view.model;
    const bool more = found.size() > static_cast<std::size_t>(places_shown);
    if (more) found.resize(places_shown);
    auto rows = Json::array();
    for (const auto& place : found) {
        if (found.size() > 8) { // asking each would cost a query each: the form says what may be opened
            rows.push_back({{"place", place.name},
                            {"code", place.code},
                            {"has_openings", true},
                            {"openings", Json::array({{{"href", "/open/" + info.key + "/" + place.code},
                                                       {"opening", view.t("page.open.choose")}}})}});
            continue;
        }
        auto openings = Json::array();
        for (const auto& offer : app.service.opening_offers(info.key, place.code, view.me()))
            if (offer.info && !offer.info->internal && offer.by_role)
                openings.push_back({{"href", "/open/" + info.key + "/" + place.code + "/" + offer.command},
                                    {"opening", command_name(view.language(), info.key, offer.command)}});
        rows.push_back(
            {{"place", place.name}, {"code", place.code}, {"has_openings", !openings.empty()}, {"openings", openings}});
    }
    view.title(view.t("page.open.title", {{"definition", definition_name(view.language(), info.key)}}))
        .crumb("/cases", view.t("page.nav.cases"));
    auto search = input("text", view.t("page.open.search"), text, "search");
    search["required"] = false;
    model["fields"] = Json::array({search});
    model["action"] = "/open/" + info.key;
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    model["more"] = more ? Json(view.t("page.open.more", {{"shown", places_shown}})) : Json(false);
    model["empty"] = {{"empty_text", view.t("page.open.empty")}, {"empty_href", false}, {"empty_link", false}};
    return view.page("open_place", 200);
}

Response show_opening(App& app, const Request& request) {
    View view(app, request);
    const auto& info = definition_of(app, request).info();
    const auto place = place_of(app, view, request.param("place"));
    const auto offers = app.service.opening_offers(info.key, place.code, view.me());
    auto wanted = request.param("command");
    if (wanted.empty())
        for (const auto& offer : offers)
            if (offer.by_role && offer.info && !offer.info->internal && (wanted.empty() || offer.allowed))
                wanted = offer.command;
    const auto offer =
        std::find_if(offers.begin(), offers.end(), [&](const auto& one) { return one.command == wanted; });
    if (offer == offers.end() || !offer->info || offer->info->internal || !offer->by_role) not_found();
    return form_page(view, info, place, *offer, {}, new_key(), {}, 200);
}

Response do_opening(App& app, const Request& request) {
    View view(app, request);
    const auto& info = definition_of(app, request).info();
    const auto place = place_of(app, view, request.param("place"));
    const auto* known = info.command(request.param("command"));
    if (!known || known->internal) not_found();
    auto form = read_form(app, request, known->fields);
    auto command = command_from_form(request);
    command.definition = info.key;
    command.place_code = place.code;
    command.name = known->key;
    command.payload = form.payload;
    command.expected_version.reset();

    Given given;
    given.refusal = form.refusal;
    given.outcome.kind = engine::Outcome::Kind::invalid;
    if (given.refusal.empty() && !request.review) given = give(app, request, info, command);
    if (given.accepted()) {
        engine::CaseRow row;
        row.id = given.outcome.case_id;
        row.definition = info.key;
        return Response::redirect(case_href(row) + "?receipt=" + std::to_string(given.outcome.version));
    }
    engine::Offer offer;
    offer.command = known->key;
    offer.info = known;
    offer.allowed = true;
    return form_page(view, info, place, offer, form.typed, command.idempotency_key, given.refusal,
                     request.review ? 200 : 422);
}

} // namespace cunmai::http::pages
