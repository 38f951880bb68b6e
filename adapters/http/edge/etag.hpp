// ETags as clients send them back: weak ones, several at once, and as proxies rewrite them when they compress ("7"
// becomes W/"7" or "7-gzip"). Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace cunmai::http {

// If-Match of a command: one version or several, none of them *.
inline constexpr std::string_view version_pattern =
    R"(^(W/)?"[0-9]{1,18}([-;](gzip|br|zstd))?"( ?, ?(W/)?"[0-9]{1,18}([-;](gzip|br|zstd))?"){0,9}$)";

// Of several the newest: versions only grow, so that an older one is the present one only if nobody has seen the newer.
// REQUIRES: the pattern.
std::int64_t newest_version(std::string_view if_match);

// Whether If-None-Match names this tag, given without its quotation marks, or any.
bool names_tag(std::string_view if_none_match, std::string_view tag);

} // namespace cunmai::http
