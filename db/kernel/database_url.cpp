#include "db/kernel/database_url.hpp"

#include <cctype>
#include <charconv>
#include <stdexcept>

namespace cunmai::db {

namespace {

[[noreturn]] void refuse(std::string_view code, const std::string& why) {
    throw BadDatabaseUrl(code,
                         "database address: " + why +
                             " (expected sqlite:FILE or mysql://user:password@host[:port][,host[:port]…]/database)");
}

std::string percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        int byte = 0;
        if (i + 2 >= text.size()) refuse("escape", "bad %-escape");
        const auto* digits = text.data() + i + 1;
        if (const auto [end, error] = std::from_chars(digits, digits + 2, byte, 16);
            error != std::errc() || end != digits + 2)
            refuse("escape", "bad %-escape");
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

// name, name:port, [IPv6] or [IPv6]:port
DatabaseUrl::Host parse_host(std::string_view text) {
    DatabaseUrl::Host host;
    const auto bracket = text.starts_with('[') ? text.find(']') : std::string_view::npos;
    if (text.starts_with('[') && bracket == std::string_view::npos) refuse("bracket", "a bracket is not closed");
    const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon != std::string_view::npos) {
        const auto port = text.substr(colon + 1);
        int number = 0;
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
        if (error != std::errc() || end != port.data() + port.size() || number < 1 || number > 65535)
            refuse("port", "bad port");
        host.port = number;
    }
    const auto name = text.substr(0, colon);
    host.name = bracket == std::string_view::npos ? name : name.substr(1, name.size() - 2);
    if (host.name.empty()) refuse("no_host", "no host is named");
    for (const char c : host.name)
        if (!std::isalnum(static_cast<unsigned char>(c)) && std::string_view(".-_:%").find(c) == std::string_view::npos)
            refuse("host", "bad host name");
    return host;
}

// The client library takes the name `localhost`, spelt just so, for its Unix socket and ignores the port. Another
// spelling goes to the resolver, which knows no capitals, and from there to each of its addresses at that port.
std::string reached_by(const DatabaseUrl::Host& host) {
    return host.name == "localhost" && host.port ? "LOCALHOST" : host.name;
}

void parse_options(std::string_view text, DatabaseUrl& parsed) {
    if (text == "reads=any")
        parsed.reads_any = true;
    else if (text != "reads=writer")
        refuse("option", "after the question mark only reads=any or reads=writer is known");
}

} // namespace

DatabaseUrl parse_database_url(const std::string& url) {
    DatabaseUrl parsed;
    if (url.starts_with("sqlite:")) {
        parsed.file = url.substr(7);
        if (parsed.file.empty()) refuse("no_file", "no file is named");
        if (parsed.file == ":memory:") refuse("memory", "a database in memory can't be shared by several sessions");
        if (parsed.file.find('"') != std::string::npos) refuse("quotation_mark", "a quotation mark in the file's name");
        return parsed;
    }
    if (!url.starts_with("mysql://")) refuse("kind", "neither sqlite: nor mysql://");
    parsed.dialect = Dialect::mysql;
    const std::string_view rest = std::string_view(url).substr(8);
    const auto slash = rest.rfind('/');
    if (slash == std::string_view::npos) refuse("no_database", "no database is named");
    std::string_view schema = rest.substr(slash + 1);
    if (const auto mark = schema.find('?'); mark != std::string_view::npos) {
        parse_options(schema.substr(mark + 1), parsed);
        schema = schema.substr(0, mark);
    }
    if (schema.empty()) refuse("no_database", "no database is named");
    parsed.schema = percent_decoded(schema);
    std::string_view authority = rest.substr(0, slash);
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        const auto user = authority.substr(0, at);
        const auto colon = user.find(':');
        parsed.user = percent_decoded(user.substr(0, colon));
        if (colon != std::string_view::npos) parsed.password = percent_decoded(user.substr(colon + 1));
        authority.remove_prefix(at + 1);
    }
    for (const auto* text : {&parsed.user, &parsed.password, &parsed.schema})
        if (text->find('\n') != std::string::npos) refuse("line_break", "a line break"); // soci_parameters makes lines
    for (;;) {
        const auto comma = authority.find(',');
        parsed.hosts.push_back(parse_host(authority.substr(0, comma)));
        if (comma == std::string_view::npos) break;
        authority.remove_prefix(comma + 1);
    }
    return parsed;
}

std::string soci_parameters(const DatabaseUrl& url) {
    if (url.dialect == Dialect::sqlite) return url.file;
    std::string account = " db=" + soci_quoted(url.schema) + " charset=utf8mb4";
    if (!url.user.empty()) account += " user=" + soci_quoted(url.user);
    if (!url.password.empty()) account += " password=" + soci_quoted(url.password);
    std::string lines;
    for (const auto& host : url.hosts) {
        if (!lines.empty()) lines += '\n';
        lines +=
            "host=" + soci_quoted(reached_by(host)) + " port=" + std::to_string(host.port.value_or(3306)) + account;
    }
    return lines;
}

} // namespace cunmai::db
