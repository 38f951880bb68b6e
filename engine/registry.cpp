#include "engine/registry.hpp"

namespace cunmai::engine {

void Registry::add(std::unique_ptr<Definition> definition) { definitions_.push_back(std::move(definition)); }

const Definition* Registry::find(std::string_view key, int version) const {
    for (const auto& definition : definitions_)
        if (definition->info().key == key && definition->info().version == version) return definition.get();
    return nullptr;
}

const Definition* Registry::newest(std::string_view key) const {
    const Definition* newest = nullptr;
    for (const auto& definition : definitions_)
        if (definition->info().key == key && (!newest || definition->info().version > newest->info().version))
            newest = definition.get();
    return newest;
}

std::vector<const Definition*> Registry::all() const {
    std::vector<const Definition*> list;
    for (const auto& definition : definitions_) list.push_back(definition.get());
    return list;
}

} // namespace cunmai::engine
