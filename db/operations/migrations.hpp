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

// Why the tables can't be brought up to date. Nothing was changed. `code` and `facts` are for messages in the reader's
// language (cli.cannot_migrate.<code>); what() is English.
class CannotMigrate : public std::runtime_error {
  public:
    CannotMigrate(std::string_view its_code, Json its_facts, const std::string& what)
        : std::runtime_error(what), code(its_code), facts(std::move(its_facts)) {}
    std::string code;
    Json facts;
};

// Applies the missing migrations in order, under a lock. Throws CannotMigrate before the first statement when one has
// changed since it was applied, or when the server would refuse a later statement (migration_rehearsal.hpp).
void migrate(Database& database);
std::vector<MigrationStatus> migration_status(Database& database);

} // namespace cunmai::db
