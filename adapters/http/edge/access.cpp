#include "adapters/http/edge/access.hpp"

#include "adapters/http/edge/addresses.hpp"
#include "adapters/http/edge/cookies.hpp"
#include "adapters/http/edge/input.hpp"
#include "adapters/http/edge/problem.hpp"
#include "adapters/services/sign_in.hpp"
#include "workflows/roles.hpp"

#include <strings.h>

#include <algorithm>
#include <array>

namespace cunmai::http {

namespace {

constexpr std::string_view bearer_prefix = "Bearer ";
constexpr std::size_t token_length = 43;

std::string cookie_of(const Request& request, std::string_view name) { return cookie(request.header("Cookie"), name); }

std::string origin_of(const std::string& url) {
    const auto scheme = url.find("://");
    if (scheme == std::string::npos) return "";
    return url.substr(0, url.find_first_of("/?#", scheme + 3));
}

bool is_ours(const App& app, const Request& request, const std::string& origin) {
    if (origin.empty()) return false;
    const auto host = request.header("Host");
    const bool tls = app.config.public_url.rfind("https://", 0) == 0; // then pages without TLS are foreign
    return origin == origin_of(app.config.public_url) ||
           (!host.empty() && (origin == "https://" + host || (!tls && origin == "http://" + host)));
}

// In person, because administrators' roles can't be delegated.
bool holds(const Officer& officer, std::string_view role) {
    return std::any_of(officer.viewer.grants.begin(), officer.viewer.grants.end(),
                       [&](const auto& grant) { return grant.role == role && grant.person == officer.person.id; });
}

void require_role(const Request& request, std::string_view role) {
    if (!holds(*request.officer, role)) throw Problem{.status = 403, .code = "role_needed", .facts = {{"role", role}}};
}

std::optional<std::pair<db::Session, db::Person>> session_of(App& app, const std::string& token,
                                                             std::string_view kind) {
    if (token.size() != token_length) return std::nullopt;
    auto found = sign_in::recognise(app, token);
    return found && found->first.kind == kind ? std::move(found) : std::nullopt;
}

} // namespace

bool has_password_to_change(const Request& request, const Route& route) {
    static constexpr std::array<std::string_view, 5> before{"/account", "/account/password", "/sign-out",
                                                            "/api/v1/me/password", "/api/v1/session"};
    return route.access != Access::open && request.officer->person.password_must_change &&
           std::find(before.begin(), before.end(), route.pattern) == before.end();
}

bool changes(std::string_view method) { return method != "GET" && method != "HEAD"; }

Recognition recognise(App& app, Request& request) {
    Recognition recognition;
    const auto authorization = request.header("Authorization");
    const bool bearer = authorization.size() >= bearer_prefix.size() &&
                        ::strncasecmp(authorization.data(), bearer_prefix.data(), bearer_prefix.size()) == 0;
    const auto token = bearer ? authorization.substr(bearer_prefix.size()) : cookie_of(request, session_cookie_name);
    if (auto found = session_of(app, token, bearer ? "bearer" : "browser")) {
        auto& [session, person] = *found;
        Officer officer;
        officer.viewer = app.viewer(person.id);
        officer.person = std::move(person);
        officer.session = session.token_hash;
        officer.bearer = bearer;
        if (!bearer) {
            recognition.csrf_token = session.csrf;
            officer.csrf = request.csrf = masked(session.csrf);
        }
        request.officer = std::move(officer);
        return recognition;
    }
    if (bearer) {
        recognition.stale_bearer = true;
        return recognition;
    }
    recognition.csrf_token = cookie_of(request, pre_session_cookie_name);
    if (recognition.csrf_token.size() != token_length)
        recognition.csrf_token = recognition.new_pre_session = random_token();
    request.csrf = masked(recognition.csrf_token);
    return recognition;
}

void check_access(App& app, const Request& request, const Route& route, const Recognition& recognition) {
    if (route.access == Access::open) return;
    if (!request.officer) {
        Problem problem{.status = 401, .code = "not_signed_in"};
        problem.headers["WWW-Authenticate"] =
            recognition.stale_bearer ? R"(Bearer realm="cunmai", error="invalid_token")" : R"(Bearer realm="cunmai")";
        throw problem;
    }
    if (has_password_to_change(request, route)) throw Problem{.status = 403, .code = "password_must_change"};
    switch (route.access) {
    case Access::system: return require_role(request, workflows::SystemAdministrator::key);
    case Access::security: return require_role(request, workflows::SecurityAdministrator::key);
    case Access::audit: return require_role(request, workflows::AuditAdministrator::key);
    case Access::demo:
        if (!app.config.demo) throw Problem{.status = 403, .code = "demo_only"};
        return;
    case Access::open:
    case Access::signed_in: return;
    }
}

void check_origin(const App& app, const Request& request) {
    if (request.officer && request.officer->bearer) return;
    const auto refused = [] { return Problem{.status = 403, .code = "foreign_origin"}; };
    if (const auto origin = request.header("Origin"); !origin.empty()) {
        if (!is_ours(app, request, origin)) throw refused();
    } else if (const auto site = request.header("Sec-Fetch-Site"); !site.empty()) {
        if (site != "same-origin" && site != "none") throw refused();
    } else if (const auto referer = request.header("Referer"); !referer.empty()) {
        if (!is_ours(app, request, origin_of(referer))) throw refused();
    } else {
        const auto cookies = request.header("Cookie");
        if (cookies.find(session_cookie_name) != std::string::npos) throw refused();
    }
}

bool has_form_token(const Request& request, const Route& route, const Recognition& recognition) {
    const bool program = request.officer ? request.officer->bearer : is_api(request.path);
    if (program) return true;
    auto sent = request.header("X-CSRF-Token");
    if (sent.empty() && is_form(request)) {
        const auto field = request.form().find("csrf");
        if (field != request.form().end()) sent = field->second;
    }
    if (recognition.new_pre_session.empty() && matches(sent, recognition.csrf_token)) return true;
    // The person may have signed in in another tab meanwhile; then this form still has the token from before signing
    // in.
    return route.access == Access::open && matches(sent, cookie_of(request, pre_session_cookie_name));
}

bool may_show_again(const App& app, const Request& request, const Route& route) {
    if (!route.shows_again || !changes(request.method) || !is_form(request)) return false;
    if (const auto origin = request.header("Origin"); !origin.empty()) return is_ours(app, request, origin);
    if (const auto site = request.header("Sec-Fetch-Site"); !site.empty()) return site == "same-origin";
    return !page_before(app, request).empty();
}

std::string page_before(const App& app, const Request& request) {
    const auto referer = request.header("Referer");
    const auto origin = origin_of(referer);
    return is_ours(app, request, origin) ? safe_back(referer.substr(origin.size()), "") : "";
}

Response to_sign_in(const App& app, const Request& request) {
    const bool lost = changes(request.method); // the sign-in page says that nothing was done
    const auto back = safe_back(lost ? page_before(app, request) : request.target, "/");
    const std::string why = lost ? "ended=1" : "";
    if (back == "/") return Response::redirect(lost ? "/sign-in?" + why : "/sign-in");
    return Response::redirect("/sign-in?back=" + encode(back) + (lost ? "&" + why : ""));
}

std::string language_of(const Request& request) {
    const auto known = [](const std::string& language) { return language == "zh-CN" || language == "en"; };
    if (const auto asked = request.asked("lang"); known(asked)) return asked;
    if (const auto chosen = cookie_of(request, language_cookie_name); known(chosen)) return chosen;
    if (request.officer && known(request.officer->person.language)) return request.officer->person.language;
    // Takes the first known language. Quality values are ignored: in practice browsers send languages in order.
    const auto accepted = request.header("Accept-Language");
    const auto english = accepted.find("en"), chinese = accepted.find("zh");
    return english != std::string::npos && (chinese == std::string::npos || english < chinese) ? "en" : "zh-CN";
}

} // namespace cunmai::http
