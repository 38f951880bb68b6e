// What a MySQL server may refuse halfway through the migrations, tried out beforehand on a table of no meaning. The
// server itself is asked rather than its settings and grants, because roles, partial revokes and versions decide, too.
#pragma once

#include "db/kernel/connection.hpp"

namespace cunmai::db {

// Creates one small table with everything that migrations do to tables, and drops it. Throws CannotMigrate with what
// the account or the server lacks; the small table is gone then, too. REQUIRES: MySQL, and that nobody else migrates.
void rehearse_migration(Connection& connection);

// Whether this server lets the account of the connection create triggers, by its settings and the account's grants.
// Only looks; rights that come by a role of MySQL 8 are not seen.
bool may_create_triggers(Connection& connection);

} // namespace cunmai::db
