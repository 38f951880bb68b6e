// The record of a case, checked while the page is made.
#pragma once

#include "adapters/http/pages/view.hpp"

namespace cunmai::http::pages {

// The number of the first event that does not fit, or 0 when the chain holds: numbers without gaps, each hash made from
// the bytes and the hash before, and the last hash equal to the one in the case's row.
std::int64_t first_broken(const engine::CaseRow& row, const std::vector<engine::Event>& events);

Json record_badge(const View& view, const engine::CaseRow& row, const std::vector<engine::Event>& events);

} // namespace cunmai::http::pages
