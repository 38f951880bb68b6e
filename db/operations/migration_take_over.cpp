#include "db/operations/migration_take_over.hpp"

#include "db/kernel/administration_chain.hpp"

namespace cunmai::db {

void take_over(Connection& connection, int migration, engine::Instant at) {
    if (migration == 14) take_over_refusals(connection);
    if (migration == 15) take_over_administration(connection, at);
}

} // namespace cunmai::db
