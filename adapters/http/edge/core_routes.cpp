// Routes of the server itself: assets, health, metrics. They need no sign-in and are not in the access log.
#include "adapters/http/edge/core_routes.hpp"
#include "adapters/http/edge/etag.hpp"
#include "adapters/telemetry/log.hpp"
#include "adapters/words/assets.hpp"
#include "db/operations/migrations.hpp"

#include <sodium.h>

#include <filesystem>

namespace cunmai::http {

namespace {

Response asset(App&, const Request& request) {
    const auto* found = find_asset(request.param("file"));
    if (!found) throw Problem{.status = 404, .code = "no_such_address"};
    const auto etag = "\"" + found->hash + "\"";
    const bool by_hash = request.asked("v") == found->hash;
    Response response;
    response.with("ETag", etag)
        .with("Cache-Control", by_hash ? "public, max-age=31536000, immutable" : "public, no-cache");
    if (names_tag(request.header("If-None-Match"), found->hash)) {
        response.status = 304;
        return response;
    }
    response.body = found->content;
    return response.with("Content-Type", found->media_type);
}

Response text(int status, std::string line) {
    Response response;
    response.status = status;
    response.body = std::move(line);
    return response.with("Content-Type", "text/plain; charset=utf-8");
}

Response healthz(App&, const Request&) { return text(200, "ok\n"); }

Problem not_ready(const char* what) {
    log::warning("not_ready", {{"what", what}});
    return {.status = 503, .code = "not_ready", .facts = {{"what", what}}, .headers = {{"Retry-After", "5"}}};
}

// Ready means that the database can be read and has this program's schema, and that the disk has free space.
Response readyz(App& app, std::uintmax_t free_bytes) {
    for (const auto& migration : db::migration_status(app.database)) // throws when the database can't be read: 503
        if (!migration.applied) throw not_ready("migrations");
    std::error_code error;
    const auto space = std::filesystem::space(app.config.data_dir, error);
    if (error || space.available < free_bytes) throw not_ready("disk");
    return text(200, "ready\n");
}

bool is_this_machine(const Request& request) {
    const auto host = request.header("Host");
    const auto name =
        host.substr(0, host.rfind(':') == std::string::npos || host.back() == ']' ? host.size() : host.rfind(':'));
    const bool by_name = name == "127.0.0.1" || name == "localhost" || name == "[::1]" || name.empty();
    const bool by_address = request.address.rfind("127.", 0) == 0 || request.address == "::1" ||
                            request.address.rfind("::ffff:127.", 0) == 0;
    bool forwarded = false; // true when a proxy on this machine asks for somebody else
    for (const auto* header : {"Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"})
        forwarded = forwarded || !request.header(header).empty();
    return by_address && by_name && !forwarded;
}

bool has_token(const App& app, const Request& request) {
    constexpr std::string_view bearer = "Bearer ";
    const auto given = request.header("Authorization");
    const auto& wanted = app.config.metrics_token;
    if (wanted.empty() || given.rfind(bearer, 0) != 0 || given.size() != bearer.size() + wanted.size()) return false;
    return sodium_memcmp(given.data() + bearer.size(), wanted.data(), wanted.size()) == 0;
}

// Metrics are for programs on this machine, or with the token in the configuration.
Response metrics(App& app, const Request& request) {
    if (!is_this_machine(request) && !has_token(app, request))
        throw Problem{
            .status = 401, .code = "metrics_closed", .headers = {{"WWW-Authenticate", R"(Bearer realm="metrics")"}}};
    const auto now = app.clock.now();
    try {
        app.metrics.waiting_work(db::backlog(app.database, now), now);
    } catch (const engine::StoreUnavailable& unavailable) {
        log::warning("metrics", {{"request_id", request.id}, {"what", unavailable.what()}});
        app.metrics.waiting_work(std::nullopt, now);
    }
    Response response;
    response.body = app.metrics.text();
    return response.with("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
}

} // namespace

std::vector<Route> core_routes(std::uintmax_t free_bytes) {
    const auto ready = [free_bytes](App& app, const Request&) { return readyz(app, free_bytes); };
    return {
        {.method = "GET", .pattern = "/assets/{file}", .access = Access::open, .handler = asset, .doc = {}},
        {.method = "GET", .pattern = "/healthz", .access = Access::open, .handler = healthz, .doc = {}},
        {.method = "GET", .pattern = "/readyz", .access = Access::open, .handler = ready, .doc = {}},
        {.method = "GET", .pattern = "/metrics", .access = Access::open, .handler = metrics, .doc = {}},
    };
}

} // namespace cunmai::http
