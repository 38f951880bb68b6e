// The fingerprint of a workflow's table, stored with the definition's version and compared at every start
// (check_definitions in db/database.hpp); and the hash functions that the engine needs.
#pragma once

#include "engine/definition.hpp"

#include <string>
#include <string_view>

namespace cunmai::engine {

std::string fingerprint_of(const DefinitionInfo& info); // SHA-256, hex

std::string sha256_hex(std::string_view bytes);
std::string sha256_raw(std::string_view bytes); // 32 bytes
std::string to_hex(std::string_view bytes);
std::string from_hex(std::string_view hex); // REQUIRES: an even number of hex digits

} // namespace cunmai::engine
