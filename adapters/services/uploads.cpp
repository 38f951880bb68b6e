#include "adapters/services/uploads.hpp"

#include "adapters/services/upload_office.hpp"
#include "adapters/services/upload_pdf.hpp"
#include "adapters/services/upload_pictures.hpp"
#include "adapters/services/upload_text.hpp"
#include "adapters/services/virus_scanner.hpp"
#include "adapters/telemetry/log.hpp"
#include "engine/text.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

namespace cunmai::http {

namespace {

constexpr std::size_t name_length_max = 120; // characters
constexpr std::int64_t day_seconds = 24 * 60 * 60;

constexpr std::string_view pdf_type = "application/pdf", ofd_type = "application/ofd",
                           word_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                           sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                           old_office_type = "application/x-ole-storage";

struct Kind {
    std::string_view media_type;
    std::vector<std::string_view> extensions;
};

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> all{
        {pdf_type, {"pdf"}},    {"image/jpeg", {"jpg", "jpeg", "jfif", "jpe"}},
        {"image/png", {"png"}}, {word_type, {"docx"}},
        {sheet_type, {"xlsx"}}, {old_office_type, {"doc", "xls", "wps", "et"}},
        {ofd_type, {"ofd"}},    {"text/plain", {"txt"}},
        {"text/csv", {"csv"}},  {"image/webp", {"webp"}},
    };
    return all;
}

// The kind that a name's ending speaks of, or none.
const Kind* kind_named(std::string_view extension) {
    for (const auto& kind : kinds())
        if (std::find(kind.extensions.begin(), kind.extensions.end(), extension) != kind.extensions.end()) return &kind;
    return nullptr;
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
    return first_characters(name.substr(0, stem_end), name_length_max - 10) + name.substr(stem_end);
}

namespace {

// What the bytes are, and what stands against them.
struct Content {
    std::string_view media_type; // of kinds(); empty: none of ours
    std::string charset{};       // of text
    std::string fault{};         // upload_<fault> is the reason; empty: none
    std::string part{};          // that it is about
};

bool is_program(std::string_view bytes) {
    return bytes.starts_with("MZ") ||
           bytes.starts_with("\x7F"
                             "ELF") ||
           bytes.starts_with("#!");
}

Content office_content(const office::Found& found, const std::string& extension) {
    using office::Kind;
    const auto type = [&]() -> std::string_view {
        switch (found.kind) {
        case Kind::word: return word_type;
        case Kind::sheet: return sheet_type;
        case Kind::ofd: return ofd_type;
        case Kind::old_word:
        case Kind::old_sheet:
        case Kind::old_other: return old_office_type;
        case Kind::none: break;
        }
        if (found.fault.empty()) return "";
        return extension == "xlsx" ? sheet_type : extension == "ofd" ? ofd_type : word_type; // it can't be told
    };
    return {.media_type = type(), .fault = found.fault, .part = found.part};
}

// Makes `size` less when only the beginning is to be kept.
Content content_of(const std::string& file, const std::string& extension, std::int64_t& size) {
    std::ifstream in(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const auto starts = [&](std::string_view magic) { return bytes.starts_with(magic); };
    const auto whole_or_damaged = [](bool whole) { return std::string(whole ? "" : "damaged"); };
    if (starts("\x89PNG\r\n\x1a\n"))
        return {.media_type = "image/png", .fault = whole_or_damaged(pictures::whole_png(bytes))};
    if (starts("\xFF\xD8\xFF")) {
        const auto end = pictures::end_of_jpeg(bytes);
        if (end > 0) size = static_cast<std::int64_t>(end);
        return {.media_type = "image/jpeg", .fault = whole_or_damaged(end > 0)};
    }
    if (starts("RIFF") && bytes.size() >= 12 && bytes.compare(8, 4, "WEBP") == 0)
        return {.media_type = "image/webp", .fault = whole_or_damaged(pictures::whole_webp(bytes))};
    if (starts("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) return office_content(office::look_at_ole(bytes), extension);
    if (starts("PK\x03\x04")) return office_content(office::look_at_zip(file, bytes), extension);
    if (!is_program(bytes) && pdf::is_pdf(bytes)) {
        if (!pdf::is_whole(bytes)) return {.media_type = pdf_type, .fault = "damaged"};
        return {.media_type = pdf_type, .fault = pdf::needs_password(bytes) ? "password" : ""};
    }
    if (auto charset = charset_of(bytes); !charset.empty())
        return {.media_type = extension == "csv" ? "text/csv" : "text/plain", .charset = std::move(charset)};
    return {};
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

namespace {

bool is_office(std::string_view media_type) {
    return media_type == word_type || media_type == sheet_type || media_type == old_office_type;
}

// The name with the ending that its content asks for: telephones and chat programs give another one, or none.
std::string with_ending(const std::string& name, const std::string& extension, std::string_view media_type) {
    const auto stem = extension.empty() ? name : name.substr(0, name.size() - extension.size() - 1);
    const auto kind =
        std::find_if(kinds().begin(), kinds().end(), [&](const Kind& one) { return one.media_type == media_type; });
    return (stem.empty() ? "document" : stem) + "." + std::string(kind->extensions.front());
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
    if (is_heic(file)) {
        checked.refusal.add("upload_heic", {{"name", checked.name}});
        return checked;
    }
    checked.size = size;
    const auto content = content_of(file, extension, checked.size);
    const auto* named = kind_named(extension);
    if (content.media_type.empty() || (!extension.empty() && !named)) {
        checked.refusal.add("upload_type_unknown", {{"name", checked.name}, {"allowed", accepted_extensions()}});
        return checked;
    }
    checked.media_type = content.media_type;
    if (!content.charset.empty() && content.charset != "utf-8") checked.media_type += "; charset=" + content.charset;
    if (extension.empty() || named->media_type != content.media_type) {
        const bool pictures = named && is_image(named->media_type) && is_image(content.media_type);
        const bool has_password = named && content.fault == "password" && is_office(named->media_type);
        if (!extension.empty() && !pictures && !has_password)
            checked.refusal.add("upload_type_mismatch", {{"name", checked.name}, {"type", content.media_type}});
        else if (!has_password)
            checked.name = with_ending(checked.name, extension, content.media_type);
    }
    if (checked.refusal.empty() && !content.fault.empty())
        checked.refusal.add("upload_" + content.fault, {{"name", checked.name}, {"part", content.part}});
    return checked;
}

StoredUpload store_upload(App& app, const engine::PersonId& by, const std::string& file,
                          const std::string& client_name) {
    const auto checked = check_upload(file, client_name, app.config.upload_max_bytes);
    return checked.refusal.empty() ? keep_upload(app, by, file, checked) : StoredUpload{.refusal = checked.refusal};
}

StoredUpload keep_upload(App& app, const engine::PersonId& by, const std::string& file, const CheckedUpload& checked) {
    StoredUpload stored;
    const auto now = app.clock.now();
    const auto day_max = app.config.upload_day_max_bytes;
    if (app.documents.bytes_uploaded(by, now.plus_seconds(-day_seconds)) + checked.size > day_max) {
        stored.refusal.add("upload_day_full", {{"name", checked.name}, {"max_mb", day_max >> 20}});
        return stored;
    }
    std::filesystem::resize_file(file, static_cast<std::uintmax_t>(checked.size));
    if (!app.config.virus_scanner.empty()) {
        try {
            if (const auto virus = virus_in(file, app.config.virus_scanner); !virus.empty()) {
                log::warning("upload_infected", {{"person", by}, {"name", checked.name}, {"virus", virus}});
                stored.refusal.add("upload_infected", {{"name", checked.name}, {"virus", virus}});
            }
        } catch (const ScannerUnavailable& error) {
            log::error("virus_scanner", {{"what", error.what()}});
            stored.refusal.add("upload_not_scanned", {{"name", checked.name}});
        }
        if (!stored.refusal.empty()) return stored;
    }
    std::ifstream content(file, std::ios::binary);
    stored.info = app.documents.add(content, checked.name, checked.media_type, by, now, checked.size);
    return stored;
}

int remove_unused_uploads(App& app) {
    constexpr int some = 200; // the rest at the next time
    return app.documents.remove_unused(app.clock.now().plus_seconds(-day_seconds), some);
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
