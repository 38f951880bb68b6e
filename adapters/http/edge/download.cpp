#include "adapters/http/edge/download.hpp"

#include "adapters/services/uploads.hpp"

#include <algorithm>

namespace cunmai::http {

namespace {

std::string quoted_name(const std::string& name) { // RFC 6266: ASCII for the old, RFC 5987 for the rest
    std::string plain, encoded;
    constexpr auto hex = "0123456789ABCDEF";
    for (const char byte : name) {
        const auto code = static_cast<unsigned char>(byte);
        const bool word = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                          (byte >= '0' && byte <= '9') || byte == '.' || byte == '-' || byte == '_';
        if (code < 0x80)
            plain += word || byte == ' ' ? byte : '_';
        else if ((code & 0xC0) != 0x80)
            plain += '_';
        if (word)
            encoded += byte;
        else
            (encoded += '%') += {hex[code >> 4], hex[code & 15]};
    }
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
}

} // namespace

void as_download(Response& response, const std::string& media_type, const std::string& name) {
    auto whole = name; // a slash in a title begins no folder
    std::replace_if(
        whole.begin(), whole.end(), [](char byte) { return byte == '/' || byte == '\\'; }, '_');
    response.with("Content-Type", media_type)
        .with("Content-Disposition", quoted_name(safe_name(whole)))
        .with("X-Content-Type-Options", "nosniff")
        .with("Content-Security-Policy", "sandbox; default-src 'none'");
}

} // namespace cunmai::http
