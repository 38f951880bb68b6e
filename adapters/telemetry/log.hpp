// The structured log: one JSON object per line on stderr, ASCII only, whatever the input holds. No secret and no
// personal data belongs in it; who did what stands in the access log (trust.md §5).
#pragma once

#include "engine/json.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace cunmai::log {

// Adds "at" and "level". Safe from many threads; never throws.
void write(std::string_view level, std::string_view event, Json facts = Json::object());

inline void info(std::string_view event, Json facts = Json::object()) { write("info", event, std::move(facts)); }
inline void warning(std::string_view event, Json facts = Json::object()) { write("warning", event, std::move(facts)); }
inline void error(std::string_view event, Json facts = Json::object()) { write("error", event, std::move(facts)); }

// Where lines go instead of stderr; an empty function goes back to stderr. For tests and `--quiet`.
void send_to(std::function<void(const std::string&)> sink);

} // namespace cunmai::log
