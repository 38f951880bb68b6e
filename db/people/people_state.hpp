// What several repositories need of people: the columns of a person, and checks that the state of people
// (Connection::knowledge_name) is still the one that a caller has read before it writes. db/ only.
#pragma once

#include "db/kernel/connection.hpp"
#include "db/people/people.hpp"

namespace cunmai::db {

Outs person_outs(Person& person);     // of people.columns
Params row_of(const GrantRow& grant); // of people.add_grant; its key first

// Keeps others from changing the state until COMMIT. Throws Overtaken when it is no longer `since`; without `since` it
// does nothing. REQUIRES: called first in a write.
void hold_state(Connection& connection, const People::Since& since);

People::Involvements involvements_of(Connection& connection, const engine::PersonId& person);
// Throws Overtaken when the person's involvements differ from `involved`; does nothing when that is null.
void hold_involvements(Connection& connection, const engine::PersonId& person, const People::Involvements* involved);

} // namespace cunmai::db
