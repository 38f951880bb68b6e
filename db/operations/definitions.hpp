// The workflow tables that this program was compiled with, against those that cases of the database were opened with.
#pragma once

#include "db/kernel/database.hpp"

namespace cunmai::db {

// Compares the compiled tables with those stored for the same version; stores new versions. Throws std::runtime_error
// that says what to do when a table changed without a new version.
void check_definitions(Database& database, const std::vector<const engine::Definition*>& definitions);

// Those that the database knows otherwise. Reads only, for `cunmai doctor`.
// "village_lifecycle 1", … REQUIRES: the migrations were applied.
std::vector<std::string> changed_definitions(Database& database,
                                             const std::vector<const engine::Definition*>& definitions);

} // namespace cunmai::db
