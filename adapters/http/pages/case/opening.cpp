// Opening a case: choose the place, see what may be opened there and why not, give the opening command.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/case/giving.hpp"
#include "adapters/http/pages/forms.hpp"
#include "adapters/http/pages/special_pages.hpp"
#include "db/cases/openings.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

constexpr int places_shown = 50;
constexpr std::string_view village_level = "village"; // at which the database leaves out places that have a case

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

Response form_page(View& view, const engine::Definition& definition, const engine::Place& place, const Opening& opening,
                   const Typed& typed, const std::string& key, const engine::Refusal& refused, int status) {
    const auto& info = definition.info();
    const auto& language = view.language();
    const auto& offer = opening.offer;
    const auto name = command_name(language, info.key, offer.command);
    const auto refusal = in_words_of(language, info.key, refused);
    view.title(name).crumb("/open/" + info.key, definition_name(language, info.key));
    auto fields = inputs_for(view, definition, *offer.info, typed, place);
    mark_errors(view, fields, refusal);
    put_acting_field(view, fields, opening.as);
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
    not_yet.definition = info.key;
    not_yet.place = place;
    model["reasons"] = offer.allowed ? Json::array() : reasons(view, not_yet, {}, offer.missing, opening.as);
    model["is_blocked"] = !model["reasons"].empty();
    return view.page("opening_form", status);
}

} // namespace

namespace {

// What the person may open there. Asked once for places where they hold the same roles and that are of one level: those
// don't differ in it, and the form asks again.
class Openings {
  public:
    Openings(View& view, const engine::DefinitionInfo& info) : view_(view), info_(info) {}

    Json at(const engine::Place& place) {
        const auto roles = roles_over(place);
        auto known = by_roles_.find(roles);
        if (known == by_roles_.end()) known = by_roles_.emplace(roles, openings_at(view_, info_.key, place.code)).first;
        auto list = Json::array();
        for (const auto& [offer, as] : known->second)
            list.push_back({{"href", href_as("/open/" + info_.key + "/" + place.code + "/" + offer.command, as)},
                            {"opening", command_name(view_.language(), info_.key, offer.command)}});
        return list;
    }

  private:
    std::string roles_over(const engine::Place& place) const {
        auto roles = place.level;
        for (const auto& grant : view_.viewer().grants)
            if (engine::covers(grant.place_path, place.path))
                roles += " " + grant.person.text + ":" + grant.role + "/" + grant.qualifier;
        return roles;
    }

    View& view_;
    const engine::DefinitionInfo& info_;
    std::map<std::string, std::vector<Opening>> by_roles_;
};

// Towns to choose from, when the person sees more than one.
std::vector<Option> towns_of(const View& view) {
    std::vector<Option> options;
    for (const auto& town : view.app.places.within(view.viewer().scopes, "town", "", 100, ""))
        options.push_back({town.code, town.name, ""});
    return options.size() > 1 ? options : std::vector<Option>{};
}

// How many of the villages are left out because they have an open case; false when none is.
Json in_hand(const View& view, const engine::Definition& definition, const std::vector<std::string>& scopes,
             const std::string& town) {
    std::int64_t villages = 0, open = 0;
    for (const auto& one : db::openings_by_town(view.app.database, scopes, definition.info().key)) {
        villages += one.villages;
        open += one.in_hand;
    }
    if (open == 0) return false;
    return {{"in_hand_text", view.t("page.open.in_hand", {{"villages", villages}, {"open", open}})},
            {"in_hand_href", with_word(list_href(view.app, definition.info().key), "open=yes") +
                                 (town.empty() ? "" : "&place=" + town)}};
}

} // namespace

Response choose_place(App& app, const Request& request) {
    View view(app, request);
    const auto& definition = definition_of(app, request);
    const auto& info = definition.info();
    if (const auto page = definition.presentation().opening_page; !page.empty())
        return Response::redirect(special_page(page));
    const auto text = request.asked("text");
    const auto level = definition.presentation().opens_at;
    const bool one_each = info.one_open_per_place && level == village_level;
    const auto towns = one_each ? towns_of(view) : std::vector<Option>{};
    auto scopes = view.viewer().scopes;
    const auto chosen = towns.empty() ? std::nullopt : app.places.find(request.asked("town"));
    if (chosen && view.viewer().sees(chosen->path)) scopes = {chosen->path};
    const auto after = request.asked("after");
    auto found = one_each ? db::villages_without_case(app.database, scopes, info.key, text, places_shown + 1, after)
                          : app.places.within(scopes, level, text, places_shown + 1, after);
    Openings openings(view, info);
    if (found.size() == 1 && request.query.empty()) { // there is nothing to choose
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
    model["in_hand"] = one_each ? in_hand(view, definition, scopes, chosen ? chosen->code : "") : Json(false);
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
    const auto& definition = definition_of(app, request);
    const auto& info = definition.info();
    const auto place = place_of(app, view, request.param("place"));
    const auto openings = openings_at(view, info.key, place.code);
    auto wanted = request.param("command");
    if (wanted.empty())
        for (const auto& opening : openings)
            if (wanted.empty() || opening.offer.allowed) wanted = opening.offer.command;
    const auto found =
        std::find_if(openings.begin(), openings.end(), [&](const auto& one) { return one.offer.command == wanted; });
    if (found == openings.end()) not_found();
    auto typed = proposed_dates(app, definition, wanted);
    for (const auto& field : found->offer.info->fields) // a link may prefill fields
        if (const auto value = request.asked(field.key); !value.empty()) typed.values.emplace(field.key, value);
    return form_page(view, definition, place, *found, typed, new_key(), {}, 200);
}

Response do_opening(App& app, const Request& request) {
    View view(app, request);
    const auto& definition = definition_of(app, request);
    const auto& info = definition.info();
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
    if (!request.review) given = give(app, request, command);
    const auto as = acting_for(view, command.on_behalf_of.text);
    if (given.accepted())
        return Response::redirect(href_as(case_href(app, info.key, given.outcome.case_id.text) +
                                              "?receipt=" + std::to_string(given.outcome.version),
                                          as));
    engine::Offer offer;
    offer.command = known->key;
    offer.info = known;
    offer.allowed = true;
    return form_page(view, definition, place, {offer, as}, form.typed,
                     request.review ? command.idempotency_key : new_key(), given.refusal, request.review ? 200 : 422);
}

} // namespace cunmai::http::pages
