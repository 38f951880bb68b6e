// The schema of the database, changed step by step.
#pragma once

#include "db/kernel/database.hpp"

namespace cunmai::db {

struct MigrationStatus {
    int number = 0;
    std::string name;
    bool applied = false;
    std::string applied_at;
};

// Applies the missing migrations in order, under a lock. Throws std::runtime_error when one has changed since it was
// applied.
void migrate(Database& database);
std::vector<MigrationStatus> migration_status(Database& database);

} // namespace cunmai::db
