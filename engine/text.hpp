// What text from outside may hold.
#pragma once

#include <string>
#include <string_view>

namespace cunmai {

// No overlong forms, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view text);

// Without the mark that editors on Windows put before a text.
std::string_view without_byte_order_mark(std::string_view text);

// Without the characters that nobody sees and that make a text look like another one: controls of writing direction,
// zero-width ones, line separators, C1 controls, tags. REQUIRES: is_utf8.
std::string without_hidden(std::string_view text);

// Only the characters that XML 1.0 can hold (§2.2): no control but tab and line ends, no U+FFFE and U+FFFF, and no byte
// that is not UTF-8.
std::string for_xml(std::string_view text);

} // namespace cunmai
