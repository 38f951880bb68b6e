// The facts of a meeting, and the lists in them. Pure.
//
//   title, meeting_on, chair, secret, agenda [case ids], present [persons]
//   open_ballots [case ids], results [{case_id, purpose, result}]
#pragma once

#include "engine/json.hpp"

namespace cunmai::workflows::meeting {

bool contains(const Json& list, const Json& item);
Json member_or_empty_list(const Json& object, const char* key);
Json each_once(const Json& list);
Json without(const Json& list, const Json& item);

} // namespace cunmai::workflows::meeting
