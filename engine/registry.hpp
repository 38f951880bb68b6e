// The workflows that this program hosts, by key and version. New cases are opened in the newest version. A running case
// stays in its version until it is migrated, and a closed case for ever, so old versions must stay here.
#pragma once

#include "engine/definition.hpp"

#include <memory>
#include <vector>

namespace cunmai::engine {

class Registry {
  public:
    void add(std::unique_ptr<Definition> definition); // throws std::logic_error when key and version exist

    const Definition* find(std::string_view key, int version) const;
    const Definition* newest(std::string_view key) const;
    std::vector<const Definition*> all() const;     // in the order added
    std::vector<const Definition*> current() const; // the newest of each key, in the order in which the keys were added

  private:
    std::vector<std::unique_ptr<Definition>> definitions_;
};

} // namespace cunmai::engine
