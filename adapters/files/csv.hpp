// CSV as of RFC 4180, strict: what Excel, LibreOffice and statistical offices write, and an error with its line for
// anything that could be read in two ways. A byte order mark, CRLF, LF and blank lines at the end are fine.
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
