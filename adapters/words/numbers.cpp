#include "adapters/words/numbers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <regex>

namespace cunmai::http::pages {

namespace {

constexpr std::size_t length_max = 60; // bytes; the widest of our numbers have 11 digits

// What an input method for Chinese makes of the keys of a number.
std::string narrowed(std::string text) {
    static constexpr std::array<std::pair<const char*, const char*>, 19> wide{{
        {"０", "0"}, {"１", "1"}, {"２", "2"}, {"３", "3"}, {"４", "4"},       {"５", "5"}, {"６", "6"},
        {"７", "7"}, {"８", "8"}, {"９", "9"}, {"．", "."}, {"。", "."},       {"，", ","}, {"％", "%"},
        {"－", "-"}, {"−", "-"},  {"＋", "+"}, {"　", " "}, {"\xC2\xA0", " "},
    }};
    for (const auto& [from, to] : wide)
        for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at))
            text.replace(at, std::char_traits<char>::length(from), to);
    return text;
}

void trim_blanks(std::string& text) {
    text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
    text.erase(text.find_last_not_of(' ') + 1);
}

} // namespace

Json number_typed(const std::string& text, bool percentage) {
    static const std::regex shape(R"([+-]?(\d{1,3}(,\d{3})+|\d{1,3}( \d{3})+|\d+)(\.\d+)?)");
    if (text.size() > length_max) return nullptr;
    auto plain = narrowed(text);
    trim_blanks(plain);
    if (percentage && !plain.empty() && plain.back() == '%') {
        plain.pop_back();
        trim_blanks(plain);
    }
    if (!std::regex_match(plain, shape)) return nullptr;
    plain.erase(
        std::remove_if(plain.begin(), plain.end(), [](char byte) { return byte == ',' || byte == ' ' || byte == '+'; }),
        plain.end());
    const auto* end = plain.data() + plain.size();
    std::int64_t whole = 0;
    if (const auto read = std::from_chars(plain.data(), end, whole); read.ec == std::errc() && read.ptr == end)
        return whole;
    double number = 0;
    const auto read = std::from_chars(plain.data(), end, number);
    return read.ec == std::errc() && read.ptr == end ? Json(number) : Json();
}

} // namespace cunmai::http::pages
