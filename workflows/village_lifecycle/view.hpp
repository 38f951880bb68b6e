// What the engine asks about a village's case beside the table: who is expected to act, when, what lists show, and what
// is kept out of the record. Pure.
#pragma once

#include "engine/definition.hpp"

namespace cunmai::workflows::village {

std::vector<engine::Task> tasks_of(const engine::CaseView& view);
std::vector<engine::Timer> timers_of(const engine::CaseView& view);
engine::Summary summary_of(const engine::CaseView& view);
std::vector<engine::Involvement> involved_in(const engine::CaseView& view);

std::optional<engine::Seal> seal_of(const engine::Ask& ask);      // the choice of a secret vote
std::optional<std::string> box_opened_by(const engine::Ask& ask); // close_ballot counts it

} // namespace cunmai::workflows::village
