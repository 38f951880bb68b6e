// The main navigation, with only the entries that the person's roles use.
#pragma once

#include "adapters/http/edge/http.hpp"

namespace cunmai::http::pages {

Json navigation(const App& app, const std::string& language, const std::string& path, const Officer& officer);

bool administers(const App& app, const Officer& officer); // holds an administrator's role

} // namespace cunmai::http::pages
