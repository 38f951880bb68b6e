#include "adapters/http/site/site.hpp"

#include "adapters/http/api/api.hpp"
#include "adapters/http/pages/pages.hpp"

namespace cunmai::http {

std::vector<Route> all_routes() {
    auto routes = core_routes();
    for (auto& route : api_routes()) routes.push_back(std::move(route));
    for (auto& route : page_routes()) routes.push_back(std::move(route));
    return routes;
}

Site whole_site() { return {all_routes(), page_faces()}; }

} // namespace cunmai::http
