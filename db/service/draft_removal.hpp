// Removing a draft together with what was made of it.
#pragma once

#include "engine/ports.hpp"

namespace cunmai::db {

// In a transaction of the database that has the draft, so that both are done or neither.
void remove_draft(engine::Transaction& transaction, const engine::CaseId& id);

} // namespace cunmai::db
