// A list as an Excel file with all its pages. A second sheet says which filter was used, when and for whom. It uses the
// same query as the page, so nobody finds more in it than on the page.
#pragma once

#include "adapters/http/pages/view.hpp"

namespace cunmai::http::pages {

struct ListColumn {
    std::string heading;
    std::string key; // in the model of a row
    int width;       // characters
};

struct ListPart { // the items of one query
    Json rows;    // as models
    std::string next_cursor;
    std::int64_t total = 0;
};

using Words = std::vector<std::pair<std::string, std::string>>; // label, value

struct ListFile {
    std::string title;
    std::vector<ListColumn> columns;
    Words filter;
    std::function<ListPart(const std::string& cursor)> part;
};

inline constexpr int list_part_rows = 100; // the most that one query of a list returns

// The path of the list's file from its page, with the page's filters.
std::string file_href(const View& view);

// The filter of a page in words, from the fields of its form; known filters without a field are named, too.
Words filter_words(View& view, const Json& fields);

Response list_file(View& view, const ListFile& list);

} // namespace cunmai::http::pages
