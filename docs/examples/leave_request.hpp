// A whole workflow: somebody asks for leave, their superior grants or refuses it, and a timer reminds.
#pragma once
#include "engine/definition.hpp"
#include <memory>
namespace cunmai::examples {
std::unique_ptr<engine::Definition> leave_request();
}
