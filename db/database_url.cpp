#include "db/database_url.hpp"

#include <charconv>
#include <stdexcept>

namespace cunmai::db {

namespace {

[[noreturn]] void refuse(const std::string& why) {
    throw std::invalid_argument("database address: " + why +
                                " (expected sqlite:FILE or mysql://user:password@host[:port]/database)");
}

std::string percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        int byte = 0;
        if (i + 2 >= text.size()) refuse("bad %-escape");
        const auto* digits = text.data() + i + 1;
        if (const auto [end, error] = std::from_chars(digits, digits + 2, byte, 16);
            error != std::errc() || end != digits + 2)
            refuse("bad %-escape");
        decoded += static_cast<char>(byte);
        i += 2;
    }
    return decoded;
}

// SOCI's own quoting.
std::string soci_quoted(std::string_view text) {
    std::string result = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') result += '\\';
        result += c;
    }
    return result + '\'';
}

} // namespace

DatabaseUrl parse_database_url(const std::string& url) {
    DatabaseUrl parsed;
    if (url.starts_with("sqlite:")) {
        parsed.file = url.substr(7);
        if (parsed.file.empty()) refuse("no file is named");
        if (parsed.file == ":memory:") refuse("a database in memory can't be shared by several sessions");
        if (parsed.file.find('"') != std::string::npos) refuse("a quotation mark in the file's name");
        return parsed;
    }
    if (!url.starts_with("mysql://")) refuse("neither sqlite: nor mysql://");
    parsed.dialect = Dialect::mysql;
    const std::string_view rest = std::string_view(url).substr(8);
    const auto slash = rest.rfind('/');
    if (slash == std::string_view::npos || slash + 1 == rest.size()) refuse("no database is named");
    parsed.schema = percent_decoded(rest.substr(slash + 1));
    std::string_view authority = rest.substr(0, slash);
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        const auto user = authority.substr(0, at);
        const auto colon = user.find(':');
        parsed.user = percent_decoded(user.substr(0, colon));
        if (colon != std::string_view::npos) parsed.password = percent_decoded(user.substr(colon + 1));
        authority.remove_prefix(at + 1);
    }
    if (const auto colon = authority.rfind(':'); colon != std::string_view::npos) {
        const auto port = authority.substr(colon + 1);
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), parsed.port);
        if (error != std::errc() || end != port.data() + port.size() || parsed.port < 1 || parsed.port > 65535)
            refuse("bad port");
        authority = authority.substr(0, colon);
    }
    if (authority.empty()) refuse("no host is named");
    parsed.host = std::string(authority);
    return parsed;
}

std::string soci_parameters(const DatabaseUrl& url) {
    if (url.dialect == Dialect::sqlite) return url.file;
    std::string text = "host=" + soci_quoted(url.host) + " port=" + std::to_string(url.port) +
                       " db=" + soci_quoted(url.schema) +
                       " charset=utf8mb4 connect_timeout=5 read_timeout=60 write_timeout=60";
    if (!url.user.empty()) text += " user=" + soci_quoted(url.user);
    if (!url.password.empty()) text += " password=" + soci_quoted(url.password);
    return text;
}

} // namespace cunmai::db
