// The whole of what `serve` answers with: the server's own routes, the API, the pages.
#pragma once

#include "adapters/http/edge/server.hpp"

namespace cunmai::http {

std::vector<Route> all_routes();
Site whole_site();

} // namespace cunmai::http
