// What the engine asks about a village's case beside the table: what a command needs from outside, who is expected to
// act, when, and what lists show. Pure but for gather(), which reads through Knowledge.
#pragma once

#include "engine/definition.hpp"

namespace cunmai::workflows::village {

Json gather(const engine::DefinitionInfo& info, const engine::Ask& ask, engine::Knowledge& knowledge);

std::vector<engine::Task> tasks_of(const engine::CaseView& view);
std::vector<engine::Timer> timers_of(const engine::CaseView& view);
engine::Summary summary_of(const engine::CaseView& view);
std::vector<engine::Involvement> involved_in(const engine::CaseView& view);

std::optional<engine::Seal> seal_of(const engine::Ask& ask);      // the choice of a secret vote
std::optional<std::string> box_opened_by(const engine::Ask& ask); // close_ballot counts it

} // namespace cunmai::workflows::village
