// What makes a table the table that it is. Stored beside the definition's version; see Registry::check.
#pragma once

#include "engine/definition.hpp"
#include "engine/digest.hpp"

#include <string>

namespace cunmai::engine {

std::string fingerprint_of(const DefinitionInfo& info); // SHA-256, hex

} // namespace cunmai::engine
