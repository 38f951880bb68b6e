// The pages' routes, and those pages that the edge shows by itself.
#pragma once

#include "adapters/http/edge/faces.hpp"

namespace cunmai::http {

std::vector<Route> page_routes();
Faces page_faces();

} // namespace cunmai::http
