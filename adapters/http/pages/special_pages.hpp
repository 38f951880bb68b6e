// The one table of the pages that a single workflow has for itself (workflows/special_pages.hpp): key → path.
#pragma once

#include <string>
#include <string_view>

namespace cunmai::http::pages {

// The path of the page; about a case, where it is about one. Throws std::logic_error for a key that is not in the
// table.
std::string special_page(std::string_view key, std::string_view case_id = "");

} // namespace cunmai::http::pages
