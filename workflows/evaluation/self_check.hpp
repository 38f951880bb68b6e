// The self-check: answers to the indicators in force, digested into what a guard and a list need. Pure.
//
// Catalogue: workflows/evaluation/catalogue.json. Answers:
//   {"catalogue_version":1, "answers":{"ORG-01":{"value":3,"note":"","evidence":["sha256", …]},
//                                      "ORG-02":{"not_applicable":true,"reason":"…"}}}
// A threshold is crossed at its value or beyond it, in the indicator's direction. A missing value has no colour: it
// never counts as zero or as good.
#pragma once

#include "engine/json.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace cunmai::workflows::self_check {

// "green", "yellow", "red"; "" where there is no value (missing, not applicable, not a number, out of range).
std::string colour_of(const Json& indicator, const Json& answer);

// {"catalogue_version", "expected", "answered", "not_applicable", "missing":[codes], "without_reason":[codes],
//  "without_evidence":[codes], "out_of_range":[codes], "unknown":[codes], "warnings":{"yellow":n,"red":n},
//  "red_indicators":[codes]}; {"unreadable":true} for what is not an answers document;
//  "other_version" when the answers were given to another version of the catalogue.
Json digest(const Json& catalogue, const Json& answers);
// The field of a command that carries a document of answers. Documents in other fields are not searched for evidence.
inline constexpr std::string_view answers_field = "answers";
inline constexpr std::int64_t answers_bytes_max = 1 << 20;

// The items that an answer lists as its evidence; empty when it has no such list.
Json evidence_of(const Json& answer);
// SHA-256s that the answers name as evidence; empty for what is not an answers document.
std::set<std::string> evidence_named(const Json& answers);

Json digest_text(const Json& catalogue, std::string_view answers_document);

} // namespace cunmai::workflows::self_check
