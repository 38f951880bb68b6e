// Ids are text and of distinct types: a person can't be passed where a case is meant.
#pragma once

#include "engine/json.hpp"

#include <compare>
#include <string>

namespace cunmai::engine {

template <class Tag> struct Id {
    std::string text;

    bool empty() const { return text.empty(); }
    friend auto operator<=>(const Id&, const Id&) = default;
    friend void to_json(Json& json, const Id& id) { json = id.text; }
    friend void from_json(const Json& json, Id& id) { id.text = json.get<std::string>(); }
};

using CaseId = Id<struct CaseTag>;
using PersonId = Id<struct PersonTag>;

// The actor of commands that no person gives: timers, and what one case tells another.
inline const PersonId system_person{"system"};

} // namespace cunmai::engine
