// What each of a district's settings may be (db/seed/rules.json has their first values). One place for the API's
// document and for the check when a setting is changed.
#pragma once

#include "engine/json.hpp"
#include "engine/refusal.hpp"

#include <string_view>

namespace cunmai::administration {

const Json& rule_schemas(); // key → schema

// Unknown key, wrong type, out of range, a fraction above one, a day that is no date: each with what is wrong.
engine::Refusal check_rule(std::string_view key, const Json& value, const Json& current);

} // namespace cunmai::administration
