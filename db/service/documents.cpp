// Documents by their SHA-256, in chunks of base64 text, which no zero byte and no character set can damage. An upload
// is first spooled to an unnamed file, so that a slow one holds no transaction open.
#include "db/service/documents.hpp"
#include "db/kernel/database_impl.hpp"
#include "db/kernel/transaction.hpp"
#include "engine/digest.hpp"
#include "engine/fingerprint.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstdio>
#include <ostream>
#include <sstream>

namespace cunmai::db {

namespace {

constexpr std::size_t chunk_bytes = 192 * 1024;

Outs outs_of(DocumentInfo& d) { return {d.sha256, d.name, d.media_type, d.size, d.added_by, d.added_at}; }

class Spool {
  public:
    Spool() : file_(std::tmpfile()) {
        if (!file_) throw engine::StoreUnavailable("no room for an upload");
    }
    ~Spool() { std::fclose(file_); }
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;

    void write(std::string_view bytes) {
        if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size())
            throw engine::StoreUnavailable("no room for an upload");
    }
    void rewind() { std::rewind(file_); }
    std::string next_chunk() {
        std::string bytes(chunk_bytes, '\0');
        bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file_));
        if (std::ferror(file_)) throw engine::StoreUnavailable("a spooled upload can't be read");
        return bytes;
    }

  private:
    std::FILE* file_;
};

void note_uploader(Connection& connection, const DocumentInfo& document) {
    connection.run("documents.add_upload", {{"sha256", document.sha256},
                                            {"person", document.added_by},
                                            {"name", document.name},
                                            {"media_type", document.media_type},
                                            {"at", document.added_at}});
}

// Until the end of the transaction nobody removes it. False: it is not there.
bool is_locked(Connection& connection, const std::string& sha256) {
    std::string found;
    return connection.first("documents.locked", {{"sha256", sha256}}, {found});
}

// Returns the size; sets the hash.
std::int64_t take_in(std::istream& content, Spool& spool, std::int64_t size_max, std::string& sha256) {
    Sha256 hash;
    std::int64_t size = 0;
    std::string buffer(64 * 1024, '\0');
    while (content.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || content.gcount() > 0) {
        const auto got = static_cast<std::size_t>(content.gcount());
        size += content.gcount();
        if (size > size_max) throw TooLarge();
        const auto piece = std::string_view(buffer).substr(0, got);
        hash.add(piece);
        spool.write(piece);
    }
    if (content.bad()) throw std::runtime_error("the upload broke off");
    sha256 = hash.hex();
    return size;
}

void link_all(Connection& connection, const engine::CaseId& id, const std::vector<std::string>& sha256s) {
    static constexpr Later link_row{"documents.link", "documents.link_end"};
    for (const auto& sha256 : sha256s) connection.add_later(link_row, {{"case_id", id}, {"sha256", sha256}}, id.text);
}

std::optional<DocumentInfo> find(Database& database, std::string_view query, const Params& params) {
    const auto found = database.impl().reading<std::optional<DocumentInfo>>(
        [&](Connection& connection) -> std::optional<DocumentInfo> {
            DocumentInfo document;
            if (!connection.first(query, params, outs_of(document))) return std::nullopt;
            return document;
        });
    if (found) database.impl().known_documents().add_uploaded(found->sha256, found->added_at);
    return found;
}

} // namespace

DocumentInfo Documents::add(std::istream& content, std::string_view name, std::string_view media_type,
                            const engine::PersonId& by, engine::Instant at, std::int64_t size_max) {
    DocumentInfo document;
    document.name = name;
    document.media_type = media_type;
    document.added_by = by;
    document.added_at = at;
    Spool spool;
    document.size = take_in(content, spool, size_max, document.sha256);
    const auto already_there = [&] {
        bool there = info(document.sha256).has_value();
        if (there)
            database_.impl().write([&](Connection& connection) {
                there = is_locked(connection, document.sha256); // it may have been removed since
                if (there) note_uploader(connection, document);
            });
        return there;
    };
    if (already_there()) return document;
    try {
        database_.impl().write([&](Connection& connection) {
            const auto per_chunk = static_cast<std::int64_t>(chunk_bytes);
            const auto chunks = (document.size + per_chunk - 1) / per_chunk;
            connection.run("documents.add", {{"sha256", document.sha256},
                                             {"name", document.name},
                                             {"media_type", document.media_type},
                                             {"size", document.size},
                                             {"chunks", chunks},
                                             {"added_by", document.added_by},
                                             {"added_at", document.added_at}});
            spool.rewind();
            for (std::int64_t n = 0; n < chunks; ++n)
                connection.run("documents.add_chunk",
                               {{"sha256", document.sha256}, {"n", n}, {"content", to_base64(spool.next_chunk())}});
            note_uploader(connection, document);
        });
    } catch (const Duplicate&) { // the same content came in at the same moment
        if (!already_there()) throw;
    }
    return document;
}

std::optional<DocumentInfo> Documents::info(std::string_view sha256) {
    return find(database_, "documents.info", {{"sha256", sha256}});
}

std::optional<DocumentInfo> Documents::uploaded_by(std::string_view sha256, const engine::PersonId& person) {
    return find(database_, "documents.uploaded", {{"sha256", sha256}, {"person", person}});
}

std::int64_t Documents::bytes_uploaded(const engine::PersonId& person, engine::Instant since) {
    std::int64_t bytes = 0;
    database_.impl().read([&](Connection& connection) {
        connection.first("documents.bytes_uploaded", {{"person", person}, {"since", since}}, {bytes});
    });
    return bytes;
}

// Whether one is used is asked again under its lock: a command that names it takes the same (documents_there).
int Documents::remove_unused(engine::Instant before, int count_max) {
    const auto unused = database_.impl().reading<std::vector<std::string>>([&](Connection& connection) {
        return connection.all<std::string>("documents.unused", {{"before", before}, {"count", std::int64_t{count_max}}},
                                           [](std::string& sha256) { return Outs{sha256}; });
    });
    int removed = 0;
    for (const auto& sha256 : unused) {
        bool gone = false;
        database_.impl().write([&](Connection& connection) {
            std::string found;
            gone = is_locked(connection, sha256) &&
                   connection.first("documents.still_unused", {{"sha256", sha256}, {"before", before}}, {found});
            if (!gone) return;
            for (const auto* step : {"documents.remove_chunks", "documents.remove_uploads", "documents.remove"})
                connection.run(step, {{"sha256", sha256}});
        });
        if (gone) ++removed;
    }
    return removed;
}

// Each chunk is read in a transaction of its own, so that a slow reader holds none open. Content never changes.
void Documents::write_to(std::string_view sha256, std::ostream& out) {
    int chunks = 0;
    database_.impl().read([&](Connection& connection) {
        connection.first("documents.chunks", {{"sha256", sha256}}, {chunks});
    });
    for (int n = 0; n < chunks; ++n) {
        std::string text;
        database_.impl().read([&](Connection& connection) {
            connection.first("documents.chunk", {{"sha256", sha256}, {"n", n}}, {text});
        });
        const auto bytes = from_base64(text);
        if (!bytes || bytes->empty()) throw std::runtime_error("document " + std::string(sha256) + " is damaged");
        out.write(bytes->data(), static_cast<std::streamsize>(bytes->size()));
    }
}

std::string Documents::content(std::string_view sha256) {
    auto& known = database_.impl().known_documents();
    const std::string name(sha256);
    if (auto content = known.content(name, database_.impl().clock().now())) return std::move(*content);
    std::ostringstream out;
    write_to(sha256, out);
    auto content = out.str();
    if (sha256_hex(content) == name) known.keep_content(name, content); // not what was damaged
    return content;
}

void Documents::link(const engine::CaseId& id, const std::vector<std::string>& sha256s) {
    database_.impl().write([&](Connection& connection) { link_all(connection, id, sha256s); });
}

void SqlTransaction::link_documents(const engine::CaseId& id, const std::vector<std::string>& sha256s) {
    link_all(connection_, id, sha256s);
}

std::vector<engine::CaseId> Documents::linked_cases(std::string_view sha256) {
    return database_.impl().reading<std::vector<engine::CaseId>>([&](Connection& connection) {
        return connection.all<engine::CaseId>("documents.linked_cases", {{"sha256", sha256}},
                                              [](engine::CaseId& id) { return Outs{id}; });
    });
}

std::vector<std::string> Documents::links_of_case(const engine::CaseId& id) {
    return database_.impl().reading<std::vector<std::string>>([&](Connection& connection) {
        return connection.all<std::string>("documents.links_of_case", {{"case_id", id}},
                                           [](std::string& sha256) { return Outs{sha256}; });
    });
}

std::vector<std::string> Documents::all_names() {
    return database_.impl().reading<std::vector<std::string>>([&](Connection& connection) {
        return connection.all<std::string>("documents.all_names", {}, [](std::string& sha256) { return Outs{sha256}; });
    });
}

std::vector<DocumentInfo> Documents::of_case(const engine::CaseId& id) {
    auto documents = database_.impl().reading<std::vector<DocumentInfo>>([&](Connection& connection) {
        return connection.all<DocumentInfo>("documents.of_case", {{"case_id", id}}, outs_of);
    });
    for (const auto& document : documents) database_.impl().known_documents().add_linked(document.sha256);
    return documents;
}

} // namespace cunmai::db
