// How a prescription is shown: data, and what is read from its facts.
#pragma once

#include "engine/presentation.hpp"

namespace cunmai::workflows::prescription {

const engine::Presentation& presentation();
std::vector<engine::ShownSection> sections_of(const engine::CaseView& view);
engine::Card card_of(const engine::CaseView& view);

} // namespace cunmai::workflows::prescription
