// The two pages that the edge shows by itself. The room `pages` makes them, but the edge does not know that room: the
// site hands them in (adapters/http/site).
#pragma once

#include "adapters/http/edge/http.hpp"

namespace cunmai::http {

struct Faces {
    // A problem told to a person. `model`: title, status, detail, reasons, request_id; `back`: a path, or "".
    std::function<Response(App&, const Request&, const Json& model, const std::string& back, int status)> error;
    // Signing in with a form in hand: see adapters/http/pages/account/sign_in.hpp.
    std::function<Response(App&, const Request&)> sign_in_and_go_on;
};

struct Site { // all that a server answers with
    std::vector<Route> routes;
    Faces faces;
};

} // namespace cunmai::http
