#include "engine/registry.hpp"

#include <algorithm>
#include <stdexcept>

namespace cunmai::engine {

void Registry::add(std::unique_ptr<Definition> definition) {
    const auto& info = definition->info();
    if (find(info.key, info.version))
        throw std::logic_error("workflow " + info.key + " version " + std::to_string(info.version) + " is there twice");
    definitions_.push_back(std::move(definition));
}

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

std::vector<const Definition*> Registry::current() const {
    std::vector<const Definition*> list;
    for (const auto& definition : definitions_) {
        const auto* one = newest(definition->info().key);
        if (std::find(list.begin(), list.end(), one) == list.end()) list.push_back(one);
    }
    return list;
}

} // namespace cunmai::engine
