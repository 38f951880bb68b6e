// Bearer tokens for programs. People in a browser sign in on the page and get a cookie.
#include "adapters/http/api/describe.hpp"
#include "adapters/services/sign_in.hpp"

namespace cunmai::http::api {

Endpoint sign_in() {
    const auto handler = [](App& app, const Request& request) {
        const auto body = request.json();
        request.about = sign_in::account_named(app, body.at("login"));
        const auto attempt = sign_in::attempt(app, body.at("login"), body.at("password"), "bearer",
                                              body.value("label", ""), request.address);
        Problem problem;
        if (attempt.locked) {
            problem.status = 429;
            problem.code = "locked_out";
            problem.facts = {{"minutes", (attempt.retry_after_seconds + 59) / 60}};
            problem.headers["Retry-After"] = std::to_string(attempt.retry_after_seconds);
            throw problem;
        }
        if (!attempt.ticket) {
            problem.status = 401;
            problem.code = "sign_in_failed";
            problem.headers["WWW-Authenticate"] = "Bearer";
            throw problem;
        }
        if (request.officer && !request.who().bearer)
            app.sessions.end(request.who().session); // ends the browser's former session
        return Response::json(201, {{"token", attempt.ticket->token},
                                    {"expires_at", engine::to_iso(attempt.ticket->expires_at)},
                                    {"person", attempt.ticket->person.text}});
    };
    return {handler,
            Describe("Sign in: a bearer token", "session")
                .takes(object({{"login", said(64)}, {"password", password()}, {"label", text(100)}}, {"label"}))
                .answers(201, ref("Ticket"))
                .may_fail({401, 429})};
}

Endpoint sign_out() {
    const auto handler = [](App& app, const Request& request) {
        app.sessions.end(request.who().session);
        return no_content();
    };
    return {handler, Describe("Sign out: the token or cookie is good no longer", "session").answers(204)};
}

} // namespace cunmai::http::api
