// What stands in a case's facts, in words, as its workflow shows it.
#pragma once

#include "adapters/http/pages/case/case_model.hpp"

namespace cunmai::http::pages {

// Rows of the summary: number, what its workflow says of it, and when it was opened and changed.
Json summary_rows(const View& view, const engine::CaseRow& row, const Sections& sections, const Names& names);

// The other sections that the viewer finds on the case's page: (heading, rows). Those that hold nothing are left out.
Json section_models(const View& view, const engine::CaseRow& row, const Sections& sections, const Names& names);

// The partial `case_card`, on a board or below the case that opened it.
void want_people_of_card(const App& app, const engine::CaseRow& row, Names& names);
Json board_card(const View& view, const engine::CaseRow& row, const Names& names, bool with_place);

} // namespace cunmai::http::pages
