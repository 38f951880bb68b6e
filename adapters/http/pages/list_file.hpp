// A list as an Excel file: every page of it, with the filter that made it, when and for whom on a second sheet. Asks
// the same question as the page does, so nobody finds more in it than on the page.
#pragma once

#include "adapters/http/pages/view.hpp"

namespace cunmai::http::pages {

struct ListColumn {
    std::string heading;
    const char* key; // in the model of a row
    int width;       // characters
};

struct ListPart { // as many as one question gives
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

inline constexpr int list_part_rows = 100; // what a list gives at once at most

// The path of the list's file from its page, with the page's filters.
std::string file_href(const View& view);

// The filter of a page in words, from the fields of its form; what has no field is told too where it is known.
Words filter_words(View& view, const Json& fields);

Response list_file(View& view, const ListFile& list);

} // namespace cunmai::http::pages
