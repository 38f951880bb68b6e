// What a command decides on, for the top of its form: what stands in the case, and what others handed in for it, with
// their files. An officer who accepts, endorses or grants sees what, without leaving the form.
#pragma once

#include "adapters/http/pages/case/case_model.hpp"

namespace cunmai::http::pages {

// Puts `basis` into the model: false, or {sections[{heading, rows}], has_entries, entries[as in `timeline`]}.
void put_basis(View& view, const engine::CaseRow& row, const std::string& command);

} // namespace cunmai::http::pages
