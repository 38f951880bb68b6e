// Routes that every server has.
#pragma once

#include "adapters/http/edge/http.hpp"

#include <cstdint>

namespace cunmai::http {

constexpr std::uintmax_t free_bytes_min = 64u << 20; // on the data folder's disk; with less it is not ready

std::vector<Route> core_routes(std::uintmax_t free_bytes = free_bytes_min); // assets, health

} // namespace cunmai::http
