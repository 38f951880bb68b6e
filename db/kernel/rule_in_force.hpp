// The version of a setting that counts (db/service_tables.hpp, Rules). db/ only.
#pragma once

#include "db/kernel/connection.hpp"

namespace cunmai::db {

// Null when unset. `today`: civil date.
Json rule_in_force(Connection& connection, std::string_view key, const std::string& today);

} // namespace cunmai::db
