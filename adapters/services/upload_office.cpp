#include "adapters/services/upload_office.hpp"

#include <Poco/Exception.h>
#include <Poco/String.h>
#include <Poco/Zip/ZipArchive.h>
#include <Poco/Zip/ZipStream.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <optional>
#include <set>

namespace cunmai::http::office {

namespace {

constexpr std::int64_t unpacked_bytes_max = 200LL << 20;
constexpr std::int64_t unpacked_ratio_max = 100;
constexpr std::size_t relations_bytes_max = 4 << 20; // of one list of them

std::uint32_t little_endian(std::string_view bytes, std::size_t at, int count) {
    std::uint32_t value = 0;
    for (int next = count; next-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(next)]);
    return value;
}

bool contains(std::string_view text, std::string_view what) { return text.find(what) != std::string_view::npos; }

// ---- zips

// One that an unpacking program would follow out of its folder.
bool leads_out(const std::string& name) {
    if (name.empty() || name.front() == '/' || name.find_first_of("\\:") != std::string::npos) return true;
    for (std::size_t at = 0; at <= name.size();) {
        const auto end = std::min(name.find('/', at), name.size());
        if (name.compare(at, end - at, "..") == 0) return true;
        at = end + 1;
    }
    return false;
}

bool is_program(const std::string& name) {
    const auto lower = Poco::toLower(name);
    return lower.ends_with("vbaproject.bin") || contains(lower, "/macrosheets/") || contains(lower, "/activex/");
}

// Declarations of a document type, in any encoding that XML parts have: no office program writes one.
class DeclaresEntities {
  public:
    void take(std::string_view bytes) {
        for (const char byte : bytes)
            if (byte != '\0') text_ += byte; // of UTF-16 the other half
        found_ = found_ || contains(text_, "<!DOCTYPE") || contains(text_, "<!ENTITY");
        if (text_.size() > overlap) text_.erase(0, text_.size() - overlap);
    }
    bool found() const { return found_; }

  private:
    static constexpr std::size_t overlap = 16;
    std::string text_;
    bool found_ = false;
};

// Templates, objects and frames of another address are fetched when the file is opened. Links that people follow
// themselves are not.
bool fetches_from_elsewhere(std::string_view relations) {
    for (auto at = relations.find("<Relationship "); at != std::string_view::npos;
         at = relations.find("<Relationship ", at + 1)) {
        const auto one = relations.substr(at, relations.find('>', at) - at);
        if (!contains(one, "\"External\"") && !contains(one, "'External'")) continue;
        for (const auto* kind : {"/attachedTemplate", "/oleObject", "/frame", "/subDocument", "/package"})
            if (contains(one, std::string(kind) + "\"") || contains(one, std::string(kind) + "'")) return true;
    }
    return false;
}

// Unpacked and thrown away: what a header says of its size need not be so.
std::optional<Found> look_into_parts(std::istream& file, const Poco::Zip::ZipArchive& archive, std::int64_t bytes_max) {
    std::array<char, 64 * 1024> buffer;
    for (auto entry = archive.headerBegin(); entry != archive.headerEnd(); ++entry) {
        if (entry->second.isDirectory()) continue;
        const auto name = Poco::toLower(entry->first);
        const bool is_relations = name.ends_with(".rels"), is_xml = is_relations || name.ends_with(".xml");
        DeclaresEntities entities;
        std::string relations;
        file.clear();
        Poco::Zip::ZipInputStream content(file, entry->second);
        while (content.read(buffer.data(), buffer.size()), content.gcount() > 0) {
            if ((bytes_max -= content.gcount()) < 0) return Found{.fault = "damaged"};
            const std::string_view came(buffer.data(), static_cast<std::size_t>(content.gcount()));
            if (is_xml) entities.take(came);
            if (is_relations) relations += came;
            if (relations.size() > relations_bytes_max) return Found{.fault = "damaged"};
        }
        if (entities.found() || fetches_from_elsewhere(relations))
            return Found{.fault = "remote", .part = entry->first};
    }
    return std::nullopt;
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

Kind kind_of(const Poco::Zip::ZipArchive& archive) {
    const auto has = [&](const char* name) { return archive.findHeader(name) != archive.headerEnd(); };
    bool word = false, sheet = false;
    for (auto entry = archive.headerBegin(); entry != archive.headerEnd(); ++entry) {
        word = word || entry->first.rfind("word/", 0) == 0;
        sheet = sheet || entry->first.rfind("xl/", 0) == 0;
    }
    if (has("[Content_Types].xml") && word != sheet) return word ? Kind::word : Kind::sheet;
    return has("OFD.xml") ? Kind::ofd : Kind::none;
}

// ---- OLE containers

// Where the entry of this name stands in the directory, npos when nowhere: names are UTF-16 and entries have 128 bytes.
std::size_t entry_named(std::string_view bytes, std::string_view name) {
    constexpr std::size_t entry_bytes = 128;
    std::string wanted;
    for (const char letter : name) (wanted += letter) += '\0';
    wanted += std::string(2, '\0');
    for (auto at = bytes.find(wanted); at != std::string_view::npos; at = bytes.find(wanted, at + 1))
        if (at % entry_bytes == 0 && at + entry_bytes <= bytes.size()) return at;
    return std::string_view::npos;
}

// The first bytes of an entry's stream, as many as there are in its first sector; empty when they stand elsewhere.
std::string_view beginning_of(std::string_view bytes, std::size_t entry) {
    constexpr std::uint32_t small_stream_bytes_max = 4096;
    const auto shift = little_endian(bytes, 30, 2);
    if (shift < 9 || shift > 12 || little_endian(bytes, entry + 120, 4) < small_stream_bytes_max) return {};
    const auto at = (std::uint64_t{little_endian(bytes, entry + 116, 4)} + 1) << shift;
    return at + 32 > bytes.size() ? std::string_view() : bytes.substr(at, std::size_t{1} << shift);
}

bool word_has_password(std::string_view stream) {
    return stream.size() > 12 && little_endian(stream, 0, 2) == 0xA5EC && (stream[11] & 1) != 0;
}

// A record that says so stands among the first ones.
bool sheet_has_password(std::string_view stream) {
    constexpr std::uint32_t begins = 0x0809, password = 0x002F;
    if (stream.size() < 4 || little_endian(stream, 0, 2) != begins) return false;
    std::size_t at = 0;
    for (int record = 0; record < 6 && at + 4 <= stream.size(); ++record) {
        if (little_endian(stream, at, 2) == password) return true;
        at += 4 + little_endian(stream, at + 2, 2);
    }
    return false;
}

} // namespace

Found look_at_zip(const std::string& file, std::string_view bytes) {
    // The directory stands at the end: a file that was cut has none.
    const auto directory = bytes.rfind("PK\x05\x06");
    if (directory == std::string_view::npos || bytes.size() - directory > 66'000 || bytes.size() - directory < 22)
        return {.fault = "damaged"};
    std::ifstream in(file, std::ios::binary);
    try {
        const Poco::Zip::ZipArchive archive(in);
        Found found{.kind = kind_of(archive)};
        if (found.kind == Kind::none) return found;
        const auto because = [&](const char* fault, const std::string& part = "") {
            found.fault = fault, found.part = part;
            return found;
        };
        for (auto entry = archive.headerBegin(); entry != archive.headerEnd(); ++entry) {
            if (entry->second.isEncrypted()) return because("password");
            if (leads_out(entry->first)) return because("paths", entry->first);
            if (!entry->second.isDirectory() && is_program(entry->first)) return because("macros", entry->first);
        }
        if (!directory_is_true(archive, little_endian(bytes, directory + 10, 2))) return because("damaged");
        const auto bytes_max =
            std::min(unpacked_bytes_max, static_cast<std::int64_t>(bytes.size()) * unpacked_ratio_max);
        if (const auto within = look_into_parts(in, archive, bytes_max))
            return because(within->fault.c_str(), within->part);
        return found;
    } catch (const Poco::Exception&) { return {.fault = "damaged"}; }
}

Found look_at_ole(std::string_view bytes) {
    constexpr auto nowhere = std::string_view::npos;
    if (bytes.size() < 512) return {.kind = Kind::old_other, .fault = "damaged"};
    const auto word = entry_named(bytes, "WordDocument");
    auto sheet = entry_named(bytes, "Workbook");
    if (sheet == nowhere) sheet = entry_named(bytes, "Book");
    Found found{.kind = word != nowhere ? Kind::old_word : sheet != nowhere ? Kind::old_sheet : Kind::old_other};
    if (entry_named(bytes, "EncryptedPackage") != nowhere ||
        (word != nowhere && word_has_password(beginning_of(bytes, word))) ||
        (sheet != nowhere && sheet_has_password(beginning_of(bytes, sheet))))
        found.fault = "password";
    else if (entry_named(bytes, "_VBA_PROJECT") != nowhere || entry_named(bytes, "_VBA_PROJECT_CUR") != nowhere)
        found.fault = "macros", found.part = "VBA";
    return found;
}

} // namespace cunmai::http::office
