// Whatever a handler throws, as an answer: RFC 9457 under /api, a page elsewhere. The person gets a sentence and the
// request id; what a fault really was stands in the log only.
#pragma once

#include "adapters/http/edge/http.hpp"

#include <exception>

namespace cunmai::http {

Response problem_response(App& app, const Request& request, const Problem& problem);

// REQUIRES: called for an exception that was caught. Logs faults.
Problem problem_of(const Request& request, const std::exception_ptr& error);

bool is_api(std::string_view path);

} // namespace cunmai::http
