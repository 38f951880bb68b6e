#include "engine/text.hpp"

#include <algorithm>

namespace cunmai {

namespace {

std::size_t length_of(unsigned char lead) { // of a character that begins with this byte; 0 when none does
    return lead < 0x80                   ? 1
           : lead >= 0xC2 && lead < 0xE0 ? 2
           : (lead & 0xF0) == 0xE0       ? 3
           : lead >= 0xF0 && lead < 0xF5 ? 4
                                         : 0;
}

std::size_t character_at(std::string_view text, std::size_t i) { // its length in bytes; 0 when it is not UTF-8
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

// REQUIRES: a UTF-8 character of that length begins there.
char32_t code_at(std::string_view text, std::size_t i, std::size_t size) {
    const auto lead = static_cast<unsigned char>(text[i]);
    char32_t code = size == 1 ? lead : lead & (0x7FU >> size);
    for (std::size_t k = 1; k < size; ++k) code = code << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    return code;
}

bool is_continuation(char byte) { return (byte & 0xC0) == 0x80; }

bool is_hidden(char32_t code) {
    return (code >= 0x80 && code <= 0x9F) || code == 0xAD || code == 0x61C || code == 0x180E ||
           (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF || (code >= 0xFFF9 && code <= 0xFFFB) ||
           (code >= 0xE0000 && code <= 0xE007F);
}

bool is_space(char32_t code) {
    return code == ' ' || (code >= '\t' && code <= '\r') || code == 0xA0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200A) || code == 0x202F || code == 0x205F || code == 0x3000 || is_hidden(code);
}

// The number of bytes of white space at the beginning of the text. Broken UTF-8 does not count as white space.
std::size_t space_before(std::string_view text) {
    std::size_t i = 0;
    while (i < text.size()) {
        const auto size = character_at(text, i);
        if (size == 0 || !is_space(code_at(text, i, size))) break;
        i += size;
    }
    return i;
}

std::size_t space_behind(std::string_view text) {
    auto end = text.size();
    while (end > 0) {
        auto begin = end - 1;
        while (begin > 0 && end - begin < 4 && is_continuation(text[begin])) --begin;
        const auto size = character_at(text.substr(0, end), begin);
        if (size != end - begin || !is_space(code_at(text, begin, size))) break;
        end = begin;
    }
    return text.size() - end;
}

} // namespace

bool is_utf8_without_nul(std::string_view text) { return text.find('\0') == std::string_view::npos && is_utf8(text); }

bool is_blank(std::string_view text) { return space_before(text) == text.size(); }

std::string trimmed(std::string_view text) {
    text.remove_prefix(space_before(text));
    text.remove_suffix(space_behind(text));
    return std::string(text);
}

std::string lower_ascii(std::string_view text) {
    std::string lower(text);
    for (auto& byte : lower)
        if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte - 'A' + 'a');
    return lower;
}

std::size_t characters(std::string_view text) {
    return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_continuation));
}

std::string first_characters(std::string_view text, std::size_t count) {
    std::size_t end = 0;
    for (; end < text.size(); ++end)
        if (!is_continuation(text[end]) && count-- == 0) break;
    return std::string(text.substr(0, end));
}

std::string first_bytes(std::string_view text, std::size_t count) {
    if (text.size() <= count) return std::string(text);
    while (count > 0 && is_continuation(text[count])) --count;
    return std::string(text.substr(0, count));
}

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
        const auto size = length_of(static_cast<unsigned char>(text[i]));
        if (!is_hidden(code_at(text, i, size))) kept += text.substr(i, size);
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

bool is_mail_address(std::string_view text) {
    const auto at = text.find('@');
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        return c > 0x20 && c < 0x7F && c != '<' && c != '>' && c != ',' && c != ';' && c != '"' && c != '\\';
    });
    return plain && at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
           text.find('@', at + 1) == std::string_view::npos;
}

} // namespace cunmai
