// Numbers as people type them: full-width digits and signs, separators of thousands, a percent sign behind a
// percentage. Nothing is guessed: "12,5" or "1e400" is no number, and what was typed is kept by the caller.
#pragma once

#include "engine/json.hpp"

#include <string>

namespace cunmai::http::pages {

// An integer or a decimal; null when the text is none. `percentage`: "85%" is 85.
Json number_typed(const std::string& text, bool percentage);

} // namespace cunmai::http::pages
