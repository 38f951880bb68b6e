// The schema of each of a district's settings (db/seed/rules.json has their first values), used for the API's document
// and for the check when a setting is changed.
#pragma once

#include "engine/json.hpp"
#include "engine/refusal.hpp"

#include <string_view>

namespace cunmai::administration {

const Json& rule_schemas(); // key → schema

// Finds an unknown key, a wrong type, a value out of range, a fraction above one, a day that is not a date.
engine::Refusal check_rule(std::string_view key, const Json& value, const Json& current);

} // namespace cunmai::administration
