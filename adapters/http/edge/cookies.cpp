#include "adapters/http/edge/cookies.hpp"
#include "engine/digest.hpp"

#include <sodium.h>

#include <vector>

namespace cunmai::http {

namespace {

constexpr std::string_view prefix = "__Host-";
constexpr const char* attributes = "; Path=/; Secure; HttpOnly; SameSite=Lax";

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

std::string as_plain(std::string set_cookie) {
    constexpr std::string_view secure = "; Secure";
    if (set_cookie.rfind(prefix, 0) == 0) set_cookie.erase(0, prefix.size());
    if (const auto at = set_cookie.find(secure); at != std::string::npos) set_cookie.erase(at, secure.size());
    return set_cookie;
}

std::string from_plain(const std::string& header) {
    std::string result;
    for (std::string_view rest = header; !rest.empty();) {
        const auto end = rest.find(';');
        auto pair = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        while (!pair.empty() && pair.front() == ' ') pair.remove_prefix(1);
        if (!result.empty()) result += "; ";
        if (pair.rfind("cunmai", 0) == 0) result += prefix;
        result += pair;
    }
    return result;
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
    return to_base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
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

std::string random_token() { return to_base64url(random_bytes(32)); }

std::string random_request_id() {
    static constexpr char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    std::string id(12, '0');
    for (auto& letter : id) letter = letters[randombytes_uniform(32)];
    return id;
}

} // namespace cunmai::http
