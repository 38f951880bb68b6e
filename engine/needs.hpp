// What the rows of a command need from outside its case: gathered before the command is decided, demanded when it is,
// and left out of the event where nothing was found. Declared in a table's conditions and actions (table.hpp).
#pragma once

#include "engine/definition.hpp"

#include <typeindex>

namespace cunmai::engine {

struct Need {
    std::string_view key; // member of the context
    std::string_view of;  // the first condition or action that declares it
    std::type_index type;
    Json (*gather)(const Ask& ask, const CommandInfo& command, Knowledge& knowledge);
};

// Each once. Throws std::logic_error when the key is another need's of the same list, or the engine's own.
void add_need(std::vector<Need>& list, const Need& need);
std::vector<std::string> keys_of(const std::vector<Need>& list);

// Key → what was found, or null. In the order of the list: a need reads those that stand before it.
Json gather_all(const std::vector<Need>& list, const Ask& ask, const CommandInfo& command, Knowledge& knowledge);
// Throws MissingNeed when one was not even looked for.
void require(const std::vector<Need>& list, const Ask& ask);

// Puts what was gathered into the context. Returns the keys that don't belong into the event: nothing was found, and
// nothing is taken back that stood there.
std::vector<std::string> add_gathered(Json& context, const Json& gathered);
// The context of an event as it was when it was decided: what was not found is null again.
void add_not_found(Json& context, const DefinitionInfo& info, std::string_view state, std::string_view command);

} // namespace cunmai::engine
