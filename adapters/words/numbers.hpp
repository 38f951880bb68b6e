// Numbers as people type them: full-width digits and signs, separators of thousands, a percent sign behind a
// percentage. Nothing is guessed: "12,5" and "1e400" are not numbers, and the caller keeps what was typed.
#pragma once

#include "engine/json.hpp"

#include <string>

namespace cunmai::words {

// An integer or a decimal, or null when the text is neither. With `percentage` "85%" is 85.
Json number_typed(const std::string& text, bool percentage);

} // namespace cunmai::words
