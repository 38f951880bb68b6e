// Where a case can be opened: of some workflows a place has one open case at most.
#pragma once

#include "db/kernel/database.hpp"
#include "engine/authority.hpp"

namespace cunmai::db {

// Villages within the scopes without an open case of the definition, by code. `text`: part of the name, or the code.
std::vector<engine::Place> villages_without_case(Database& database, const std::vector<std::string>& scopes,
                                                 std::string_view definition, std::string_view text, int limit,
                                                 std::string_view after_code);

struct Openings { // of the villages of one town
    std::string town;
    std::int64_t villages = 0, in_hand = 0; // all; those with an open case
};
std::vector<Openings> openings_by_town(Database& database, const std::vector<std::string>& scopes,
                                       std::string_view definition);

} // namespace cunmai::db
