// The API's routes, /api/v1.
#pragma once

#include "adapters/http/edge/http.hpp"

namespace cunmai::http {

std::vector<Route> api_routes();

} // namespace cunmai::http
