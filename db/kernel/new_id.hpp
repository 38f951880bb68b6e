// Ids: 16 characters of Crockford's base 32 in lower case, 9 of the time in milliseconds and 7 of chance. They sort by
// time, and no counter has to be shared.
#pragma once

#include "engine/time.hpp"

#include <string>

namespace cunmai::db {

std::string new_id(engine::Instant at);

} // namespace cunmai::db
