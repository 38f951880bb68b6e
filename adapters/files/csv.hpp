// A strict reader of CSV (RFC 4180). It accepts what Excel, LibreOffice and statistical offices write, including a byte
// order mark, CRLF or LF, and blank lines at the end. Anything ambiguous is an error with its line number.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cunmai::csv {

struct Record {
    std::size_t line = 0; // where it starts, from 1
    std::vector<std::string> fields;
    std::string problem; // empty, or: quote_unbalanced, quote_stray, broken_utf8, control_character
};

// Calls `each` for every record, damaged ones included. Never throws on any input.
// The content must outlive the call.
void read(std::string_view content, const std::function<void(Record&)>& each);

} // namespace cunmai::csv
