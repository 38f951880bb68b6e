// The basis of a decision, shown at the top of a command's form: facts of the case, and what others have handed in for
// it, with their files. So officers see what they accept, endorse or grant without leaving the form.
#pragma once

#include "adapters/http/pages/case/case_model.hpp"

namespace cunmai::http::pages {

// Puts `basis` into the model: false, or {sections[{heading, rows}], has_entries, entries[as in `timeline`]}.
void put_basis(View& view, const engine::CaseRow& row, const std::string& command);

} // namespace cunmai::http::pages
