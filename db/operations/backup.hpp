// A backup is one file, the same for both databases: every table as JSON lines from one snapshot, with a manifest and
// a SHA-256 at the end. Taken while serving; restored only into an empty database, only when whole.
#pragma once

#include "db/kernel/database.hpp"

#include <functional>

namespace cunmai::db {

using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

struct BackupSummary {
    std::string sha256;
    std::map<std::string, std::int64_t> rows; // table → rows
};

BackupSummary backup(Database& database, const std::string& file, const Progress& progress);
BackupSummary check_backup(const std::string& file); // throws DamagedBackup that says where
BackupSummary restore(Database& database, const std::string& file,
                      const Progress& progress); // throws DamagedBackup, NotEmpty

class DamagedBackup : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};
class NotEmpty : public std::runtime_error {
  public:
    NotEmpty() : std::runtime_error("the database is not empty") {}
};

} // namespace cunmai::db
