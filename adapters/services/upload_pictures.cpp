#include "adapters/services/upload_pictures.hpp"

#include <cstdint>

namespace cunmai::http::pictures {

namespace {

constexpr std::uint32_t image_side_max = 20'000;
constexpr std::uint64_t image_pixels_max = 210'000'000; // the largest telephones; a browser unpacks 4 bytes for each

std::uint32_t big_endian(std::string_view bytes, std::size_t at, int count) {
    std::uint32_t value = 0;
    for (int next = 0; next < count; ++next)
        value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(next)]);
    return value;
}

bool sane_sides(std::uint32_t width, std::uint32_t height) {
    return width > 0 && height > 0 && width <= image_side_max && height <= image_side_max &&
           std::uint64_t{width} * height <= image_pixels_max;
}

} // namespace

// Chunk by chunk from IHDR to IEND, nothing after it.
bool whole_png(std::string_view bytes) {
    std::size_t at = 8;
    if (bytes.size() < 33 || bytes.substr(12, 4) != "IHDR") return false;
    if (!sane_sides(big_endian(bytes, 16, 4), big_endian(bytes, 20, 4))) return false;
    while (at + 12 <= bytes.size()) {
        const std::size_t length = big_endian(bytes, at, 4);
        if (length > bytes.size() - at - 12) return false;
        const auto type = bytes.substr(at + 4, 4);
        at += 12 + length;
        if (type == "IEND") return at == bytes.size();
    }
    return false;
}

// Where the picture ends: segment by segment, a frame with sane sides, a scan, the first end marker after it. 0 when it
// is not whole. Telephones put films and notes of their own behind that.
std::size_t end_of_jpeg(std::string_view bytes) {
    std::size_t at = 2;
    bool frame = false, scan = false;
    while (at + 2 <= bytes.size()) {
        const auto marker = static_cast<unsigned char>(bytes[at + 1]);
        if (static_cast<unsigned char>(bytes[at]) != 0xFF || marker == 0xFF) {
            if (!scan && marker != 0xFF) return 0;
            ++at;
            continue;
        }
        if (scan && marker == 0xD9) return at + 2;
        if (scan && (marker < 0xC0 || (marker >= 0xD0 && marker <= 0xD7))) { // of the picture's data
            at += 2;
            continue;
        }
        if (at + 4 > bytes.size()) return 0;
        const std::size_t length = big_endian(bytes, at + 2, 2);
        if (length < 2 || at + 2 + length > bytes.size()) return 0;
        const bool is_frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (is_frame) {
            if (length < 8 || !sane_sides(big_endian(bytes, at + 7, 2), big_endian(bytes, at + 5, 2))) return 0;
            frame = true;
        }
        if (marker == 0xDA && !frame) return 0;
        scan = scan || marker == 0xDA;
        at += 2 + length;
    }
    return 0;
}

namespace {

std::uint32_t little_endian(std::string_view bytes, std::size_t at, int count) {
    std::uint32_t value = 0;
    for (int next = count; next-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(next)]);
    return value;
}

// Sides from the first chunk: lossy, lossless or extended. False when it is none of these.
bool sane_webp_frame(std::string_view kind, std::string_view data) {
    std::uint32_t width = 0, height = 0;
    if (kind == "VP8 ") {
        if (data.size() < 10 || data.substr(3, 3) != "\x9D\x01\x2A") return false;
        width = little_endian(data, 6, 2) & 0x3FFF, height = little_endian(data, 8, 2) & 0x3FFF;
    } else if (kind == "VP8L") {
        if (data.size() < 5 || data[0] != '\x2F') return false;
        const auto bits = little_endian(data, 1, 4);
        width = (bits & 0x3FFF) + 1, height = (bits >> 14 & 0x3FFF) + 1;
    } else if (kind == "VP8X") {
        if (data.size() != 10) return false;
        width = little_endian(data, 4, 3) + 1, height = little_endian(data, 7, 3) + 1;
    }
    return sane_sides(width, height);
}

} // namespace

// A RIFF file as long as it says, chunk by chunk to its end, the first of them the frame; extended ones hold a picture.
bool whole_webp(std::string_view bytes) {
    if (bytes.size() < 20 || little_endian(bytes, 4, 4) != bytes.size() - 8) return false;
    std::size_t at = 12;
    bool picture = false;
    while (at + 8 <= bytes.size()) {
        const auto kind = bytes.substr(at, 4);
        const std::size_t length = little_endian(bytes, at + 4, 4);
        if (length > bytes.size() - at - 8) return false;
        if (at == 12 && !sane_webp_frame(kind, bytes.substr(20, length))) return false;
        picture = picture || kind == "VP8 " || kind == "VP8L" || kind == "ANMF";
        at += 8 + length + length % 2;
    }
    return picture && at == bytes.size();
}

} // namespace cunmai::http::pictures
