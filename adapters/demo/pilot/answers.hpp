// Invented answers to the indicators in force (workflows/evaluation/self_check.hpp says how they are written down).
// Pure.
#pragma once

#include "engine/json.hpp"

#include <set>
#include <string>

namespace cunmai::pilot {

// Every indicator is answered; those of `red` are at their red threshold, all others are good. Evidence stands where
// the catalogue may ask for it.
Json answers_document(const Json& catalogue, const std::set<std::string>& red, const std::string& evidence,
                      const std::string& not_applicable_reason);

} // namespace cunmai::pilot
