// The record of a case, checked while the page is made.
#pragma once

#include "adapters/http/pages/view.hpp"

namespace cunmai::http::pages {

// The first event that does not fit (its number), 0 when the chain holds: numbers without gaps, each hash over the
// bytes and the hash before, the last one equal to the case's head.
std::int64_t first_broken(const engine::CaseRow& row, const std::vector<engine::Event>& events);

Json record_badge(const View& view, const engine::CaseRow& row, const std::vector<engine::Event>& events);

} // namespace cunmai::http::pages
