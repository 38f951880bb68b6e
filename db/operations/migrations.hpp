// The shape of the database, step by step.
#pragma once

#include "db/kernel/database.hpp"

namespace cunmai::db {

struct MigrationStatus {
    int number = 0;
    std::string name;
    bool applied = false;
    std::string applied_at;
};

// Applies what is missing, in order, under a lock. Throws std::runtime_error when an applied file has changed since.
void migrate(Database& database);
std::vector<MigrationStatus> migration_status(Database& database);

} // namespace cunmai::db
