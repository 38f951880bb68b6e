// The record of a case, checked while the page is made.
#pragma once

#include "adapters/http/pages/view.hpp"

namespace cunmai::http::pages {

// The partial `record_badge`: what the check of the record found, and how much of the record it looked at.
Json record_badge(const View& view, const engine::CaseRow& row, const RecordCheck& check);

} // namespace cunmai::http::pages
