// Evidence, minutes, answers: bulky content, named by its hash.
#pragma once

#include "db/kernel/database.hpp"

#include <istream>

namespace cunmai::db {

// Content-addressed documents, kept in chunks in the database: one backup, one truth, any number of servers.
struct DocumentInfo {
    std::string sha256, name, media_type; // the same content may go by another name and type with each uploader
    std::int64_t size = 0;
    engine::PersonId added_by;
    engine::Instant added_at;
};

class Documents {
  public:
    explicit Documents(Database& database) : database_(database) {}
    // Streams the content in, all or nothing. Known content is not stored again; only the uploader and their name for
    // it are added. REQUIRES: size and type were checked. Returns the upload of this person.
    DocumentInfo add(std::istream& content, std::string_view name, std::string_view media_type,
                     const engine::PersonId& by, engine::Instant at, std::int64_t size_max); // throws TooLarge
    std::optional<DocumentInfo> info(std::string_view sha256); // as its first uploader named it
    // The person's own upload of this content, as they named it last. The second uploader of the same bytes may use it
    // like the first, and learns nothing about the first.
    std::optional<DocumentInfo> uploaded_by(std::string_view sha256, const engine::PersonId& person);
    std::int64_t bytes_uploaded(const engine::PersonId& person, engine::Instant since);
    // Removes documents that nobody has uploaded since then and that neither a case nor a draft names: at most so many,
    // the oldest first. Returns how many are gone.
    int remove_unused(engine::Instant uploaded_before, int count_max);
    void write_to(std::string_view sha256, std::ostream& out); // streams chunk by chunk
    std::string content(std::string_view sha256);              // for small documents
    // A document may be read by its uploaders and by everybody who sees a case that it is linked to, which is every
    // case whose events name it. Commands link in their own transaction (Transaction::link_documents).
    void link(const engine::CaseId& id, const std::vector<std::string>& sha256s);
    std::vector<engine::CaseId> linked_cases(std::string_view sha256);
    std::vector<std::string> links_of_case(const engine::CaseId& id); // even if the documents do not exist
    std::vector<std::string> all_names();                             // SHA-256 of every document
    // The documents of a case, each as it was uploaded by the first person who acted in the case.
    std::vector<DocumentInfo> of_case(const engine::CaseId& id);

  private:
    Database& database_;
};

class TooLarge : public std::runtime_error {
  public:
    TooLarge() : std::runtime_error("document too large") {}
};

} // namespace cunmai::db
