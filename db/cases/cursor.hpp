// Where a page ended, as an opaque text: the values that its last row was sorted by.
#pragma once

#include "engine/json.hpp"

#include <string>

namespace cunmai::db {

std::string to_cursor(const Json& values);
// Throws BadCursor unless it is an array that starts with `kind` and has `size` values behind it; returns those.
Json from_cursor(const std::string& cursor, const std::string& kind, std::size_t size);

} // namespace cunmai::db
