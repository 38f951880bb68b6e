#include "adapters/services/uploads.hpp"

#include "engine/text.hpp"

#include <Poco/Exception.h>
#include <Poco/Zip/ZipArchive.h>
#include <Poco/Zip/ZipStream.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <set>

namespace cunmai::http {

namespace {

constexpr std::int64_t unpacked_bytes_max = 200LL << 20;
constexpr std::int64_t unpacked_ratio_max = 100;
constexpr std::size_t name_length_max = 120; // characters
constexpr std::uint32_t image_side_max = 20'000;
constexpr std::uint64_t image_pixels_max = 210'000'000; // the largest telephones; a browser unpacks 4 bytes for each

struct Kind {
    std::string_view media_type;
    std::vector<std::string_view> extensions;
};

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> all{
        {"application/pdf", {"pdf"}},
        {"image/jpeg", {"jpg", "jpeg"}},
        {"image/png", {"png"}},
        {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", {"docx"}},
        {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", {"xlsx"}},
        {"application/x-ole-storage", {"doc", "xls", "wps", "et"}},
        {"text/plain", {"txt"}},
        {"text/csv", {"csv"}},
        {"image/webp", {"webp"}},
    };
    return all;
}

std::string extension_of(const std::string& name) {
    const auto dot = name.rfind('.');
    if (dot == std::string::npos) return "";
    auto extension = name.substr(dot + 1);
    std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char byte) {
        return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : static_cast<char>(byte);
    });
    return extension;
}

} // namespace

// Windows and Unix paths are cut off; control and path characters are replaced; too long a name is shortened.
std::string safe_name(const std::string& client_name) {
    if (!is_utf8(client_name)) return "";
    const auto slash = client_name.find_last_of("/\\");
    auto name = without_hidden(slash == std::string::npos ? client_name : client_name.substr(slash + 1));
    for (auto& byte : name)
        if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f ||
            std::string_view("\"<>|:*?%;").find(byte) != std::string_view::npos)
            byte = '_';
    while (!name.empty() && (name.front() == '.' || name.front() == ' ')) name.erase(0, 1);
    const auto extension = extension_of(name);
    const auto stem_end = extension.empty() ? name.size() : name.size() - extension.size() - 1;
    std::size_t characters = 0, cut = 0;
    for (; cut < stem_end; ++cut)
        if ((name[cut] & 0xC0) != 0x80 && ++characters > name_length_max - 10) break;
    return name.substr(0, cut) + name.substr(stem_end);
}

namespace {

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

enum class Office { not_zip, damaged, word, sheet };

// Unpacked for counting and thrown away: what a header says of its size need not be so. False above `bytes_max`.
bool unpacks_within(std::istream& file, const Poco::Zip::ZipArchive& archive, std::int64_t bytes_max) {
    std::array<char, 64 * 1024> buffer;
    for (auto entry = archive.headerBegin(); entry != archive.headerEnd(); ++entry) {
        if (entry->second.isDirectory()) continue;
        file.clear();
        Poco::Zip::ZipInputStream content(file, entry->second);
        while (content.read(buffer.data(), buffer.size()), content.gcount() > 0)
            if ((bytes_max -= content.gcount()) < 0) return false;
    }
    return true;
}

// Every entry of the directory, and there are as many as the end of the file says, is one that was met on the way
// through the file, and no two share their bytes.
bool directory_is_true(const Poco::Zip::ZipArchive& archive, std::size_t listed) {
    std::set<std::uint64_t> places;
    for (auto entry = archive.fileInfoBegin(); entry != archive.fileInfoEnd(); ++entry) {
        const bool met = archive.findHeader(entry->first) != archive.headerEnd();
        if (!met || !places.insert(entry->second.getOffset()).second) return false;
    }
    return places.size() == listed;
}

Office office_kind(std::istream& file, std::int64_t packed_size, std::size_t listed) {
    try {
        const Poco::Zip::ZipArchive archive(file);
        bool word = false, sheet = false, types = false;
        for (auto entry = archive.headerBegin(); entry != archive.headerEnd(); ++entry) {
            types = types || entry->first == "[Content_Types].xml";
            word = word || entry->first.rfind("word/", 0) == 0;
            sheet = sheet || entry->first.rfind("xl/", 0) == 0;
        }
        if (!types || word == sheet) return Office::not_zip;
        const auto bytes_max = std::min(unpacked_bytes_max, packed_size * unpacked_ratio_max);
        if (!directory_is_true(archive, listed) || !unpacks_within(file, archive, bytes_max)) return Office::damaged;
        return word ? Office::word : Office::sheet;
    } catch (const Poco::Exception&) { return Office::damaged; }
}

bool plain_text(std::string_view bytes) {
    return is_utf8(bytes) && std::none_of(bytes.begin(), bytes.end(), [](char byte) {
               return static_cast<unsigned char>(byte) < 0x20 && byte != '\n' && byte != '\r' && byte != '\t';
           });
}

// The type that the bytes speak of, "" when none of ours; sets `damaged` for one of ours that is not whole, and makes
// `size` less when only the beginning is to be kept.
std::string type_of(const std::string& file, const std::string& extension, bool& damaged, std::int64_t& size) {
    std::ifstream in(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const auto starts = [&](std::string_view magic) {
        return std::string_view(bytes).substr(0, magic.size()) == magic;
    };
    if (starts("%PDF-")) {
        damaged = bytes.find("%%EOF", bytes.size() > 2048 ? bytes.size() - 2048 : 0) == std::string::npos;
        return "application/pdf";
    }
    if (starts("\x89PNG\r\n\x1a\n")) {
        damaged = !whole_png(bytes);
        return "image/png";
    }
    if (starts("\xFF\xD8\xFF")) {
        const auto end = end_of_jpeg(bytes);
        damaged = end == 0;
        if (!damaged) size = static_cast<std::int64_t>(end);
        return "image/jpeg";
    }
    if (starts("RIFF") && bytes.size() >= 12 && bytes.compare(8, 4, "WEBP") == 0) {
        damaged = !whole_webp(bytes);
        return "image/webp";
    }
    if (starts("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) return "application/x-ole-storage";
    if (starts("PK\x03\x04")) {
        // The directory stands at the end: a file that was cut has none.
        const auto directory = bytes.rfind("PK\x05\x06");
        if (directory == std::string::npos || bytes.size() - directory > 66'000 || bytes.size() - directory < 22) {
            damaged = true;
            return std::string(kinds()[extension == "xlsx" ? 4 : 3].media_type);
        }
        std::ifstream again(file, std::ios::binary);
        switch (office_kind(again, static_cast<std::int64_t>(bytes.size()), little_endian(bytes, directory + 10, 2))) {
        case Office::word: return std::string(kinds()[3].media_type);
        case Office::sheet: return std::string(kinds()[4].media_type);
        case Office::damaged: damaged = true; return std::string(kinds()[extension == "xlsx" ? 4 : 3].media_type);
        case Office::not_zip: return "";
        }
    }
    if (plain_text(bytes)) return extension == "csv" ? "text/csv" : "text/plain";
    return "";
}

// What an iPhone makes of a photo unless it is told otherwise.
bool is_heic(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::array<char, 12> head{};
    in.read(head.data(), head.size());
    const std::string_view brand(head.data() + 4, 8);
    for (const auto* known : {"ftypheic", "ftypheix", "ftypheim", "ftyphevc", "ftypmif1", "ftypmsf1"})
        if (brand == known) return true;
    return false;
}

} // namespace

CheckedUpload check_upload(const std::string& file, const std::string& client_name, std::int64_t size_max) {
    CheckedUpload checked;
    std::error_code error;
    const auto size = static_cast<std::int64_t>(std::filesystem::file_size(file, error));
    checked.name = safe_name(client_name);
    if (error || size == 0) {
        checked.refusal.add("upload_empty", {{"name", checked.name}});
        return checked;
    }
    if (size > size_max) {
        checked.refusal.add("upload_too_large", {{"name", checked.name}, {"max_mb", size_max >> 20}});
        return checked;
    }
    const auto extension = extension_of(checked.name);
    if (checked.name.empty() || extension.empty()) {
        checked.refusal.add("upload_name", {{"name", checked.name}});
        return checked;
    }
    if (is_heic(file)) {
        checked.refusal.add("upload_heic", {{"name", checked.name}});
        return checked;
    }
    bool damaged = false;
    checked.size = size;
    checked.media_type = type_of(file, extension, damaged, checked.size);
    const auto has_extension = [&](const Kind& one) {
        return std::find(one.extensions.begin(), one.extensions.end(), extension) != one.extensions.end();
    };
    const auto kind = std::find_if(kinds().begin(), kinds().end(),
                                   [&](const Kind& one) { return one.media_type == checked.media_type; });
    if (kind == kinds().end() || std::none_of(kinds().begin(), kinds().end(), has_extension))
        checked.refusal.add("upload_type_unknown", {{"name", checked.name}, {"allowed", accepted_extensions()}});
    else if (!has_extension(*kind))
        checked.refusal.add("upload_type_mismatch", {{"name", checked.name}, {"type", checked.media_type}});
    else if (damaged)
        checked.refusal.add("upload_damaged", {{"name", checked.name}});
    return checked;
}

StoredUpload store_upload(App& app, const engine::PersonId& by, const std::string& file,
                          const std::string& client_name) {
    StoredUpload stored;
    const auto checked = check_upload(file, client_name, app.config.upload_max_bytes);
    stored.refusal = checked.refusal;
    if (!stored.refusal.empty()) return stored;
    stored.info = keep_upload(app, by, file, checked);
    return stored;
}

db::DocumentInfo keep_upload(App& app, const engine::PersonId& by, const std::string& file,
                             const CheckedUpload& checked) {
    std::filesystem::resize_file(file, static_cast<std::uintmax_t>(checked.size));
    std::ifstream content(file, std::ios::binary);
    return app.documents.add(content, checked.name, checked.media_type, by, app.clock.now(), checked.size);
}

bool is_image(std::string_view media_type) {
    return media_type == "image/png" || media_type == "image/jpeg" || media_type == "image/webp";
}

std::string accepted_extensions() {
    std::string list;
    for (const auto& kind : kinds())
        for (const auto extension : kind.extensions) list += (list.empty() ? "." : ",.") + std::string(extension);
    return list;
}

} // namespace cunmai::http
