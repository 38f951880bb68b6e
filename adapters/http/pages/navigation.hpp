// The main navigation: only what the person's roles use.
#pragma once

#include "adapters/http/edge/http.hpp"

namespace cunmai::http::pages {

Json navigation(const std::string& language, const std::string& path, const Officer& officer);

} // namespace cunmai::http::pages
