#include "adapters/http/wire/framing.hpp"

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

std::string lower(std::string_view text) {
    std::string result(text);
    for (auto& byte : result)
        if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte + 32);
    return result;
}

std::string_view trimmed(std::string_view text) {
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

// Fields of which a second one would leave open which is meant.
constexpr std::array single_fields{"host",   "content-length", "content-type", "authorization",    "cookie",
                                   "origin", "referer",        "if-match",     "idempotency-key",  "x-csrf-token",
                                   "expect", "if-none-match",  "range",        "transfer-encoding"};

std::optional<Fault> read_request_line(std::string_view line, Head& head) {
    if (line.size() > request_line_bytes_max) return Fault{414, "target_too_long"};
    const auto first = line.find(' '), last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return Fault{400, "bad_request_line"};
    const auto target = line.substr(first + 1, last - first - 1), version = line.substr(last + 1);
    if (!is_token(line.substr(0, first)) || first > 32) return Fault{400, "bad_request_line"};
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
    const auto value = trimmed(line.substr(colon + 1));
    if (colon > 200 || value.size() > 8000 || head.fields.size() >= fields_max) return Fault{431, "header_too_large"};
    auto name = lower(line.substr(0, colon));
    const bool single = std::find(single_fields.begin(), single_fields.end(), name) != single_fields.end();
    if (single &&
        std::any_of(head.fields.begin(), head.fields.end(), [&](const auto& field) { return field.first == name; }))
        return Fault{400, "header_twice"};
    head.fields.emplace_back(std::move(name), value);
    return std::nullopt;
}

std::optional<Fault> settle(Head& head) {
    const auto host = head.field("host");
    if (host.empty() ? head.http11 : !is_host(host)) return Fault{400, "bad_host"};

    const auto length = head.field("content-length"), coding = lower(head.field("transfer-encoding"));
    const auto present = [&](std::string_view name) {
        return std::any_of(head.fields.begin(), head.fields.end(),
                           [&](const auto& field) { return field.first == name; });
    };
    if (present("transfer-encoding")) {
        if (present("content-length") || !head.http11) return Fault{400, "bad_framing"};
        return coding == "chunked" ? Fault{411, "length_required"} : Fault{501, "transfer_encoding"};
    }
    if (present("content-length")) {
        const bool digits =
            !length.empty() && length.size() <= 15 && length.find_first_not_of("0123456789") == std::string::npos;
        if (!digits) return Fault{400, "bad_content_length"};
        head.content_length = std::stoll(length);
    }
    if (const auto expect = lower(head.field("expect")); !expect.empty()) {
        if (expect != "100-continue") return Fault{417, "expectation"};
        head.expects_continue = head.http11;
    }
    const auto connection = lower(head.field("connection"));
    head.keep_alive = head.http11 && connection.find("close") == std::string::npos;
    if (present("upgrade") && connection.find("upgrade") != std::string::npos) head.keep_alive = false; // not offered
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

std::variant<Head, Fault> read_head(std::string_view block) {
    if (auto fault = fault_so_far(block)) return *fault;
    Head head;
    bool first = true;
    while (block != "\r\n") {
        const auto end = block.find("\r\n");
        if (end == std::string_view::npos) return Fault{400, "bad_header"};
        const auto line = block.substr(0, end);
        if (const auto fault = first ? read_request_line(line, head) : read_field(line, head)) return *fault;
        first = false;
        block.remove_prefix(end + 2);
    }
    if (first) return Fault{400, "bad_request_line"};
    if (const auto fault = settle(head)) return *fault;
    return head;
}

} // namespace cunmai::http
