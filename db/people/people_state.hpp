// What several repositories need of people: the columns of one, and the state of what is known of them all, by its name
// (Connection::knowledge_name), for those who ask first and write then. db/ only.
#pragma once

#include "db/kernel/connection.hpp"
#include "db/people/people.hpp"

namespace cunmai::db {

Outs person_outs(Person& person); // of people.columns

// REQUIRES: the beginning of a write. Keeps others from changing the state until COMMIT. Throws Overtaken when it is no
// longer `since`; does nothing without one.
void hold_state(Connection& connection, const People::Since& since);

People::Involvements involvements_of(Connection& connection, const engine::PersonId& person);
// Throws Overtaken when the person's involvements are others; does nothing without any to compare.
void hold_involvements(Connection& connection, const engine::PersonId& person, const People::Involvements* involved);

} // namespace cunmai::db
