// The file of a backup, line by line, hashed as it goes:
//   {"format":"cunmai.backup.1","created_at":…,"schema":4,"tables":{"places":291,…}}
//   {"table":"places","columns":["code",…]}       and then one array per row
//   {"sha256":"…"}                                 over every byte before this line
// A text that is not UTF-8 stands as {"base64":"…"}.
#pragma once

#include "db/operations/backup.hpp"

#include <sodium.h>

#include <fstream>

namespace cunmai::db {

inline constexpr std::string_view backup_format = "cunmai.backup.1";

// What is kept, parents before children; `key` is the primary key. schema_migrations is not: the schema is made anew.
struct KeptTable {
    std::string_view name;
    std::vector<std::string> key;
};
const std::vector<KeptTable>& kept_tables();

// Written beside its place and moved there when whole; readable by its owner only.
class BackupWriter {
  public:
    explicit BackupWriter(std::string file); // throws std::runtime_error
    ~BackupWriter();                         // takes an unfinished file away
    BackupWriter(const BackupWriter&) = delete;
    BackupWriter& operator=(const BackupWriter&) = delete;

    void line(const Json& json);
    std::string finish(); // returns the hash

  private:
    void put(const std::string& text);

    std::string file_, unfinished_;
    int descriptor_ = -1;
    std::string buffer_;
    crypto_hash_sha256_state state_;
};

// Reads a backup and throws DamagedBackup that names the line where it stops making sense. Nothing may be believed
// before the end was reached.
class BackupReader {
  public:
    explicit BackupReader(const std::string& file);

    struct Table {
        std::string name;
        std::vector<std::string> columns;
    };
    struct Listener {
        std::function<void(const Json& header)> header;
        std::function<void(const Table&)> table;
        std::function<void(const Table&, const Json& row)> row;
    };
    BackupSummary read(const Listener& listener);

  private:
    [[noreturn]] void damaged(const std::string& why) const;
    Json next();

    std::ifstream in_;
    std::string text_;
    std::int64_t line_ = 0;
};

} // namespace cunmai::db
