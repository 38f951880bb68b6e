#include "adapters/http/edge/router.hpp"

#include "adapters/http/edge/input.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace cunmai::http {

namespace {

std::vector<std::string> split(std::string_view path) {
    std::vector<std::string> segments;
    while (!path.empty()) {
        path.remove_prefix(1); // the slash
        const auto end = path.find('/');
        segments.emplace_back(path.substr(0, end));
        path = end == std::string_view::npos ? std::string_view{} : path.substr(end);
    }
    return segments;
}

bool is_parameter(const std::string& segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

// How a pattern compares with others of the same path: the one with the earlier literal is the closer.
std::string closeness(const std::vector<std::string>& pattern) {
    std::string key;
    for (const auto& segment : pattern) key += is_parameter(segment) ? '0' : '1';
    return key;
}

} // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
    std::set<std::string> seen;
    for (const auto& route : routes_) {
        segments_.push_back(split(route.pattern));
        auto meaning = route.method;
        for (const auto& segment : segments_.back()) meaning += "/" + (is_parameter(segment) ? "{}" : segment);
        if (!seen.insert(meaning).second) throw std::logic_error("two routes mean " + meaning);
    }
}

Router::Match Router::find(const std::string& method, std::string_view path) const {
    std::vector<std::string> wanted;
    for (const auto& segment : split(path)) wanted.push_back(read_path_segment(segment));
    const std::string sought = method == "HEAD" ? "GET" : method;
    Match match;
    std::string best;
    std::set<std::string> methods;
    for (std::size_t index = 0; index < routes_.size(); ++index) {
        const auto& pattern = segments_[index];
        const bool fits =
            pattern.size() == wanted.size() &&
            std::equal(pattern.begin(), pattern.end(), wanted.begin(), [](const auto& one, const auto& other) {
                return is_parameter(one) ? !other.empty() : one == other;
            });
        if (!fits) continue;
        methods.insert(routes_[index].method);
        if (routes_[index].method != sought || (match.route && closeness(pattern) <= best)) continue;
        best = closeness(pattern);
        match.route = &routes_[index];
        match.params.clear();
        for (std::size_t at = 0; at < pattern.size(); ++at)
            if (is_parameter(pattern[at])) match.params[pattern[at].substr(1, pattern[at].size() - 2)] = wanted[at];
    }
    if (match.route) return match;
    if (methods.count("GET")) methods.insert("HEAD");
    match.allowed.assign(methods.begin(), methods.end());
    return match;
}

} // namespace cunmai::http
