// Gathering from outside a case: what several workflows put into a command's context.
#pragma once

#include "engine/definition.hpp"

namespace cunmai::workflows {

// Keys of the document fields that name a document which was never uploaded. REQUIRES: a checked payload.
Json missing_documents(const engine::DefinitionInfo& info, const engine::Ask& ask, engine::Knowledge& knowledge);

bool holds_role(engine::Knowledge& knowledge, std::string_view role, const std::string& person,
                std::string_view place_path);

// Whether the person holds any role that acts in cases at the place.
bool acts_at(engine::Knowledge& knowledge, const std::string& person, std::string_view place_path);

// Committee members and chair over the place: ids, sorted, each once.
std::vector<std::string> committee(engine::Knowledge& knowledge, std::string_view place_path);

} // namespace cunmai::workflows
