// Routes that every server has, and all routes together.
#pragma once

#include "adapters/http/http.hpp"

namespace cunmai::http {

std::vector<Route> core_routes(); // assets, health
std::vector<Route> all_routes();  // core, API, pages: what `serve` gives to the server

} // namespace cunmai::http
