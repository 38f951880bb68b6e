// Text from outside: what it may hold, and what of it counts. The one place that knows characters; page, API, command
// line and files ask here, so that a value refused by one is refused by all.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cunmai {

// No overlong forms, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view text);
bool is_utf8_without_nul(std::string_view text);

// Nothing to be seen: only white space, also as it is typed in Chinese (U+3000) or pasted from a page (U+00A0), and
// hidden characters. REQUIRES: is_utf8, as all below that read characters.
bool is_blank(std::string_view text);

// Without white space at both ends; what is_blank calls white space.
std::string trimmed(std::string_view text);

std::string lower_ascii(std::string_view text); // A to Z; everything else as it is

std::size_t characters(std::string_view text); // how many; of broken UTF-8 the bytes that begin one
std::string first_characters(std::string_view text, std::size_t count);
std::string first_bytes(std::string_view text, std::size_t count); // at most so many, cut between characters

// Without the mark that editors on Windows put before a text.
std::string_view without_byte_order_mark(std::string_view text);

// Without the characters that nobody sees and that make a text look like another one: controls of writing direction,
// zero-width ones, line separators, C1 controls, tags.
std::string without_hidden(std::string_view text);

// Only the characters that XML 1.0 can hold (§2.2): no control but tab and line ends, no U+FFFE and U+FFFF, and no byte
// that is not UTF-8.
std::string for_xml(std::string_view text);

// One address of mail, and nothing that could become a header or a second recipient.
bool is_mail_address(std::string_view text);

} // namespace cunmai
