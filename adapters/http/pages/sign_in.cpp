// Signing in and out, and the change of language.
#include "adapters/sign_in.hpp"

#include "adapters/http/cookies.hpp"
#include "adapters/http/pages/forms.hpp"
#include "adapters/http/pages/handlers.hpp"

namespace cunmai::http::pages {

namespace {

Response form_again(App& app, const Request& request, const std::string& login, const std::string& back,
                    const engine::Refusal& refusal, int status) {
    View view(app, request);
    view.title(view.t("page.sign_in.title")).wrong(refusal);
    auto name = input("login", view.t("page.sign_in.login"), login);
    name["autocomplete"] = "username";
    auto password = input("password", view.t("page.sign_in.password"), "", "password");
    password["autocomplete"] = "current-password";
    auto fields = Json::array({name, password});
    mark_errors(view.language(), fields, refusal);
    view.model["fields"] = std::move(fields);
    view.model["back"] = back;
    show_what_was_done(view);
    return view.page("sign_in", status);
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

    engine::Refusal refusal;
    if (login.empty())
        refusal.add_for("login", "missing", {{"field", texts::text(request.language, "page.sign_in.login")}});
    if (password.empty())
        refusal.add_for("password", "missing", {{"field", texts::text(request.language, "page.sign_in.password")}});
    if (!refusal.empty()) return form_again(app, request, login, back, refusal, 422);

    const auto attempt = sign_in::attempt(app, login, password, "browser", "", request.address);
    if (!attempt.ticket) {
        if (attempt.locked)
            refusal.add("sign_in_locked", {{"minutes", (attempt.retry_after_seconds + 59) / 60}});
        else
            refusal.add("sign_in_failed");
        return form_again(app, request, login, back, refusal, attempt.locked ? 429 : 401);
    }
    if (request.officer) app.sessions.end(request.who().session); // this browser's former one
    return Response::redirect(back).with("Set-Cookie", session_cookie(attempt.ticket->token));
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
