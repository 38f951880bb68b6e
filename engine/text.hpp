// Text from outside: which characters it may have and which of them count. This is the one place that knows characters.
// Pages, API, command line and files all ask here, so that a value which one of them refuses is refused by all.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cunmai {

// Strict: no overlong forms, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view text);
bool is_utf8_without_nul(std::string_view text);

// Whether the text has nothing that can be seen: only white space, also as it is typed in Chinese (U+3000) or pasted
// from a page (U+00A0), and hidden characters. REQUIRES: is_utf8, as do the following functions that read characters.
bool is_blank(std::string_view text);

// Removes what is_blank calls white space from both ends.
std::string trimmed(std::string_view text);

std::string lower_ascii(std::string_view text); // A to Z; everything else as it is

std::size_t characters(std::string_view text); // the number of them; in broken UTF-8, of bytes that begin one
std::string first_characters(std::string_view text, std::size_t count);
std::string first_bytes(std::string_view text, std::size_t count); // at most `count` bytes, cut between characters

// Removes the byte order mark that editors on Windows put before a text.
std::string_view without_byte_order_mark(std::string_view text);

// Removes characters that are invisible and can make a text look like another one: controls of writing direction,
// zero-width characters, line separators, C1 controls, tags.
std::string without_hidden(std::string_view text);

// Keeps only the characters that XML 1.0 can hold (its §2.2): no control character but tab and line ends, no U+FFFE and
// U+FFFF, and no byte that is not UTF-8.
std::string for_xml(std::string_view text);

// Whether the text is one mail address, with nothing that could become a header or a second recipient.
bool is_mail_address(std::string_view text);

} // namespace cunmai
