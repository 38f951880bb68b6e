#include "adapters/http/edge/addresses.hpp"

#include <algorithm>

namespace cunmai::http {

std::string encode(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string encoded;
    for (const char byte : text) {
        const auto code = static_cast<unsigned char>(byte);
        const bool plain = (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
                           (code >= '0' && code <= '9') || byte == '-' || byte == '_' || byte == '.' || byte == '~';
        if (plain) {
            encoded += byte;
        } else {
            encoded += '%';
            encoded += digits[code >> 4];
            encoded += digits[code & 15];
        }
    }
    return encoded;
}

std::string safe_back(const std::string& wish, const std::string& otherwise) {
    const bool local = wish.size() > 0 && wish[0] == '/' && (wish.size() < 2 || (wish[1] != '/' && wish[1] != '\\'));
    const bool printable = std::all_of(wish.begin(), wish.end(), [](char byte) {
        return static_cast<unsigned char>(byte) > 0x20 && static_cast<unsigned char>(byte) != 0x7f && byte != '\\';
    });
    return local && printable && wish.size() < 1000 ? wish : otherwise;
}

std::string with_word(const std::string& path, const std::string& word) {
    return path + (path.find('?') == std::string::npos ? "?" : "&") + word;
}

std::string query_with(const Request& request, const std::vector<std::pair<std::string, std::string>>& changes) {
    std::string query;
    const auto append = [&](const std::string& key, const std::string& value) {
        if (!value.empty()) query += (query.empty() ? "?" : "&") + encode(key) + "=" + encode(value);
    };
    for (const auto& [key, value] : request.query) {
        const bool changed = std::any_of(changes.begin(), changes.end(),
                                         [&, name = key](const auto& change) { return change.first == name; });
        if (!changed && key != "done" && key != "lang") append(key, value);
    }
    for (const auto& [key, value] : changes) append(key, value);
    return query;
}

} // namespace cunmai::http
