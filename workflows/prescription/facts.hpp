// The facts of a prescription, and its colour. Pure.
//
//   parent (village's case), number (within it), drafted_by, category, secondary_categories
//   the fields of a prescription                        as in workflows/common/fields.hpp
//   issuer, issued_on
//   deadline_on, remind_on, escalate_on                 computed when the deadline is set
//   reminded, overdue, escalated                        each once per deadline
//   extension {until_on, reason, asked_by [persons]}, extensions_granted, yellow_while_pending
//   percent, evidence, missing, rejections, closed_on, reopened, colour
//   doers [persons]                                     everybody who had a hand in carrying it out
#pragma once

#include "engine/definition.hpp"

namespace cunmai::workflows::prescription {

const Json& part(const Json& facts, std::string_view key); // a member, or null
std::string text_of(const Json& facts, std::string_view key);

// green on track; yellow from remind_on or while an extension is pending; red past the deadline; "" when not running.
std::string colour_of(std::string_view state, const Json& facts, std::string_view today);

std::string title_in(const Json& facts); // for lists

Json merged_with(const Json& facts, const Json& payload); // input replaces the draft; null and "" do not

} // namespace cunmai::workflows::prescription
