#include "adapters/http/pages/list_file.hpp"

#include "adapters/files/xlsx.hpp"
#include "adapters/http/edge/download.hpp"
#include "adapters/http/pages/shown.hpp"
#include "adapters/http/wire/temp_file.hpp"

#include <fstream>

namespace cunmai::http::pages {

namespace {

constexpr std::string_view extension = ".xlsx";

std::string text_in(const Json& model, const std::string& key) {
    const auto& value = model.at(key);
    return value.is_string() ? value.get<std::string>() : "";
}

std::string place_name(const View& view, const std::string& code) {
    const auto place = view.app.places.find(code);
    return place && view.viewer().sees(place->path) ? place->name : code;
}

// The value of a filter's field in words; "" when it filters nothing.
std::string said(const View& view, const Json& field) {
    const auto name = text_in(field, "name");
    if (field.at("is_check") == true) return field.at("checked") == true ? view.t("page.yes") : "";
    if (field.at("is_select") == false) return text_in(field, "value");
    for (const auto& option : field.at("options"))
        if (option.at("chosen") == true) return text_in(option, "text");
    const auto asked = view.request.asked(name); // a filter from the address that the form does not offer
    if (!asked.empty()) return name == "place" ? place_name(view, asked) : asked;
    const auto otherwise = text_in(field, "empty_option");
    return otherwise == view.t("page.any") ? "" : otherwise;
}

// The filters in the address, without the position of a page and the messages about what was done.
std::string filters_of(const View& view) {
    return query_with(view.request, {{"cursor", ""}, {"from", ""}, {"not_done", ""}});
}

std::string page_address(const View& view) {
    const auto& path = view.request.path;
    return path.substr(0, path.size() - extension.size()) + filters_of(view);
}

// Writes the rows, and says how many were written, how many there are, and whether the rest was cut off.
struct Written {
    int rows = 0;
    std::int64_t total = 0;
    bool cut = false;
};

Written write_rows(xlsx::Workbook& book, const ListFile& list, int rows_max) {
    Written written;
    std::string cursor;
    do {
        const auto part = list.part(cursor);
        if (cursor.empty()) written.total = part.total;
        for (const auto& row : part.rows) {
            if (written.rows == rows_max) {
                written.cut = true;
                return written;
            }
            std::vector<std::string> cells;
            for (const auto& column : list.columns) cells.push_back(text_in(row, column.key));
            book.row(cells);
            ++written.rows;
        }
        cursor = part.next_cursor;
    } while (!cursor.empty());
    return written;
}

void write_about(View& view, xlsx::Workbook& book, const ListFile& list, const Written& written,
                 const std::string& notice) {
    constexpr int label_width = 20, text_width = 80;
    book.sheet(view.t("page.export.about"), {{"", label_width}, {"", text_width}});
    const auto say = [&](const char* label, const std::string& text) { book.row({view.t(label), text}); };
    if (written.cut) say("page.export.incomplete", notice);
    say("page.export.list_name", list.title);
    for (const auto& [label, value] : list.filter) book.row({view.t("page.export.filter", {{"label", label}}), value});
    if (list.filter.empty()) say("page.export.filters", view.t("page.export.no_filter"));
    say("page.export.address", page_address(view));
    say("page.export.rows", std::to_string(written.rows));
    say("page.export.total", std::to_string(written.total));
    say("page.export.at", view.local(view.app.clock.now()));
    const auto& person = view.request.who().person;
    say("page.export.for", person.name + " (" + person.login + ")");
}

} // namespace

std::string file_href(const View& view) { return view.request.path + std::string(extension) + filters_of(view); }

Words filter_words(View& view, const Json& fields) {
    Words words;
    bool has_place = false, has_round = false;
    for (const auto& field : fields) {
        has_place = has_place || text_in(field, "name") == "place";
        has_round = has_round || text_in(field, "name") == "round";
        if (auto value = said(view, field); !value.empty()) words.emplace_back(text_in(field, "label"), value);
    }
    if (const auto place = view.request.asked("place"); !has_place && !place.empty())
        words.emplace_back(view.t("page.filter.place"), place_name(view, place));
    if (const auto round = view.request.asked("round"); !has_round && !round.empty()) // one that they may not know of
        words.emplace_back(view.t("page.case.round"), round);
    return words;
}

Response list_file(View& view, const ListFile& list) {
    const auto& config = view.app.config;
    const auto file = std::make_shared<TempFile>(config.data_dir);
    xlsx::Workbook book(file->path(), config.data_dir + "/tmp", list.title);
    std::vector<xlsx::Column> columns;
    for (const auto& column : list.columns) columns.push_back({column.heading, column.width});
    book.sheet(view.t("page.export.list"), columns);
    const auto written = write_rows(book, list, config.export_rows_max);
    const auto notice = view.t("page.export.cut", {{"rows", written.rows}, {"total", written.total}});
    if (written.cut) book.row({notice});
    write_about(view, book, list, written, notice);
    book.close();

    Response response;
    response.stream = [file](std::ostream& out) { out << std::ifstream(file->path(), std::ios::binary).rdbuf(); };
    as_download(response, xlsx::media_type, list.title + " " + view.app.today() + std::string(extension));
    return response;
}

} // namespace cunmai::http::pages
