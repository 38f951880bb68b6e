// The workflows that this program hosts, by key and version.
#pragma once

#include "engine/definition.hpp"

#include <memory>
#include <vector>

namespace cunmai::engine {

class Registry {
  public:
    void add(std::unique_ptr<Definition> definition); // REQUIRES: key and version not yet there

    const Definition* find(std::string_view key, int version) const;
    const Definition* newest(std::string_view key) const;
    std::vector<const Definition*> all() const; // in the order added

  private:
    std::vector<std::unique_ptr<Definition>> definitions_;
};

} // namespace cunmai::engine
