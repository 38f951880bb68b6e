// What all lists share: the links from one part to the next.
#pragma once

#include "adapters/http/pages/view.hpp"

namespace cunmai::http::pages {

// The partial `pagination` for a list with cursors. The address carries `from`, the number of
// items before this part; "previous" leads back to the beginning. False when everything is shown.
Json list_pages(const View& view, std::size_t shown, std::int64_t total, const std::string& next_cursor);

} // namespace cunmai::http::pages
