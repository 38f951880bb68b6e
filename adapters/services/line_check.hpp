// One line of text from outside, beside a command: a person's name, the reason of a delegation. The fields of commands
// are checked by engine::check_payload, with the same codes.
#pragma once

#include "engine/refusal.hpp"

#include <string>

namespace cunmai {

// Adds missing, too_long or control_character, also for characters that can't be seen; malformed when it is not UTF-8.
void check_line(const std::string& field, const std::string& text, std::size_t length_max, engine::Refusal& why);

} // namespace cunmai
