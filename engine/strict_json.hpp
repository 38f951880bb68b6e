// What the record demands of its JSON texts beyond what a parser takes (docs/record-format.md §3): whoever reads the
// same bytes with another program must come to the same values, so nothing is taken in which programs differ.
#pragma once

#include "engine/event.hpp"
#include "engine/json.hpp"

#include <string>
#include <string_view>

namespace cunmai::engine {

// Why this is not one strict JSON text; empty when it is. Strict: UTF-8 without a byte order mark, RFC 8259 and nothing
// but white space behind it, no member twice in one object, each number one that a double or 64 bits hold as written.
std::string fault_in_json(std::string_view text);

// The first of the event's texts that is not what it must be, and why; empty when all are.
std::string fault_in_texts(const Event& event);

// As Json's ==, but 9007199254740993 and 9007199254740992.0 are two numbers.
bool is_exactly(const Json& one, const Json& other);

// Carries out an event's changes. Throws std::runtime_error, which names the step, when one does not apply or is none
// that events have (RFC 6902: add, remove, replace).
void apply_changes(Json& facts, const Json& changes);

} // namespace cunmai::engine
