// The number of a case that people read out and write down. It is made from what is stored already, so that no counter
// is needed, and never changes; the key of a case is its id.
//
//   990101204-20261123      place and local date of opening
//   990101204-20261123-2    the second one opened there on that day
//   990101204-20261123/3    the third child of that case: a prescription
#pragma once

#include "db/kernel/database.hpp"

#include <map>

namespace cunmai::db {

// By id. REQUIRES: who asks may see these cases. Unknown ids are left out.
std::map<std::string, std::string> case_numbers(Database& database, const std::vector<std::string>& ids,
                                                int utc_offset_minutes);

// The place's code in a number that somebody typed; any other text as it is.
std::string place_in_number(const std::string& text);

} // namespace cunmai::db
