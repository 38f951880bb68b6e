// What the rows of a command need from outside the case. Needs are declared by the table's conditions and actions
// (table.hpp). They are gathered before the command is decided, and must be there when it is decided. A need for which
// nothing was found is left out of the event.
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

// The needs of a row, or of all rows of a command: each once, and each after the needs that it reads itself.
class NeedList {
  public:
    // Throws std::logic_error when another need of the list, or the engine itself, uses the key.
    void add(const Need& need);
    void add(const NeedList& other);
    std::vector<std::string> keys() const;

    // Key → what was found, or null.
    Json gather(const Ask& ask, const CommandInfo& command, Knowledge& knowledge) const;
    // Throws MissingNeed when a need was never gathered.
    void demand(const Ask& ask) const;

  private:
    std::vector<Need> list_;
};

// Puts what was gathered into the context. Returns the keys that don't belong into the event, because nothing was found
// and the context had nothing under that key before.
std::vector<std::string> add_gathered(Json& context, const Json& gathered);
// Restores the context of an event as it was when the command was decided: needs that were not found are null again.
void add_not_found(Json& context, const DefinitionInfo& info, std::string_view state, std::string_view command);

} // namespace cunmai::engine
