// Faster Json::parse, dump() and Json::diff with the same results and exceptions, for text that is read or written with
// every command. Elsewhere the library's own functions will do.
#pragma once

#include "engine/json.hpp"

#include <string>
#include <string_view>

namespace cunmai {

Json parse_json(std::string_view text);
std::string text_of(const Json& value);

// The text of Json::diff(before, after): what an event keeps as its changes (RFC 6902).
std::string changes_between(const Json& before, const Json& after);

} // namespace cunmai
