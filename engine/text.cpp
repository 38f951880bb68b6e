#include "engine/text.hpp"

namespace cunmai {

namespace {

std::size_t length_of(unsigned char lead) { // of a character, in bytes; 0: nothing begins like this
    return lead < 0x80                   ? 1
           : lead >= 0xC2 && lead < 0xE0 ? 2
           : (lead & 0xF0) == 0xE0       ? 3
           : lead >= 0xF0 && lead < 0xF5 ? 4
                                         : 0;
}

std::size_t character_at(std::string_view text, std::size_t i) { // its length; 0: not one of UTF-8
    const auto lead = static_cast<unsigned char>(text[i]);
    const auto size = length_of(lead);
    if (size == 0 || i + size > text.size()) return 0;
    for (std::size_t k = 1; k < size; ++k)
        if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return 0;
    const auto second = size > 1 ? static_cast<unsigned char>(text[i + 1]) : 0;
    const bool bad = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
                     (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
    return bad ? 0 : size;
}

bool is_hidden(char32_t code) {
    return (code >= 0x80 && code <= 0x9F) || code == 0xAD || code == 0x61C || code == 0x180E ||
           (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF || (code >= 0xFFF9 && code <= 0xFFFB) ||
           (code >= 0xE0000 && code <= 0xE007F);
}

} // namespace

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto size = character_at(text, i);
        if (size == 0) return false;
        i += size;
    }
    return true;
}

std::string without_hidden(std::string_view text) {
    std::string kept;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const auto size = length_of(lead);
        char32_t code = size == 1 ? lead : lead & (0x7FU >> size);
        for (std::size_t k = 1; k < size; ++k) code = code << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
        if (!is_hidden(code)) kept += text.substr(i, size);
        i += size;
    }
    return kept;
}

std::string_view without_byte_order_mark(std::string_view text) {
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    if (text.starts_with(mark)) text.remove_prefix(mark.size());
    return text;
}

std::string for_xml(std::string_view text) {
    std::string kept;
    for (std::size_t i = 0; i < text.size();) {
        const auto size = character_at(text, i);
        const auto character = text.substr(i, size);
        const bool control = size == 1 && static_cast<unsigned char>(text[i]) < 0x20 && text[i] != '\t' &&
                             text[i] != '\n' && text[i] != '\r';
        if (!control && character != "\xEF\xBF\xBE" && character != "\xEF\xBF\xBF") kept += character;
        i += size == 0 ? 1 : size;
    }
    return kept;
}

} // namespace cunmai
