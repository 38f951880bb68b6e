// Part of the text room (engine/text.hpp): which characters a text from outside may not have, wherever it comes in.
#pragma once

#include <algorithm>
#include <string_view>

namespace cunmai {

enum class Lines { one, several }; // in a text of several lines, line breaks and tabs are no fault

inline bool has_control_character(std::string_view text, Lines lines) {
    return std::any_of(text.begin(), text.end(), [&](char byte) {
        const bool breaks_lines = byte == '\n' || byte == '\r' || byte == '\t';
        return static_cast<unsigned char>(byte) < 0x20 && !(breaks_lines && lines == Lines::several);
    });
}

} // namespace cunmai
