// People and their roles: the system administrator keeps people, the security administrator grants roles. Whether a
// person may do so is decided by the rules of engine/administration.hpp, not here.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/forms.hpp"
#include "adapters/services/administration.hpp"
#include "workflows/roles.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

constexpr int page_size = 50;
constexpr int places_offered = 20;

std::string raw(const Request& request, const std::string& key) { // a password is not trimmed
    const auto found = request.form().find(key);
    return found == request.form().end() ? "" : found->second;
}

std::vector<Option> roles_of_installation(const View& view) {
    std::vector<Option> options;
    for (const auto& role : view.app.roles.all())
        options.push_back({role.key, role_name(view.language(), role.key), view.t("level." + role.level)});
    return options;
}

std::vector<Option> qualifiers(const View& view) {
    std::vector<Option> options;
    for (const auto& key : workflows::departments()) options.push_back({key, view.t("department." + key), ""});
    for (const auto& key : workflows::coordinator_kinds()) options.push_back({key, view.t("coordinator." + key), ""});
    return options;
}

db::Person typed_person(const Request& request, db::Person person) {
    person.name = form_value(request, "name");
    person.phone = form_value(request, "phone");
    person.email = form_value(request, "email");
    person.language = form_value(request, "language");
    return person;
}

Json person_fields(const View& view, const db::Person& person, bool is_new) {
    auto fields = Json::array();
    auto login = required(input("login", view.t("page.people.login"), person.login));
    login["hint"] = view.t("page.people.login_hint");
    login["autocomplete"] = "off";
    if (is_new) fields.push_back(login);
    fields.push_back(required(input("name", view.t("page.people.name"), person.name)));
    fields.push_back(optional(input("phone", view.t("page.account.phone"), person.phone, "tel")));
    fields.push_back(optional(input("email", view.t("page.account.email"), person.email, "email")));
    fields.push_back(
        required(radios("language", view.t("page.account.language"), person.language, language_options())));
    return fields;
}

Json password_field(const View& view) {
    auto password = required(input("password", view.t("page.people.initial_password"), "", "password"));
    password["autocomplete"] = "new-password";
    password["hint"] = view.t("page.account.password_hint");
    return password;
}

Response new_person_page(View& view, const db::Person& person, const engine::Refusal& refusal, int status) {
    view.title(view.t("page.people.new"))
        .crumb("/admin", view.t("page.admin.title"))
        .crumb("/admin/people", view.t("page.people.title"));
    auto fields = person_fields(view, person, true);
    fields.push_back(password_field(view));
    mark_errors(view, fields, refusal);
    view.model["fields"] = std::move(fields);
    return view.page("admin_person_new", status);
}

struct Typing { // the form on a person's page that came back
    std::string form;
    engine::Refusal refusal;
    std::map<std::string, std::string> values;
    std::vector<engine::Place> places{}; // places that the typed name may mean, to choose from
};

// An input for the place's name or, in a second step, a choice of the places that were found by it.
Json place_field(const View& view, const std::string& typed, const std::vector<engine::Place>& found) {
    if (found.empty()) {
        auto place = input("place", view.t("page.people.place"), typed);
        place["hint"] = view.t("page.people.place_hint"); // says who has none
        return place;
    }
    std::vector<Option> options;
    for (const auto& place : found) {
        const auto above = view.app.places.find(place.parent);
        options.push_back({place.code, place.name,
                           view.t("level." + place.level) + (above ? " · " + above->name : "") + " · " + place.code});
    }
    options.push_back({"", view.t("page.people.other_place"), ""});
    auto place = radios("place", view.t("page.people.place"), "-", options);
    place["hint"] = view.t("page.people.places_found", {{"text", typed}});
    return place;
}

// The place with this code, or the only one with this name; otherwise the places that the text may mean.
std::vector<engine::Place> places_named(App& app, const std::string& typed) {
    if (const auto place = app.places.find(typed)) return {*place};
    const auto found = app.places.within({"/"}, "", typed, places_offered, "");
    std::vector<engine::Place> exact;
    for (const auto& place : found)
        if (place.name == typed) exact.push_back(place);
    return exact.size() == 1 ? exact : found;
}

std::string value(const Typing& typing, const std::string& key) {
    const auto found = typing.values.find(key);
    return found == typing.values.end() ? "" : found->second;
}

Response person_page(View& view, const db::Person& person, const Typing& typing, int status) {
    const auto& language = view.language();
    auto& model = view.model;
    view.title(person.name)
        .crumb("/admin", view.t("page.admin.title"))
        .crumb("/admin/people", view.t("page.people.title"));
    if (typing.form.empty()) view.wrong(typing.refusal);
    const auto form = [&](const std::string& name, Json fields) {
        if (typing.form == name) mark_errors(view, fields, typing.refusal);
        return Json{{"fields", std::move(fields)}};
    };
    auto shown = person;
    if (typing.form == "person") {
        shown.name = value(typing, "name");
        shown.phone = value(typing, "phone");
        shown.email = value(typing, "email");
        shown.language = value(typing, "language");
    }
    model["person_id"] = person.id.text;
    model["login"] = person.login;
    model["name"] = person.name;
    model["is_active"] = person.active;
    model["tag_tone"] = person.active ? "done" : "neutral";
    model["tag_text"] = view.t(person.active ? "page.people.active" : "page.people.disabled");
    model["is_system"] = view.viewer().has_role(workflows::SystemAdministrator::key);
    model["is_security"] = view.viewer().has_role(workflows::SecurityAdministrator::key);
    model["person"] = form("person", person_fields(view, shown, false));
    model["password"] = form("password", Json::array({password_field(view)}));

    auto grants = Json::array();
    Names names;
    const auto held = view.app.people.grants_of(person.id);
    for (const auto& grant : held) names.want(grant.granted_by.text);
    names.load(view.app.people, language);
    for (const auto& grant : held)
        grants.push_back(
            {{"id", grant.id},
             {"role", role_name(language, grant.role, grant.qualifier)},
             {"place", grant.place_name.empty() ? view.t("level.system") : grant.place_name},
             {"granted_text", view.local_day(grant.granted_at) + " · " + names.of(grant.granted_by.text)}});
    model["has_grants"] = !grants.empty();
    model["grants"] = std::move(grants);
    auto qualifier = select("qualifier", view.t("page.people.qualifier"), value(typing, "qualifier"), qualifiers(view),
                            view.t("page.people.no_qualifier"));
    qualifier["hint"] = view.t("page.people.qualifier_hint");
    const auto place = place_field(view, value(typing, "place"), typing.places);
    auto roles = roles_of_installation(view);
    for (auto& role : roles) role.text += " · " + role.note;
    model["grant"] =
        form("grant", Json::array({required(select("role", view.t("page.people.role"), value(typing, "role"), roles,
                                                   view.t("page.please_choose"))),
                                   qualifier, place}));
    show_what_was_done(view);
    return view.page("admin_person", status);
}

db::Person person_of(App& app, const Request& request) {
    auto person = app.people.find({request.param("id")});
    if (!person) not_found();
    return *person;
}

Response done(const db::Person& person, const std::string& what) {
    return Response::redirect("/admin/people/" + person.id.text + "?done=" + what);
}

bool keeps_people(const View& view) {
    return view.viewer().has_role(workflows::SystemAdministrator::key) ||
           view.viewer().has_role(workflows::SecurityAdministrator::key);
}

} // namespace

Response show_people(App& app, const Request& request) {
    View view(app, request);
    if (!keeps_people(view)) not_found();
    const auto text = request.asked("text"), role = request.asked("role"), after = request.asked("after");
    auto found = app.people.search(text, role, page_size + 1, after);
    const bool more = found.size() > page_size;
    if (more) found.resize(page_size);
    const auto roles_of = [&](const db::Person& person) {
        std::map<std::string, std::vector<std::string>> places; // by role
        for (const auto& grant : app.people.grants_of(person.id))
            places[role_name(view.language(), grant.role, grant.qualifier)].push_back(
                grant.place_name.empty() ? view.t("level.system") : grant.place_name);
        std::string lines;
        for (const auto& [held, where] : places)
            lines += (lines.empty() ? "" : "\n") +
                     view.t("page.label_value", {{"label", held}, {"value", join(view.language(), where)}});
        return lines;
    };
    auto rows = Json::array();
    for (const auto& person : found)
        rows.push_back({{"href", "/admin/people/" + person.id.text},
                        {"login", person.login},
                        {"name", person.name},
                        {"phone", or_false(person.phone)},
                        {"roles", or_false(roles_of(person))},
                        {"tag_tone", person.active ? "done" : "neutral"},
                        {"tag_text", view.t(person.active ? "page.people.active" : "page.people.disabled")}});
    auto& model = view.model;
    view.title(view.t("page.people.title")).crumb("/admin", view.t("page.admin.title"));
    model["fields"] = Json::array(
        {input("text", view.t("page.people.search"), text, "search"),
         select("role", view.t("page.people.role"), role, roles_of_installation(view), view.t("page.any"))});
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    model["more_href"] =
        more ? Json("/admin/people" + query_with(request, {{"after", found.back().login}})) : Json(false);
    model["adds"] = view.viewer().has_role(workflows::SystemAdministrator::key);
    model["empty"] = {{"empty_text", view.t("page.filter.nothing")},
                      {"empty_href", "/admin/people"},
                      {"empty_link", view.t("page.filter.clear")}};
    show_what_was_done(view);
    return view.page("admin_people");
}

Response show_new_person(App& app, const Request& request) {
    View view(app, request);
    return new_person_page(view, {}, {}, 200);
}

Response add_person(App& app, const Request& request) {
    View view(app, request);
    db::Person person = typed_person(request, {});
    person.login = form_value(request, "login");
    const auto password = raw(request, "password");
    if (password.empty()) { // here everybody gets one
        engine::Refusal refusal;
        refusal.add_for("password", "missing", {{"field", view.t("page.people.initial_password")}});
        return new_person_page(view, person, refusal, 422);
    }
    const auto result = administration::add_person(app, view.me(), person, password);
    if (!result.ok()) return new_person_page(view, person, result.refusal, 422);
    return Response::redirect("/admin/people/" + result.id + "?done=person_added");
}

Response show_person(App& app, const Request& request) {
    View view(app, request);
    if (!keeps_people(view)) not_found();
    return person_page(view, person_of(app, request), {}, 200);
}

Response change_person(App& app, const Request& request) {
    View view(app, request);
    const auto before = person_of(app, request);
    auto person = before;
    const auto active = form_value(request, "active");
    if (!active.empty())
        person.active = active == "true"; // the buttons "disable" and "enable"
    else
        person = typed_person(request, before);
    Typing typing{
        "person",
        {},
        {{"name", person.name}, {"phone", person.phone}, {"email", person.email}, {"language", person.language}}};
    typing.refusal = administration::change_person(app, view.me(), person).refusal;
    if (!typing.refusal.empty()) return person_page(view, before, typing, 422);
    return done(before, active.empty() ? "person_saved" : person.active ? "person_enabled" : "person_disabled");
}

Response set_person_password(App& app, const Request& request) {
    View view(app, request);
    const auto person = person_of(app, request);
    Typing typing{
        "password", administration::set_password(app, view.me(), person.id, raw(request, "password")).refusal, {}};
    if (!typing.refusal.empty()) return person_page(view, person, typing, 422);
    return done(person, "password_set");
}

Response add_grant(App& app, const Request& request) {
    View view(app, request);
    const auto person = person_of(app, request);
    Typing typing{"grant", {}, {}};
    for (const auto* key : {"role", "qualifier", "place"}) typing.values[key] = form_value(request, key);
    auto code = value(typing, "place");
    if (!code.empty()) {
        auto places = places_named(app, code);
        if (places.size() == 1 && (places[0].code == code || places[0].name == code)) {
            code = places[0].code;
        } else if (places.empty()) {
            typing.refusal.add_for("place", "unknown_place", {{"place", code}});
        } else {
            typing.refusal.add_for("place", "choose_place", {{"place", code}});
            typing.places = std::move(places);
        }
    }
    if (typing.refusal.empty())
        typing.refusal = administration::add_grant(app, view.me(), person.id, value(typing, "role"),
                                                   value(typing, "qualifier"), code)
                             .refusal;
    if (!typing.refusal.empty()) return person_page(view, person, typing, 422);
    return done(person, "granted");
}

Response remove_grant(App& app, const Request& request) {
    View view(app, request);
    const auto person = person_of(app, request);
    const auto grant = app.people.grant(request.param("grant"));
    if (!grant || grant->person != person.id) not_found();
    Typing typing{"", administration::remove_grant(app, view.me(), grant->id).refusal, {}};
    if (!typing.refusal.empty()) return person_page(view, person, typing, 422);
    return done(person, "grant_removed");
}

} // namespace cunmai::http::pages
