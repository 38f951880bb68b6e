#include "adapters/http/wire/framing.hpp"
#include "engine/text.hpp"

#include <algorithm>
#include <array>

namespace cunmai::http {

namespace {

bool is_token_byte(char byte) {
    const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    return letter || (byte >= '0' && byte <= '9') ||
           (byte != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(byte) != std::string_view::npos);
}

bool is_token(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_token_byte); }

// Optional white space of RFC 9110, §5.6.3.
std::string_view without_space_around(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool is_visible(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char byte) { return byte > 0x20 && byte < 0x7f; });
}

bool is_host(std::string_view host) {
    return !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char byte) {
        return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
               std::string_view("-._:[]").find(byte) != std::string_view::npos;
    });
}

// Fields that must not appear twice, because it would be unclear which one counts.
constexpr std::array single_fields{"host",   "content-length", "content-type", "authorization",    "cookie",
                                   "origin", "referer",        "if-match",     "idempotency-key",  "x-csrf-token",
                                   "expect", "if-none-match",  "range",        "transfer-encoding"};

// "http://host/path": proxies ask so. What it says of the host counts, not the field Host (RFC 9112, 3.2.2).
// Takes the address off the target; false when it is none.
bool take_address(std::string_view& target, std::string& host) {
    const auto scheme = target.find("://");
    const auto name = lower_ascii(target.substr(0, scheme));
    if (scheme == std::string_view::npos || (name != "http" && name != "https")) return false;
    target.remove_prefix(scheme + 3);
    const auto end = std::min(target.find_first_of("/?"), target.size());
    host = target.substr(0, end);
    target.remove_prefix(end);
    return is_host(host);
}

std::optional<Fault> read_request_line(std::string_view line, Head& head, std::string& host) {
    if (line.size() > request_line_bytes_max) return Fault{414, "target_too_long"};
    const auto first = line.find(' '), last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return Fault{400, "bad_request_line"};
    auto target = line.substr(first + 1, last - first - 1);
    const auto version = line.substr(last + 1);
    if (!is_token(line.substr(0, first)) || first > 32) return Fault{400, "bad_request_line"};
    std::string rooted; // of "http://host?x" the path is missing
    if (!target.empty() && target.front() != '/') {
        if (!take_address(target, host)) return Fault{400, "bad_request_line"};
        if (target.empty() || target.front() == '?') target = rooted = "/" + std::string(target);
    }
    if (target.empty() || target.front() != '/' || !is_visible(target) || target.find('#') != std::string_view::npos)
        return Fault{400, "bad_request_line"};
    if (version != "HTTP/1.1" && version != "HTTP/1.0") return Fault{400, "http_version"};
    head.method = line.substr(0, first);
    head.target = target;
    head.http11 = version == "HTTP/1.1";
    return std::nullopt;
}

std::optional<Fault> read_field(std::string_view line, Head& head) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return Fault{400, "bad_header"};
    const auto value = without_space_around(line.substr(colon + 1));
    if (colon > 200 || value.size() > 8000 || head.fields.size() >= fields_max) return Fault{431, "header_too_large"};
    auto name = lower_ascii(line.substr(0, colon));
    const bool single = std::find(single_fields.begin(), single_fields.end(), name) != single_fields.end();
    if (single &&
        std::any_of(head.fields.begin(), head.fields.end(), [&](const auto& field) { return field.first == name; }))
        return Fault{400, "header_twice"};
    head.fields.emplace_back(std::move(name), value);
    return std::nullopt;
}

std::optional<Fault> settle(Head& head, const std::string& named_host) {
    const auto host = head.field("host");
    if (host.empty() ? head.http11 : !is_host(host)) return Fault{400, "bad_host"};
    if (!named_host.empty())
        for (auto& [name, value] : head.fields)
            if (name == "host") value = named_host;

    const auto length = head.field("content-length"), coding = lower_ascii(head.field("transfer-encoding"));
    const auto present = [&](std::string_view name) {
        return std::any_of(head.fields.begin(), head.fields.end(),
                           [&](const auto& field) { return field.first == name; });
    };
    if (present("transfer-encoding")) {
        if (present("content-length") || !head.http11) return Fault{400, "bad_framing"};
        if (coding != "chunked") return Fault{501, "transfer_encoding"};
        head.content_length = -1;
    }
    if (present("content-length")) {
        const bool digits =
            !length.empty() && length.size() <= 15 && length.find_first_not_of("0123456789") == std::string::npos;
        if (!digits) return Fault{400, "bad_content_length"};
        head.content_length = std::stoll(length);
    }
    if (const auto expect = lower_ascii(head.field("expect")); !expect.empty()) {
        if (expect != "100-continue") return Fault{417, "expectation"};
        head.expects_continue = head.http11;
    }
    const auto connection = lower_ascii(head.field("connection"));
    head.keep_alive = head.http11 && connection.find("close") == std::string::npos;
    if (present("upgrade") && connection.find("upgrade") != std::string::npos) head.keep_alive = false; // refused
    return std::nullopt;
}

} // namespace

std::string Head::field(std::string_view lower_name) const {
    std::string joined;
    bool found = false;
    for (const auto& [name, value] : fields) {
        if (name != lower_name) continue;
        joined += (found ? ", " : "") + value;
        found = true;
    }
    return joined;
}

bool Chunks::take_one(char byte) { // false: no chunk goes on so
    constexpr int digits_max = 8;
    const int digit = byte >= '0' && byte <= '9'   ? byte - '0'
                      : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
                      : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
                                                   : -1;
    const auto then = [&](char wanted, Expects next) {
        expects_ = next;
        return byte == wanted;
    };
    switch (expects_) {
    case Expects::digit_or_end:
        if (byte == '\r') return then('\r', Expects::line_feed);
        [[fallthrough]];
    case Expects::digit:
        left_ = left_ * 16 + static_cast<std::uint64_t>(std::max(digit, 0));
        expects_ = Expects::digit_or_end;
        return digit >= 0 && ++digits_ <= digits_max;
    case Expects::line_feed: return then('\n', left_ > 0 ? Expects::data : Expects::last_end);
    case Expects::data:
        if (--left_ == 0) expects_ = Expects::data_end;
        return true;
    case Expects::data_end: return then('\r', Expects::data_line_feed);
    case Expects::data_line_feed: digits_ = 0; return then('\n', Expects::digit);
    case Expects::last_end: return then('\r', Expects::last_line_feed);
    case Expects::last_line_feed: state_ = State::whole; return byte == '\n';
    }
    return false;
}

std::size_t Chunks::take(std::string_view bytes) {
    std::size_t taken = 0;
    while (taken < bytes.size() && state_ == State::more) {
        if (expects_ == Expects::data && left_ > 1) { // all of it but the last byte at once
            const auto some = static_cast<std::size_t>(std::min<std::uint64_t>(left_ - 1, bytes.size() - taken));
            left_ -= some;
            taken += some;
        } else {
            if (!take_one(bytes[taken])) state_ = State::broken;
            ++taken;
        }
    }
    return taken;
}

std::optional<Fault> fault_so_far(std::string_view part) {
    for (std::size_t at = 0; at < part.size(); ++at) {
        const auto byte = static_cast<unsigned char>(part[at]);
        if (byte == '\n'   ? at == 0 || part[at - 1] != '\r'
            : byte == '\r' ? at + 1 < part.size() && part[at + 1] != '\n'
                           : false)
            return Fault{400, "bare_line_break"};
        if ((byte < 0x20 && byte != '\r' && byte != '\n' && byte != '\t') || byte == 0x7f)
            return Fault{400, "bad_header"};
    }
    if (!part.empty() && !is_token_byte(part.front())) return Fault{400, "bad_request_line"};
    return std::nullopt;
}

HeardHead heard_of(std::string_view part) {
    constexpr std::size_t worth_reading = 2000; // of a field
    HeardHead heard;
    auto line = part.substr(0, part.find("\r\n"));
    const auto target = line.find(' ');
    if (target != std::string_view::npos) {
        heard.path = line.substr(target + 1);
        heard.path.erase(std::min(heard.path.find_first_of(" ?"), heard.path.size()));
    }
    while (line.size() < part.size()) {
        part.remove_prefix(std::min(line.size() + 2, part.size()));
        line = part.substr(0, part.find("\r\n"));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const auto name = lower_ascii(line.substr(0, colon));
        const auto value = trimmed(line.substr(colon + 1)).substr(0, worth_reading);
        if (name == "accept") heard.accept = value;
        if (name == "accept-language") heard.accept_language = value;
        if (name == "cookie") heard.cookie = value;
    }
    return heard;
}

std::variant<Head, Fault> read_head(std::string_view block) {
    if (auto fault = fault_so_far(block)) return *fault;
    Head head;
    std::string named_host; // by the target
    bool first = true;
    while (block != "\r\n") {
        const auto end = block.find("\r\n");
        if (end == std::string_view::npos) return Fault{400, "bad_header"};
        const auto line = block.substr(0, end);
        if (const auto fault = first ? read_request_line(line, head, named_host) : read_field(line, head))
            return *fault;
        first = false;
        block.remove_prefix(end + 2);
    }
    if (first) return Fault{400, "bad_request_line"};
    if (const auto fault = settle(head, named_host)) return *fault;
    return head;
}

} // namespace cunmai::http
