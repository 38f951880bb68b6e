// Every workflow of the district, in the order in which pages list them; and those that a program brings beside them.
#pragma once

#include "engine/authority.hpp"
#include "engine/registry.hpp"

namespace cunmai::workflows {

// A workflow of another house, with the roles that it needs and the district does not have.
struct Guest {
    std::unique_ptr<engine::Definition> (*workflow)() = nullptr;
    std::vector<engine::RoleInfo> roles;
};
// REQUIRES: nobody has asked for all_roles() or add_all() yet: the first thing that main() does.
void host(Guest guest);
const std::vector<Guest>& guests();

void add_all(engine::Registry& registry);

} // namespace cunmai::workflows
