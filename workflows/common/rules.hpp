// A district's settings. Every rule has a value from the first installation on (db/seed/rules.json): one that is unset
// is a broken installation, and the command that needs it stops loudly.
#pragma once

#include "engine/definition.hpp"

#include <stdexcept>

namespace cunmai::workflows {

inline Json required_rule(engine::Knowledge& knowledge, const std::string& key) {
    auto value = knowledge.rule(key);
    if (value.is_null()) throw std::runtime_error("the rule \"" + key + "\" is not set");
    return value;
}

} // namespace cunmai::workflows
