// The head of an HTTP/1.x request, read strictly (trust.md §3): what Poco would let through is a fault here. Pure.
//
// One meaning only: lines end in CR LF; no NUL or other control character; no folded lines; no space before a colon;
// one Host; Content-Length once, digits only; no Transfer-Encoding at all (chunked: 411, unknown: 501). Hence where a
// request ends is never in doubt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cunmai::http {

inline constexpr std::size_t head_bytes_max = 32 * 1024;
inline constexpr std::size_t request_line_bytes_max = 8 * 1024;
inline constexpr std::size_t fields_max = 80;

struct Head {
    std::string method, target;
    bool http11 = true;
    bool keep_alive = true;
    bool expects_continue = false;
    std::int64_t content_length = 0; // 0 when the field is absent: a request without length has no body
    std::vector<std::pair<std::string, std::string>> fields; // names in lower case

    std::string field(std::string_view lower_name) const; // "" when absent; lists of several lines joined by ", "
};

struct Fault {
    int status = 400;
    std::string code; // error.<code>
};

// `block` ends in CR LF CR LF.
std::variant<Head, Fault> read_head(std::string_view block);

// What is wrong with a head that is still arriving, so that nobody waits for its end in vain.
std::optional<Fault> fault_so_far(std::string_view part);

} // namespace cunmai::http
