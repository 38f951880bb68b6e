#include "workflows/common/notices.hpp"

namespace cunmai::workflows {

std::string title_of(const std::string& text, int characters_max) {
    std::string title;
    int characters = 0;
    for (const char byte : text) {
        const bool starts_character = (byte & 0xC0) != 0x80;
        if (starts_character && ++characters > characters_max) return title + "…";
        title.push_back(static_cast<unsigned char>(byte) < 0x20 ? ' ' : byte);
    }
    return title;
}

std::string prescription_title(int number, const std::string& problem) {
    return std::to_string(number) + ". " + title_of(problem, 20);
}

} // namespace cunmai::workflows
