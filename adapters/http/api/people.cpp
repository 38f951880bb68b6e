// People. Administrators may look up everybody; others only the people they work with. Their list has everybody with a
// role in their own jurisdiction; a single person may also hold a role above it, since their names appear in cases
// anyway. All others look as if they did not exist (administration::may_look_up).
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"
#include "adapters/services/administration.hpp"
#include "db/cases/cursor.hpp"
#include "workflows/roles.hpp"

namespace cunmai::http::api {

namespace {

constexpr auto cursor_kind = "people";

bool sees_details(const Request& request) {
    const auto& viewer = request.who().viewer;
    return viewer.has_role(workflows::SystemAdministrator::key) ||
           viewer.has_role(workflows::SecurityAdministrator::key);
}

bool looks_up_everybody(const Request& request) {
    return sees_details(request) || request.who().viewer.has_role(workflows::AuditAdministrator::key);
}

Json brief(App& app, const db::Person& person) {
    auto grants = Json::array();
    for (const auto& grant : app.people.grants_of(person.id)) grants.push_back(view(grant));
    return {{"id", person.id.text}, {"name", person.name}, {"active", person.active}, {"grants", std::move(grants)}};
}

Json whole(App& app, const db::Person& person) {
    auto json = brief(app, person);
    json.update(
        {{"login", person.login}, {"phone", person.phone}, {"email", person.email}, {"language", person.language}});
    return json;
}

Json shown(App& app, const Request& request, const db::Person& person) {
    return sees_details(request) ? whole(app, person) : brief(app, person);
}

db::Person person_of(App& app, const Request& request) {
    auto person = app.people.find({request.param("id")});
    if (!person || !administration::may_look_up(app, request.who().viewer, person->id)) not_found();
    return std::move(*person);
}

// A cursor names the last person by id, because not everybody may know a login.
std::string login_before_page(App& app, const Request& request) {
    const auto cursor = request.asked("cursor");
    if (cursor.empty()) return "";
    const auto last = db::from_cursor(cursor, cursor_kind, 1)[0];
    const auto person = app.people.find({last.is_string() ? last.get<std::string>() : ""});
    if (!person || !administration::may_look_up(app, request.who().viewer, person->id)) throw db::BadCursor();
    return person->login;
}

// What they must look like is said by the rules that pages and command line share (administration.hpp).
Json login() {
    return {
        {"type", "string"}, {"maxLength", 64}, {"description", "3 to 64 of a-z, 0-9 and . _ -; kept in lower case."}};
}
Json phone() { return {{"type", "string"}, {"description", "At most 30 of 0-9 and + ( ) - and spaces."}}; }
Json email() { return {{"type", "string"}, {"description", "One mail address, or empty."}}; }

} // namespace

Endpoint list_people() {
    const auto handler = [](App& app, const Request& request) {
        const int limit = limit_of(request);
        const db::People::Within within{request.who().person.id, request.who().viewer.scopes};
        auto people =
            app.people.search(request.asked("text"), request.asked("role"), limit + 1, login_before_page(app, request),
                              looks_up_everybody(request) ? nullptr : &within, sees_details(request));
        Json next;
        if (people.size() > static_cast<std::size_t>(limit)) {
            people.resize(static_cast<std::size_t>(limit));
            next = db::to_cursor({cursor_kind, people.back().id.text});
        }
        auto items = Json::array();
        for (const auto& person : people) items.push_back(shown(app, request, person));
        return Response::json(200, {{"items", std::move(items)}, {"next_cursor", std::move(next)}});
    };
    const Json either{{"anyOf", {ref("Person"), ref("PersonDetail")}}};
    return {
        handler,
        Describe("People of one's own jurisdiction, by sign-in name; for administrators everybody, with the details",
                 "people")
            .query("text", text(100), "Part of the name; for those who are told it, of the sign-in name too.")
            .query("role", like(key_pattern))
            .paged()
            .answers(200, object({{"items", list_of(either)}, {"next_cursor", or_null(like(cursor_pattern))}}))};
}

Endpoint get_person() {
    const auto handler = [](App& app, const Request& request) {
        return Response::json(200, shown(app, request, person_of(app, request)));
    };
    return {handler,
            Describe("One person", "people").id().answers(200, Json{{"anyOf", {ref("Person"), ref("PersonDetail")}}})};
}

Endpoint add_person() {
    const auto handler = [](App& app, const Request& request) {
        const auto body = request.json();
        db::Person person;
        person.login = body.at("login");
        person.name = body.at("name");
        person.phone = body.value("phone", "");
        person.email = body.value("email", "");
        person.language = body.value("language", "zh-CN");
        const auto result =
            administration::add_person(app, request.who().person.id, person, body.value("password", ""));
        if (!result.ok()) refused(result.refusal);
        const auto added = app.people.find({result.id});
        if (!added) not_found();
        return Response::json(201, whole(app, *added)).with("Location", "/api/v1/people/" + result.id);
    };
    return {handler, Describe("Add a person; without a password they can't sign in yet", "people")
                         .takes(object({{"login", login()},
                                        {"name", said(100)},
                                        {"phone", phone()},
                                        {"email", email()},
                                        {"language", one_of({"zh-CN", "en"})},
                                        {"password", password()}},
                                       {"phone", "email", "language", "password"}))
                         .answers(201, ref("PersonDetail"))
                         .gives_headers(201, {"Location"})};
}

Endpoint change_person() {
    const auto handler = [](App& app, const Request& request) {
        auto person = person_of(app, request);
        const auto body = request.json();
        person.name = body.value("name", person.name);
        person.phone = body.value("phone", person.phone);
        person.email = body.value("email", person.email);
        person.language = body.value("language", person.language);
        person.active = body.value("active", person.active);
        const auto result = administration::change_person(app, request.who().person.id, person);
        if (!result.ok()) refused(result.refusal);
        return Response::json(200, whole(app, person));
    };
    return {handler, Describe("Change a person; `active: false` ends all their sessions", "people")
                         .id()
                         .takes(object({{"name", said(100)},
                                        {"phone", phone()},
                                        {"email", email()},
                                        {"language", one_of({"zh-CN", "en"})},
                                        {"active", flag()}},
                                       {"name", "phone", "email", "language", "active"}))
                         .answers(200, ref("PersonDetail"))};
}

Endpoint set_password() {
    const auto handler = [](App& app, const Request& request) {
        const auto result = administration::set_password(app, request.who().person.id, person_of(app, request).id,
                                                         request.json().at("password"));
        if (!result.ok()) refused(result.refusal);
        return no_content();
    };
    return {handler, Describe("Set a person's password; all their sessions end", "people")
                         .id()
                         .takes(object({{"password", password()}}))
                         .answers(204)};
}

} // namespace cunmai::http::api
