// Who did what, for whoever changes people, grants, rules or places.
#pragma once

#include "engine/ids.hpp"
#include "engine/json.hpp"

namespace cunmai::db {

// How a change stands in the log of administration.
struct Deed {
    engine::PersonId by = engine::system_person;
    std::string what{}; // person_added, grant_added, …; empty: what the change is called by itself
    Json details = Json::object();
};

} // namespace cunmai::db
