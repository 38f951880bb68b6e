// Compares the workflow tables of this program with those with which the cases of the database were opened.
#pragma once

#include "db/kernel/database.hpp"

namespace cunmai::db {

// Compares the compiled tables with those stored for the same version, and stores new versions. Throws a
// std::runtime_error that says what to do when a table changed without a new version.
void check_definitions(Database& database, const std::vector<const engine::Definition*>& definitions);

// The definitions whose stored table is another one. Reads only, for `cunmai doctor`.
// "village_lifecycle 1", … REQUIRES: the migrations were applied.
std::vector<std::string> changed_definitions(Database& database,
                                             const std::vector<const engine::Definition*>& definitions);

} // namespace cunmai::db
