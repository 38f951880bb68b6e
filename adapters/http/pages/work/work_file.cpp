// The worklist as a file.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/list_file.hpp"
#include "adapters/http/pages/person_names.hpp"
#include "adapters/http/pages/work/work_model.hpp"

namespace cunmai::http::pages {

namespace {

Words words_of(const View& view, const db::WorkFilter& filter) {
    const auto& language = view.language();
    Words words{{view.t("page.export.box"), view.t("page.work.box_" + filter.box)}};
    const auto add = [&](const char* label, const std::string& value) {
        if (!value.empty()) words.emplace_back(view.t(label), value);
    };
    add("page.filter.text", filter.text);
    if (!filter.due.empty())
        add("page.filter.due", view.t(filter.due == "overdue" ? "page.home.overdue" : "page.home.due_soon"));
    if (!filter.role.empty()) add("page.filter.role", role_name(language, filter.role));
    if (!filter.definition.empty()) add("page.filter.definition", definition_name(language, filter.definition));
    return words;
}

std::vector<ListColumn> columns_of(const View& view, bool to_do) {
    std::vector<ListColumn> columns{{view.t("ui.number"), "number", 24}, {view.t("page.col.case"), "case_title", 36}};
    if (to_do) columns.push_back({view.t("page.export.task"), "task", 20});
    for (const auto& column : std::initializer_list<ListColumn>{{view.t("page.filter.definition"), "definition", 16},
                                                                {view.t("page.col.place"), "place", 18},
                                                                {view.t("page.col.category"), "category", 18},
                                                                {view.t("page.col.state"), "tag_text", 16},
                                                                {view.t("page.col.due"), "due_on", 12},
                                                                {view.t("page.export.left"), "due_text", 16}})
        columns.push_back(column);
    if (!to_do) return columns;
    columns.push_back({view.t("page.filter.role"), "role", 20});
    columns.push_back({view.t("page.export.acting_for"), "acting_for", 20});
    columns.push_back({view.t("page.export.claimed"), "claimed_text", 20});
    return columns;
}

void put_numbers(const View& view, const std::vector<db::WorkItem>& items, Json& models) {
    std::vector<engine::CaseRow> rows(items.size());
    for (std::size_t at = 0; at < items.size(); ++at) rows[at].id = items[at].case_id;
    view.want_numbers(rows);
    for (std::size_t at = 0; at < items.size(); ++at) models[at]["number"] = view.number(items[at].case_id);
}

} // namespace

Response export_work(App& app, const Request& request) {
    View view(app, request);
    auto filter = work_filter(request);
    filter.limit = list_part_rows;
    const bool to_do = filter.box == "todo";
    const auto part = [&](const std::string& cursor) {
        filter.cursor = cursor;
        const auto work = view.reading().worklist(filter);
        auto rows = work_items(view, work.items, to_do, "");
        put_numbers(view, work.items, rows);
        return ListPart{std::move(rows), work.next_cursor, work.total};
    };
    return list_file(view, {view.t("page.work.title"), columns_of(view, to_do), words_of(view, filter), part});
}

} // namespace cunmai::http::pages
