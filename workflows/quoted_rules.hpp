// The district's rules that a decision read stand in its event, in its context. Which they are, so that whoever checks
// the record can compare them with the history of the rules.
#pragma once

#include "engine/event.hpp"
#include "engine/json.hpp"

#include <vector>

namespace cunmai::workflows {

struct QuotedRule {
    std::string rule; // its key
    std::string part; // JSON pointer into its value; empty: all of it
    Json value;       // as quoted
    Json if_unset;    // what counts when the rule has no such part
};

std::vector<QuotedRule> quoted_rules(const engine::Event& event);

} // namespace cunmai::workflows
