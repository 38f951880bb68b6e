#include "adapters/http/pages/lists.hpp"

#include <charconv>

namespace cunmai::http::pages {

Json list_pages(const View& view, std::size_t shown, std::int64_t total, const std::string& next_cursor) {
    const auto cursor = view.request.asked("cursor");
    if (cursor.empty() && next_cursor.empty()) return false;
    const auto from_text = view.request.asked("from");
    std::int64_t from = 0;
    std::from_chars(from_text.data(), from_text.data() + from_text.size(), from);
    if (from < 0 || from > total) from = 0;
    const auto path = view.request.path;
    Json pages{{"first", std::to_string(shown == 0 ? 0 : from + 1)},
               {"last", std::to_string(from + static_cast<std::int64_t>(shown))},
               {"total", std::to_string(total)},
               {"prev_href", false},
               {"next_href", false}};
    if (!next_cursor.empty())
        pages["next_href"] =
            path + query_with(view.request, {{"cursor", next_cursor},
                                             {"from", std::to_string(from + static_cast<std::int64_t>(shown))}});
    if (!cursor.empty()) pages["prev_href"] = path + query_with(view.request, {{"cursor", ""}, {"from", ""}});
    return pages;
}

} // namespace cunmai::http::pages
