// What lists of every kind share: the way from one part to the next, counts, and the columns that a workflow gives
// them.
#pragma once

#include "adapters/http/pages/list_file.hpp"
#include "adapters/http/pages/shown.hpp"

namespace cunmai::http::pages {

// The partial `pagination` for a list with cursors. The address carries `from`, the number of
// items before this part; "previous" leads back to the beginning. False when everything is shown.
Json list_pages(const View& view, std::size_t shown, std::int64_t total, const std::string& next_cursor);

// One of the partial `counters`: open cases of the workflow in a state or of a colour, within the filter. A link to
// them.
Json count_of(const View& view, const engine::Definition& definition, const engine::Count& count,
              db::CaseFilter within);

// The partial `case_columns`: heads, and a case's row with its cells beside what case_card() gives.
Json column_heads(const View& view, const engine::Definition& definition);
Json column_rows(const View& view, const engine::Definition& definition, const std::vector<engine::CaseRow>& rows);

// Columns of the list's file: those that every list has, and the workflow's own.
std::vector<ListColumn> file_columns(const View& view, const engine::Definition& definition);

} // namespace cunmai::http::pages
