// JSON as the engine uses it: facts, payloads and contexts are objects; keys are kept sorted, so that
// the same value always has the same text.
#pragma once

#include <nlohmann/json.hpp>

namespace cunmai {

using Json = nlohmann::json;

} // namespace cunmai
