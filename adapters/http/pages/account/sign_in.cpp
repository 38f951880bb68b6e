// Signing in and out, and the change of language.
#include "adapters/http/pages/account/sign_in.hpp"

#include "adapters/services/sign_in.hpp"

#include "adapters/http/edge/access.hpp"
#include "adapters/http/edge/cookies.hpp"
#include "adapters/http/edge/http.hpp"
#include "adapters/http/edge/input.hpp"
#include "adapters/http/pages/forms.hpp"

namespace cunmai::http::pages {

namespace {

constexpr std::size_t kept_bytes_max = 256 * 1024;

// The form that the sign-in page carries along: {"action", "by", "fields": [[name, value], …]}, or null.
Json kept_of(const Request& request) {
    auto fields = Json::array();
    for (const auto& [name, value] : request.form())
        if (name != "csrf" && name != "by" && name != "review" && name.find("password") == std::string::npos)
            fields.push_back({name, value});
    Json kept{{"action", request.target}, {"by", form_value(request, "by")}, {"fields", std::move(fields)}};
    return kept.dump().size() > kept_bytes_max ? Json() : kept;
}

Json kept_from(const std::string& text) {
    auto kept = json_or_null(text);
    const bool whole = kept.is_object() && kept.contains("action") && kept["action"].is_string() &&
                       kept.contains("by") && kept["by"].is_string() && kept.contains("fields") &&
                       kept["fields"].is_array() && !safe_back(kept["action"].get<std::string>(), "").empty();
    if (!whole) return nullptr;
    for (const auto& field : kept["fields"])
        if (!field.is_array() || field.size() != 2 || !field[0].is_string() || !field[1].is_string()) return nullptr;
    return kept;
}

constexpr std::string_view tls = "https://";

// A browser keeps our cookies over TLS, and without it only of this machine: whoever came over plain HTTP from
// elsewhere can't sign in, whatever they type. The server itself speaks no TLS, so that without a proxy there is none.
bool loses_cookies(const App& app, const Request& request) {
    const auto host = request.header("Host"), scheme = request.header("X-Forwarded-Proto");
    if (app.config.plain_http || host.empty() || is_this_machine(host)) return false;
    if (!scheme.empty()) return scheme != "https";
    const bool promised = app.config.public_url.starts_with(tls); // to those who use the address, or come by a proxy
    const bool by_proxy = request.has_header("X-Forwarded-For") || request.has_header("Forwarded");
    const auto address = app.config.public_url + "/";
    return !promised || !(by_proxy || address.compare(tls.size(), host.size() + 1, host + "/") == 0);
}

Response form_again(App& app, const Request& request, const std::string& login, const std::string& back,
                    const engine::Refusal& refusal, int status, const Json& kept = {}) {
    View view(app, request);
    view.title(view.t("page.sign_in.title"));
    auto name = required(input("login", view.t("page.sign_in.login"), login));
    name["autocomplete"] = "username";
    auto password = required(input("password", view.t("page.sign_in.password"), "", "password"));
    password["autocomplete"] = "current-password";
    auto fields = Json::array({name, password});
    mark_errors(view, fields, refusal);
    view.model["fields"] = std::move(fields);
    view.model["back"] = back;
    view.model["kept"] = kept.is_null() ? Json(false) : Json(kept.dump());
    view.model["unsaved"] = !kept.is_null();
    show_what_was_done(view);
    if (loses_cookies(app, request))
        view.flash("bad", app.config.public_url.starts_with(tls)
                              ? view.t("page.sign_in.plain_http_go", {{"address", app.config.public_url}})
                              : view.t("page.sign_in.plain_http"));
    if (!kept.is_null())
        view.flash("warn", view.t("page.sign_in.kept"));
    else if (request.asked("ended") == "1")
        view.flash("warn", view.t("page.sign_in.ended"));
    return view.page("sign_in", status);
}

// Leads the person who has just signed in back to the form that was carried along.
Response go_on_page(App& app, const Request& request, const sign_in::Ticket& ticket, const Json& kept) {
    auto own = request;
    own.officer.emplace();
    own.officer->person = *app.people.find(ticket.person);
    own.officer->viewer = app.viewer(ticket.person);
    own.csrf = masked(ticket.csrf);
    View view(app, own);
    view.title(view.t("page.go_on.title"));
    auto fields = Json::array();
    for (const auto& field : kept["fields"]) fields.push_back({{"field_name", field[0]}, {"field_value", field[1]}});
    view.model["action"] = kept["action"];
    view.model["fields"] = std::move(fields);
    view.model["unsaved"] = true;
    return view.page("go_on");
}

} // namespace

Response show_sign_in(App& app, const Request& request) {
    const auto back = safe_back(request.asked("back"), "/");
    if (request.officer) return Response::redirect(back);
    return form_again(app, request, "", back, {}, 200);
}

Response sign_in_now(App& app, const Request& request) {
    const auto login = form_value(request, "login");
    const auto found = request.form().find("password");
    const auto password = found == request.form().end() ? std::string() : found->second;
    const auto back = safe_back(form_value(request, "back"), "/");
    const auto kept = kept_from(form_value(request, "kept"));

    request.about = sign_in::account_named(app, login);
    engine::Refusal refusal;
    if (login.empty())
        refusal.add_for("login", "missing", {{"field", texts::text(request.language, "page.sign_in.login")}});
    if (password.empty())
        refusal.add_for("password", "missing", {{"field", texts::text(request.language, "page.sign_in.password")}});
    if (!refusal.empty()) return form_again(app, request, login, back, refusal, 422, kept);

    const auto attempt = sign_in::attempt(app, login, password, "browser", "", request.address);
    if (!attempt.ticket) {
        if (attempt.locked)
            refusal.add("sign_in_locked", {{"minutes", (attempt.retry_after_seconds + 59) / 60}});
        else
            refusal.add("sign_in_failed");
        return form_again(app, request, login, back, refusal, attempt.locked ? 429 : 401, kept);
    }
    if (request.officer) app.sessions.end(request.who().session); // ends the browser's former session
    const auto person = app.people.find(attempt.ticket->person);
    if (!kept.is_null() && person && person->login == kept["by"])
        return go_on_page(app, request, *attempt.ticket, kept)
            .with("Set-Cookie", session_cookie(attempt.ticket->token));
    return Response::redirect(back).with("Set-Cookie", session_cookie(attempt.ticket->token));
}

Response sign_in_and_go_on(App& app, const Request& request) {
    const auto kept = kept_of(request);
    if (kept.is_null()) return to_sign_in(app, request);
    return form_again(app, request, kept["by"], safe_back(page_before(app, request), "/"), {}, 401, kept);
}

Response sign_out(App& app, const Request& request) {
    app.sessions.end(request.who().session);
    return Response::redirect("/sign-in").with("Set-Cookie", ended_session_cookie());
}

Response set_language(App&, const Request& request) {
    const auto wish = form_value(request, "lang");
    const std::string language = wish == "en" ? "en" : "zh-CN";
    return Response::redirect(safe_back(form_value(request, "back"), "/"))
        .with("Set-Cookie", language_cookie(language));
}

} // namespace cunmai::http::pages
