// Reads the head of an HTTP/1.x request strictly (trust.md §3). Much that Poco would accept is a fault here. Pure.
//
// Every head has one meaning: lines end in CR LF; no NUL or other control character; no folded lines; no space before a
// colon; one Host (of an absolute target its own); Content-Length once, digits only, or chunks alone, their sizes
// plain, without extensions and trailers (Chunks). So there is never a doubt where a request ends.
#pragma once

#include <cstddef>
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
    std::int64_t content_length = 0; // 0 when the field is absent: a request without length has no body. -1: in chunks
    std::vector<std::pair<std::string, std::string>> fields; // names in lower case

    std::string field(std::string_view lower_name) const; // "" when absent; lists of several lines joined by ", "
};

struct Fault {
    int status = 400;
    std::string code; // error.<code>
};

// Follows a chunked body through what comes of it.
class Chunks {
  public:
    enum class State { more, whole, broken };
    // How many of these bytes belong to the body; what stands behind is of the next request.
    std::size_t take(std::string_view bytes);
    State state() const { return state_; }

  private:
    enum class Expects { digit, digit_or_end, line_feed, data, data_end, data_line_feed, last_end, last_line_feed };
    bool take_one(char byte);

    State state_ = State::more;
    Expects expects_ = Expects::digit;
    int digits_ = 0;
    std::uint64_t left_ = 0; // of the present chunk
};

// `block` ends in CR LF CR LF.
std::variant<Head, Fault> read_head(std::string_view block);

// What can be told of a head that is at fault: for whom the answer is.
struct HeardHead {
    std::string path, accept, accept_language, cookie; // empty: not heard
};
HeardHead heard_of(std::string_view part);

// What is already wrong with a head that is still arriving, so that the server need not wait for its end.
std::optional<Fault> fault_so_far(std::string_view part);

} // namespace cunmai::http
