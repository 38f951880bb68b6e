// How a village's case is shown: data, and what is read from its facts.
#pragma once

#include "engine/presentation.hpp"

namespace cunmai::workflows::village {

const engine::Presentation& presentation();
std::vector<engine::ShownSection> sections_of(const engine::CaseView& view, const engine::RuleLookup& rules);
std::optional<std::vector<engine::ShownRow>> told_by(std::string_view command, const Json& payload);

} // namespace cunmai::workflows::village
