// Opening a case: choose the place, see what may be opened there and why not, give the opening command.
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/case/giving.hpp"
#include "adapters/http/pages/forms.hpp"
#include "adapters/http/pages/handlers.hpp"
#include "db/cases/openings.hpp"

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
    engine::CaseRow not_yet; // the case to be
    not_yet.place = place;
    model["reasons"] = offer.allowed ? Json::array() : reasons(view, not_yet, {}, offer.missing);
    model["is_blocked"] = !model["reasons"].empty();
    return view.page("opening_form", status);
}

} // namespace

namespace {

// What the person may open there. Asked once for each town: villages of one town don't differ in it, and the form asks
// again.
class Openings {
  public:
    Openings(View& view, const engine::DefinitionInfo& info) : view_(view), info_(info) {}

    Json at(const engine::Place& place) {
        const auto known = by_parent_.find(place.parent);
        const auto& commands = known != by_parent_.end() ? known->second : asked(place);
        auto list = Json::array();
        for (const auto& command : commands)
            list.push_back({{"href", "/open/" + info_.key + "/" + place.code + "/" + command},
                            {"opening", command_name(view_.language(), info_.key, command)}});
        return list;
    }

  private:
    const std::vector<std::string>& asked(const engine::Place& place) {
        std::vector<std::string> commands;
        for (const auto& offer : view_.app.service.opening_offers(info_.key, place.code, view_.me()))
            if (offer.info && !offer.info->internal && offer.by_role) commands.push_back(offer.command);
        return by_parent_[place.parent] = std::move(commands);
    }

    View& view_;
    const engine::DefinitionInfo& info_;
    std::map<std::string, std::vector<std::string>> by_parent_;
};

// Towns to choose from, when the person sees more than one.
std::vector<Option> towns_of(const View& view) {
    std::vector<Option> options;
    for (const auto& town : view.app.places.within(view.viewer().scopes, "town", "", 100, ""))
        options.push_back({town.code, town.name, ""});
    return options.size() > 1 ? options : std::vector<Option>{};
}

// How many of the villages are left out because they have an open case; false when none is.
Json in_hand(const View& view, const std::string& definition, const std::vector<std::string>& scopes,
             const std::string& town) {
    std::int64_t villages = 0, open = 0;
    for (const auto& one : db::openings_by_town(view.app.database, scopes, definition)) {
        villages += one.villages;
        open += one.in_hand;
    }
    if (open == 0) return false;
    return {{"in_hand_text", view.t("page.open.in_hand", {{"villages", villages}, {"open", open}})},
            {"in_hand_href", "/cases?definition=" + definition + "&open=yes" + (town.empty() ? "" : "&place=" + town)}};
}

} // namespace

Response choose_place(App& app, const Request& request) {
    View view(app, request);
    const auto& info = definition_of(app, request).info();
    const auto text = request.asked("text");
    const bool one_each = info.one_open_per_place;
    const auto towns = one_each ? towns_of(view) : std::vector<Option>{};
    auto scopes = view.viewer().scopes;
    const auto chosen = towns.empty() ? std::nullopt : app.places.find(request.asked("town"));
    if (chosen && view.viewer().sees(chosen->path)) scopes = {chosen->path};
    const auto after = request.asked("after");
    auto found = one_each ? db::villages_without_case(app.database, scopes, info.key, text, places_shown + 1, after)
                          : app.places.within(scopes, "district", text, places_shown + 1, after);
    Openings openings(view, info);
    if (found.size() == 1 && request.query.empty()) { // nothing to choose
        const auto only = openings.at(found[0]);
        if (only.size() == 1) return Response::redirect(only[0]["href"].get<std::string>());
    }
    auto& model = view.model;
    const bool more = found.size() > static_cast<std::size_t>(places_shown);
    if (more) found.resize(places_shown);
    auto rows = Json::array();
    for (const auto& place : found) {
        auto here = openings.at(place);
        rows.push_back(
            {{"place", place.name}, {"code", place.code}, {"has_openings", !here.empty()}, {"openings", here}});
    }
    view.title(view.t("page.open.title", {{"definition", definition_name(view.language(), info.key)}}))
        .crumb("/cases", view.t("page.nav.cases"));
    model["fields"] = Json::array();
    if (!towns.empty())
        model["fields"].push_back(
            select("town", view.t("page.filter.town"), chosen ? chosen->code : "", towns, view.t("page.any")));
    model["fields"].push_back(input("text", view.t("page.open.search"), text, "search"));
    model["action"] = "/open/" + info.key;
    model["in_hand"] = one_each ? in_hand(view, info.key, scopes, chosen ? chosen->code : "") : Json(false);
    model["has_rows"] = !rows.empty();
    model["more_href"] =
        more ? Json("/open/" + info.key + query_with(request, {{"after", found.back().code}})) : Json(false);
    model["rows"] = std::move(rows);
    model["empty"] = {{"empty_text", view.t(one_each ? "page.open.none_without" : "page.open.empty")},
                      {"empty_href", false},
                      {"empty_link", false}};
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
    auto command = command_from_form(request);
    command.definition = info.key;
    command.place_code = request.param("place");
    command.name = request.param("command");
    command.expected_version.reset();
    const auto found = app.places.find(command.place_code);
    const auto* known = info.command(command.name);
    if (!found || !view.viewer().sees(found->path) || !known || known->internal) turn_away(app, request, command);
    const auto& place = *found;
    auto form = read_form(app, request, known->fields);
    command.payload = form.payload;
    command.objections = form.refusal;

    Given given;
    given.refusal = form.refusal;
    given.outcome.kind = engine::Outcome::Kind::invalid;
    if (!request.review) given = give(app, request, info, command);
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
    return form_page(view, info, place, offer, form.typed, request.review ? command.idempotency_key : new_key(),
                     given.refusal, request.review ? 200 : 422);
}

} // namespace cunmai::http::pages
