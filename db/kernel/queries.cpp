#include "db/kernel/queries.hpp"

#include "cmake/embedded.hpp"

#include <map>
#include <sstream>
#include <stdexcept>

namespace cunmai::db {

namespace {

using Sections = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view name_mark = "-- name: ";

void read_file(std::string_view prefix, std::string_view text, Sections& sections) {
    std::istringstream lines{std::string(text)};
    std::string* section = nullptr;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(name_mark)) {
            section = &sections[std::string(prefix) + line.substr(name_mark.size())];
            continue;
        }
        if (const auto comment = line.find("--"); comment != std::string::npos) line.erase(comment);
        if (line.find_first_not_of(" \t") == std::string::npos) continue;
        if (!section) throw std::logic_error("a statement before the first name in " + std::string(prefix));
        if (!section->empty()) *section += '\n';
        *section += line;
    }
}

std::string expand(const Sections& sections, std::string text, int depth = 0) {
    if (depth > 8) throw std::logic_error("statements that contain each other: " + text);
    for (auto open = text.find("{{"); open != std::string::npos; open = text.find("{{", open)) {
        const auto close = text.find("}}", open);
        const auto found = sections.find(text.substr(open + 2, close - open - 2));
        if (close == std::string::npos || found == sections.end()) throw std::logic_error("no such part in: " + text);
        text.replace(open, close + 2 - open, expand(sections, found->second, depth + 1));
    }
    return text;
}

Sections load(Dialect dialect) {
    const std::string own = dialect == Dialect::sqlite ? "sqlite.sql" : "mysql.sql";
    Sections sections;
    for (const auto& [path, text] : embedded::queries())
        if (path == own)
            read_file("", text, sections);
        else if (path != "sqlite.sql" && path != "mysql.sql")
            read_file(std::string(path.substr(0, path.size() - 4)) + '.', text, sections);
    Sections expanded;
    for (const auto& [name, text] : sections) expanded.emplace(name, expand(sections, text));
    return expanded;
}

} // namespace

const std::string& query(Dialect dialect, std::string_view name) {
    static const Sections sqlite = load(Dialect::sqlite);
    static const Sections mysql = load(Dialect::mysql);
    const auto& sections = dialect == Dialect::sqlite ? sqlite : mysql;
    const auto found = sections.find(name);
    if (found == sections.end()) throw std::logic_error("no statement is named " + std::string(name));
    return found->second;
}

} // namespace cunmai::db
