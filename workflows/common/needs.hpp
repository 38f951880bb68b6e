// What conditions of several workflows need from outside a case, and questions about people that needs ask.
#pragma once

#include "engine/table.hpp"

namespace cunmai::workflows {

// Keys of the fields that name a document which was never uploaded; null when every document exists.
struct MissingDocuments {
    static constexpr std::string_view key = "documents_missing";
    static Json gather(const engine::Ask& ask, const engine::CommandInfo& command, engine::Knowledge& knowledge);
};

// Whether the person holds any role that acts in cases at the place.
bool acts_at(engine::Knowledge& knowledge, const std::string& person, std::string_view place_path);

// Committee members and chair over the place: ids, sorted, each once.
std::vector<std::string> committee(engine::Knowledge& knowledge, std::string_view place_path);

} // namespace cunmai::workflows
