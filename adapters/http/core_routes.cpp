// Routes of the server itself: assets and health. They belong to nobody and stand in no access log.
#include "adapters/http/core_routes.hpp"
#include "adapters/http/assets.hpp"

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
    const auto known = request.header("If-None-Match");
    if (known == etag || known == "W/" + etag) {
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

Response readyz(App& app, const Request&) {
    app.places.any(); // throws when the database can't be read: 503
    return text(200, "ready\n");
}

} // namespace

std::vector<Route> core_routes() {
    return {
        {.method = "GET", .pattern = "/assets/{file}", .access = Access::open, .handler = asset, .doc = {}},
        {.method = "GET", .pattern = "/healthz", .access = Access::open, .handler = healthz, .doc = {}},
        {.method = "GET", .pattern = "/readyz", .access = Access::open, .handler = readyz, .doc = {}},
    };
}

std::vector<Route> all_routes() {
    auto routes = core_routes();
    for (auto& route : api_routes()) routes.push_back(std::move(route));
    for (auto& route : page_routes()) routes.push_back(std::move(route));
    return routes;
}

} // namespace cunmai::http
