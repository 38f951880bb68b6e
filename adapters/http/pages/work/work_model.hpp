// Items of a worklist as models, for the worklist and for the worktop.
#pragma once

#include "adapters/http/pages/view.hpp"

namespace cunmai::http::pages {

// `to_do`: the items are tasks to be done (else cases that were dealt with); `back`: where claiming returns to.
Json work_items(View& view, const std::vector<db::WorkItem>& items, bool to_do, const std::string& back);

// What the address asks for: of the page and of its file.
db::WorkFilter work_filter(const Request& request);

} // namespace cunmai::http::pages
