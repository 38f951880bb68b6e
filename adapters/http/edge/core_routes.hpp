// Routes that every server has, and all routes together.
#pragma once

#include "adapters/http/edge/http.hpp"

#include <cstdint>

namespace cunmai::http {

constexpr std::uintmax_t free_bytes_min = 64u << 20; // on the disk of the data folder; with less it is not ready

std::vector<Route> core_routes(std::uintmax_t free_bytes = free_bytes_min); // assets, health
std::vector<Route> all_routes(); // core, API, pages: what `serve` gives to the server

} // namespace cunmai::http
