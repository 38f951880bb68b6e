// Which workflow tables the database knows otherwise than this program does. Reads only, for `cunmai doctor`;
// check_definitions (database.hpp) stores new versions and refuses changed ones.
#pragma once

#include "db/kernel/database.hpp"

namespace cunmai::db {

// "village_lifecycle 1", … REQUIRES: the migrations were applied.
std::vector<std::string> changed_definitions(Database& database,
                                             const std::vector<const engine::Definition*>& definitions);

} // namespace cunmai::db
