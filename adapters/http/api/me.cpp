// The person who asks: who they are, what they hold, for whom they may act.
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"
#include "adapters/services/administration.hpp"

namespace cunmai::http::api {

namespace {

Json acting_for(App& app, const engine::PersonId& person) {
    auto list = Json::array();
    const auto now = app.clock.now();
    const auto rows = app.people.delegations_to(person);
    std::vector<std::string> ids{person.text};
    for (const auto& row : rows) ids.push_back(row.delegation.principal.text);
    const auto names = app.people.names(ids);
    for (const auto& row : rows)
        if (row.delegation.from <= now && now < row.delegation.until) list.push_back(view(row, names));
    return list;
}

Json describe_me(App& app, const Request& request, const db::Person& person) {
    auto grants = Json::array();
    for (const auto& grant : app.people.grants_of(person.id)) grants.push_back(view(grant));
    return {{"id", person.id.text},
            {"name", person.name},
            {"login", person.login},
            {"phone", person.phone},
            {"email", person.email},
            {"language", person.language},
            {"grants", std::move(grants)},
            {"acting_for", acting_for(app, person.id)},
            {"unread", app.inbox.unread(person.id)},
            {"session_kind", request.who().bearer ? "bearer" : "browser"},
            {"now", engine::to_iso(app.clock.now())},
            {"today", app.today()},
            {"demo", app.config.demo}};
}

} // namespace

Endpoint me() {
    const auto handler = [](App& app, const Request& request) {
        return Response::json(200, describe_me(app, request, request.who().person));
    };
    return {handler, Describe("Who I am", "me").answers(200, ref("Me"))};
}

Endpoint change_me() {
    const auto handler = [](App& app, const Request& request) {
        auto person = request.who().person;
        person.language = request.json().at("language");
        const auto result = administration::change_own_language(app, person.id, person.language);
        if (!result.ok()) refused(result.refusal);
        return Response::json(200, describe_me(app, request, person));
    };
    return {handler, Describe("Change my language", "me")
                         .takes(object({{"language", one_of({"zh-CN", "en"})}}))
                         .answers(200, ref("Me"))};
}

Endpoint change_my_password() {
    const auto handler = [](App& app, const Request& request) {
        const auto body = request.json();
        const auto result =
            administration::change_own_password(app, request.who().person.id, body.at("old"), body.at("new"));
        if (!result.ok()) refused(result.refusal);
        return no_content();
    };
    return {handler, Describe("Change my password; every session of mine ends", "me")
                         .takes(object({{"old", password()}, {"new", password()}}))
                         .answers(204)};
}

Endpoint my_sessions() {
    const auto handler = [](App& app, const Request& request) {
        auto items = Json::array();
        for (const auto& session : app.sessions.of(request.who().person.id))
            items.push_back({{"kind", session.kind},
                             {"label", or_null_text(session.label)},
                             {"created_at", engine::to_iso(session.created_at)},
                             {"seen_at", engine::to_iso(session.seen_at)},
                             {"expires_at", engine::to_iso(session.expires_at)},
                             {"current", session.token_hash == request.who().session}});
        return Response::json(200, {{"items", std::move(items)}});
    };
    return {handler, Describe("Where I am signed in", "me").answers(200, object({{"items", list_of(ref("Session"))}}))};
}

Endpoint end_my_sessions() {
    const auto handler = [](App& app, const Request& request) {
        app.sessions.end_all_of(request.who().person.id);
        return no_content();
    };
    return {handler, Describe("Sign out everywhere", "me").answers(204)};
}

} // namespace cunmai::http::api
