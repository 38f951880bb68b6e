// Which tasks of a worklist can be done together, and how the list names a task that was ticked.
#pragma once

#include "db/cases/cases.hpp"
#include "engine/definition.hpp"

namespace cunmai::http::pages {

// Filled in once for several cases: nothing in it differs from case to case, is a person's own, or can't be taken back.
bool may_be_bulk(const engine::CommandInfo& command);

std::string choice_of(const db::WorkItem& item); // "definition/command/case" or "…/case~person acted for"

} // namespace cunmai::http::pages
