// Items of a worklist as models, for the worklist and the home page.
#pragma once

#include "adapters/http/pages/view.hpp"

namespace cunmai::http::pages {

// `to_do`: the items are open tasks, otherwise cases that were dealt with. `back`: where claiming returns to.
Json work_items(View& view, const std::vector<db::WorkItem>& items, bool to_do, const std::string& back);

// The filter in the address, for the page and for its file.
db::WorkFilter work_filter(const Request& request);

} // namespace cunmai::http::pages
