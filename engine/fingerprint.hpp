// The fingerprint of a workflow's table, stored with the definition's version and compared at every start
// (db/operations/definitions.hpp).
#pragma once

#include "engine/definition.hpp"
#include "engine/digest.hpp"

#include <string>

namespace cunmai::engine {

std::string fingerprint_of(const DefinitionInfo& info); // SHA-256, hex

} // namespace cunmai::engine
