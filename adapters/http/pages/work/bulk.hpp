// Which tasks of a worklist can be done together, and how the list identifies a ticked task.
#pragma once

#include "db/cases/cases.hpp"
#include "engine/definition.hpp"

namespace cunmai::http::pages {

// Whether the command can be filled in once for several cases: its input does not differ from case to case, it is not
// personal, and it does not end something for good.
bool may_be_bulk(const engine::Definition& definition, const engine::CommandInfo& command);

std::string choice_of(const db::WorkItem& item); // "definition/command/case" or "…/case~person acted for"

} // namespace cunmai::http::pages
