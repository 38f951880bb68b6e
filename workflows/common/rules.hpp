// A district's settings. Every rule has a value from the first installation on (db/seed/rules.json): one that is unset
// is a broken installation, and the command that needs it stops loudly.
#pragma once

#include "engine/table.hpp"

#include <stdexcept>

namespace cunmai::workflows {

inline Json required_rule(engine::Knowledge& knowledge, std::string_view key) {
    auto value = knowledge.rule(key);
    if (value.is_null()) throw std::runtime_error("the rule \"" + std::string(key) + "\" is not set");
    return value;
}

// A need that is a rule of the same key, unchanged: `struct ExtensionsMax : RuleInForce<ExtensionsMax> { key };`
template <class Need> struct RuleInForce {
    static Json gather(const engine::Ask&, engine::Knowledge& knowledge) { return required_rule(knowledge, Need::key); }
};

} // namespace cunmai::workflows
