// A whole workflow: somebody asks for leave, their superior grants or refuses it, and a timer reminds.
#pragma once
#include "engine/authority.hpp"
#include "engine/presentation.hpp"
#include <memory>
namespace cunmai::examples {
std::unique_ptr<engine::Definition> leave_request();
std::vector<engine::RoleInfo> leave_roles(); // that it needs, where the installation does not have them

// How it looks.
const engine::Presentation& leave_presentation();
std::vector<engine::ShownSection> leave_facts(const engine::CaseView& view);
} // namespace cunmai::examples
