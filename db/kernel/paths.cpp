#include "db/kernel/paths.hpp"

#include <algorithm>

namespace cunmai::db {

std::vector<std::string> prefixes_of(std::string_view path) {
    if (path.empty()) return {""};
    std::vector<std::string> prefixes;
    for (auto slash = path.find('/', 1); slash != std::string_view::npos; slash = path.find('/', slash + 1))
        prefixes.emplace_back(path.substr(0, slash + 1));
    if (prefixes.empty()) prefixes.emplace_back(path);
    return prefixes;
}

bool SqlText::has(std::string_view name) const {
    return std::any_of(params_.begin(), params_.end(), [&](const auto& param) { return param.name == name; });
}

SqlText& SqlText::add(std::string_view text) {
    if (!text_.empty()) text_ += ' ';
    text_ += text;
    return *this;
}

SqlText& SqlText::add(std::string_view text, Param one) { return add(text).param(std::move(one)); }

SqlText& SqlText::param(Param one) {
    if (!has(one.name)) params_.push_back(std::move(one));
    return *this;
}

SqlText& SqlText::list(std::string_view name, const std::vector<std::string>& values) {
    std::string text = "(";
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string key = std::string(name) + std::to_string(i);
        text += (i ? ", :" : ":") + key;
        param({key, values[i]});
    }
    return add(text + ")");
}

SqlText& SqlText::within(std::string_view column, const std::vector<std::string>& scopes, std::string_view name) {
    if (scopes.empty()) return add("1 = 0");
    std::string text = "(";
    for (std::size_t i = 0; i < scopes.size(); ++i) {
        const std::string from = std::string(name) + "_from" + std::to_string(i);
        const std::string to = std::string(name) + "_to" + std::to_string(i);
        if (i) text += " OR ";
        text.append(column).append(" >= :").append(from).append(" AND ").append(column).append(" < :").append(to);
        params_.emplace_back(from, scopes[i]);
        params_.emplace_back(to, end_of_range(scopes[i]));
    }
    return add(text + ")");
}

std::string like(std::string_view text) {
    std::string pattern = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '!') pattern += '!';
        pattern += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return pattern + '%';
}

} // namespace cunmai::db
