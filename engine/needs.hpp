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

// Of a row, or of all rows of a command: each once, and each after those that it reads itself.
class NeedList {
  public:
    // Throws std::logic_error when the key is another need's here, or the engine's own.
    void add(const Need& need);
    void add(const NeedList& other);
    std::vector<std::string> keys() const;

    // Key → what was found, or null.
    Json gather(const Ask& ask, const CommandInfo& command, Knowledge& knowledge) const;
    // Throws MissingNeed when one was not even looked for.
    void demand(const Ask& ask) const;

  private:
    std::vector<Need> list_;
};

// Puts what was gathered into the context. Returns the keys that don't belong into the event: nothing was found, and
// nothing is taken back that stood there.
std::vector<std::string> add_gathered(Json& context, const Json& gathered);
// The context of an event as it was when it was decided: what was not found is null again.
void add_not_found(Json& context, const DefinitionInfo& info, std::string_view state, std::string_view command);

} // namespace cunmai::engine
