// What a migration does to rows that takes more than SQL: what was there before chains of hashes were becomes their
// beginning. Used by migrations and, for a backup of a former version, by restoring. db/ only.
#pragma once

#include "db/kernel/connection.hpp"

namespace cunmai::db {

// What belongs to the migration of that number; for most of them nothing. Doing it again does nothing. REQUIRES: a
// write.
void take_over(Connection& connection, int migration, engine::Instant at);

} // namespace cunmai::db
