// The OpenAPI 3.1 document, made from the route table and the definitions.
#pragma once

#include "adapters/http/edge/http.hpp"
#include "engine/definition.hpp"

namespace cunmai::http::api {

Json openapi_document(const std::vector<Route>& routes, const engine::Registry& registry);

} // namespace cunmai::http::api
