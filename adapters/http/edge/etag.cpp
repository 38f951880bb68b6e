#include "adapters/http/edge/etag.hpp"

#include <algorithm>
#include <charconv>

namespace cunmai::http {

namespace {

// Takes the next tag off the list, without its marks and what a proxy added; false when there is none.
bool take_tag(std::string_view& list, std::string_view& tag) {
    const auto open = list.find('"');
    if (open == std::string_view::npos) return false;
    const auto close = list.find('"', open + 1);
    if (close == std::string_view::npos) return false;
    tag = list.substr(open + 1, close - open - 1);
    list.remove_prefix(close + 1);
    for (const std::string_view coding : {"gzip", "br", "zstd"})
        if (tag.size() > coding.size() && tag.ends_with(coding) &&
            std::string_view("-;").find(tag[tag.size() - coding.size() - 1]) != std::string_view::npos)
            tag.remove_suffix(coding.size() + 1);
    return true;
}

} // namespace

std::int64_t newest_version(std::string_view if_match) {
    std::int64_t newest = 0;
    for (std::string_view tag; take_tag(if_match, tag);) {
        std::int64_t version = 0;
        std::from_chars(tag.data(), tag.data() + tag.size(), version);
        newest = std::max(newest, version);
    }
    return newest;
}

bool names_tag(std::string_view if_none_match, std::string_view wanted) {
    if (if_none_match == "*") return true;
    for (std::string_view tag; take_tag(if_none_match, tag);)
        if (tag == wanted) return true;
    return false;
}

} // namespace cunmai::http
