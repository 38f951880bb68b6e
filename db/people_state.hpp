// The state of what is known of people, by its name (Connection::knowledge_name), for those who ask first and write
// then. db/ only.
#pragma once

#include "db/connection.hpp"
#include "db/people.hpp"

namespace cunmai::db {

// REQUIRES: the beginning of a write. Keeps others from changing the state until COMMIT. Throws Overtaken when it is no
// longer `since`; does nothing without one.
void hold_state(Connection& connection, const People::Since& since);

} // namespace cunmai::db
