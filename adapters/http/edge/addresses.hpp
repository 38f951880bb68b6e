// Addresses of this server, as pages and redirects write them.
#pragma once

#include "adapters/http/edge/http.hpp"

namespace cunmai::http {

std::string encode(std::string_view text); // one component of a URL

// A path to go back to, if it is one of this server; else `otherwise`.
std::string safe_back(const std::string& wish, const std::string& otherwise);

// Adds one part to the query of a path: "/work?box=done" with "not_done=claim_gone".
std::string with_word(const std::string& path, const std::string& word);

// A query string from the request's own, with some keys changed (empty value: removed). Starts with "?" unless empty.
std::string query_with(const Request& request, const std::vector<std::pair<std::string, std::string>>& changes);

} // namespace cunmai::http
