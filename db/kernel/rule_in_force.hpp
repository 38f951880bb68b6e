// The version of a setting that counts (db/service/rules.hpp). db/ only.
#pragma once

#include "db/kernel/connection.hpp"

namespace cunmai::db {

// Null when the setting was never set. `today` is a civil date.
Json rule_in_force(Connection& connection, std::string_view key, const std::string& today);

} // namespace cunmai::db
