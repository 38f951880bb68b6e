// What the engine asks about a prescription beside the table. Pure.
#pragma once

#include "engine/definition.hpp"

namespace cunmai::workflows::prescription {

std::vector<engine::Task> tasks_of(const engine::CaseView& view);
std::vector<engine::Timer> timers_of(const engine::CaseView& view);
engine::Summary summary_of(const engine::CaseView& view);
std::vector<engine::Involvement> involved_in(const engine::CaseView& view);
Json relations_of(const engine::CaseView& view); // responsible_person, issuer

} // namespace cunmai::workflows::prescription
