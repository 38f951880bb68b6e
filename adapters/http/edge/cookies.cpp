#include "adapters/http/edge/cookies.hpp"

#include <sodium.h>

#include <vector>

namespace cunmai::http {

namespace {

constexpr const char* attributes = "; Path=/; Secure; HttpOnly; SameSite=Lax";

std::string base64url(const std::vector<unsigned char>& bytes) {
    std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    text.pop_back(); // the terminating zero
    return text;
}

bool same(const std::string& one, const std::string& other) {
    return one.size() == other.size() && sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

std::string named(std::string_view name, const std::string& value) {
    return std::string(name) + "=" + value + attributes;
}

} // namespace

std::string session_cookie(const std::string& token) { return named(session_cookie_name, token); }
std::string ended_session_cookie() { return named(session_cookie_name, "") + "; Max-Age=0"; }
std::string pre_session_cookie(const std::string& token) { return named(pre_session_cookie_name, token); }
std::string language_cookie(const std::string& language) {
    return named(language_cookie_name, language == "en" ? "en" : "zh-CN") + "; Max-Age=31536000";
}

std::string shortcuts_cookie(bool off) {
    return named(shortcuts_cookie_name, off ? "off" : "") + (off ? "; Max-Age=31536000" : "; Max-Age=0");
}

std::string cookie(std::string_view header, std::string_view name) {
    std::string value;
    bool found = false;
    while (!header.empty()) {
        const auto end = header.find(';');
        auto pair = header.substr(0, end);
        header = end == std::string_view::npos ? std::string_view{} : header.substr(end + 1);
        while (!pair.empty() && pair.front() == ' ') pair.remove_prefix(1);
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
        if (found) return "";
        found = true;
        value = pair.substr(equals + 1);
    }
    return value;
}

std::string masked(const std::string& token) {
    if (token.empty()) return "";
    std::vector<unsigned char> bytes(token.size() * 2);
    randombytes_buf(bytes.data(), token.size());
    for (std::size_t at = 0; at < token.size(); ++at)
        bytes[token.size() + at] = static_cast<unsigned char>(bytes[at] ^ static_cast<unsigned char>(token[at]));
    return base64url(bytes);
}

bool matches(const std::string& sent, const std::string& token) {
    if (token.empty() || sent.empty() || sent.size() > 1000) return false;
    if (same(sent, token)) return true;
    std::vector<unsigned char> bytes(sent.size());
    std::size_t length = 0;
    if (sodium_base642bin(bytes.data(), bytes.size(), sent.data(), sent.size(), nullptr, &length, nullptr,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return false;
    if (length != token.size() * 2) return false;
    std::string unmasked(token.size(), '\0');
    for (std::size_t at = 0; at < token.size(); ++at)
        unmasked[at] = static_cast<char>(bytes[at] ^ bytes[token.size() + at]);
    return same(unmasked, token);
}

std::string random_token() {
    std::vector<unsigned char> bytes(32);
    randombytes_buf(bytes.data(), bytes.size());
    return base64url(bytes);
}

std::string random_request_id() {
    static constexpr char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    std::string id(12, '0');
    for (auto& letter : id) letter = letters[randombytes_uniform(32)];
    return id;
}

} // namespace cunmai::http
