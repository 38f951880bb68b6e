#include "adapters/http/pages/lists.hpp"

#include "adapters/http/pages/case/case_model.hpp"

#include <algorithm>
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

Json count_of(const View& view, const engine::Definition& definition, const engine::Count& count,
              db::CaseFilter within) {
    const auto& key = definition.info().key;
    within.definition = key;
    within.state = count.state;
    within.colour = count.colour;
    within.open_only = count.state.empty();
    within.final_only = false;
    within.cursor.clear();
    within.limit = 1;
    const auto number = view.reading().list(within).total;
    auto href = list_href(view.app, key);
    for (const auto& [name, value] : {std::pair{"state", within.state},
                                      {"colour", within.colour},
                                      {"place", within.place_code},
                                      {"text", within.text}})
        if (!value.empty()) href = with_word(href, std::string(name) + "=" + encode(value));
    const auto text = !count.message.empty() ? view.t(count.message)
                      : count.state.empty()  ? colour_name(view.language(), within.colour)
                                             : state_name(view.language(), key, within.state);
    const bool has_tone = number > 0 && !count.colour.empty();
    return {{"href", href},
            {"number", std::to_string(number)},
            {"counter_text", text},
            {"tone", has_tone ? std::string(count.colour) : "neutral"}};
}

namespace {

using Of = engine::Column::Of;

std::string heading_of(const View& view, const engine::Definition& definition, const engine::Column& column) {
    if (!column.heading.empty()) return view.t(column.heading);
    switch (column.of) {
    case Of::title: return view.t("page.col.case");
    case Of::number: return view.t("ui.number");
    case Of::place: return view.t("page.col.place");
    case Of::state: return view.t("page.col.state");
    case Of::category: return view.t("page.col.category");
    case Of::due: return view.t("page.col.due");
    case Of::updated: return view.t("page.col.updated");
    case Of::opened: return view.t("page.export.opened");
    case Of::fact: break;
    }
    const auto relation = "relation." + std::string(column.fact);
    if (texts::has(view.language(), relation)) return view.t(relation);
    return field_name(view.language(), column.fact, definition.info().key);
}

const char* key_of(Of of) { // in the model of case_card()
    switch (of) {
    case Of::title: return "case_title";
    case Of::number: return "number";
    case Of::place: return "place";
    case Of::state: return "tag_text";
    case Of::category: return "category";
    case Of::due: return "due_on";
    case Of::updated: return "updated_text";
    case Of::opened: return "opened_text";
    case Of::fact: break;
    }
    return "";
}

Json cell_of(const Json& card, const engine::Column& column, const std::string& heading, const std::string& fact) {
    const auto is = [&](Of of) { return column.of == of; };
    Json cell{{"cell_label", heading},      {"is_title", is(Of::title)}, {"is_state", is(Of::state)},
              {"is_due", is(Of::due)},      {"is_mono", is(Of::number)}, {"is_plain", false},
              {"cell_text", or_false(fact)}};
    if (is(Of::title) || is(Of::state) || is(Of::due)) return cell; // the row has all of it
    if (!is(Of::fact)) cell["cell_text"] = card.at(key_of(column.of));
    cell["is_plain"] = !is(Of::number);
    return cell;
}

} // namespace

Json column_heads(const View& view, const engine::Definition& definition) {
    auto heads = Json::array();
    for (const auto& column : columns_of(definition))
        heads.push_back({{"head_text", heading_of(view, definition, column)}});
    return heads;
}

Json column_rows(const View& view, const engine::Definition& definition, const std::vector<engine::CaseRow>& rows) {
    view.want_numbers(rows);
    const auto columns = columns_of(definition);
    std::vector<std::vector<engine::Shown>> facts;
    Names names;
    for (const auto& row : rows) {
        auto& shown = facts.emplace_back();
        for (const auto& column : columns) {
            shown.push_back(column.of == Of::fact ? definition.column(view_of(row), column.fact) : engine::Shown{});
            want(shown.back(), names);
        }
    }
    names.load(view.app.people, view.language());
    auto models = Json::array();
    for (std::size_t at = 0; at < rows.size(); ++at) {
        auto card = case_card(view, rows[at]);
        auto cells = Json::array();
        for (std::size_t one = 0; one < columns.size(); ++one) {
            const auto text = say(view, facts[at][one], names, definition.info().key);
            if (columns[one].of == Of::fact) card["fact_" + std::string(columns[one].fact)] = text;
            cells.push_back(cell_of(card, columns[one], heading_of(view, definition, columns[one]), text));
        }
        card["cells"] = std::move(cells);
        models.push_back(std::move(card));
    }
    return models;
}

std::vector<ListColumn> file_columns(const View& view, const engine::Definition& definition) {
    const auto& shown = definition.presentation();
    std::vector<ListColumn> columns{{view.t("ui.number"), "number", 24},
                                    {view.t("page.col.case"), "case_title", 36},
                                    {view.t("page.filter.definition"), "definition", 16},
                                    {view.t("page.col.place"), "place", 18}};
    if (!shown.categories.empty()) columns.push_back({view.t("page.col.category"), "category", 18});
    columns.push_back({view.t("page.col.state"), "tag_text", 16});
    if (shown.coloured) columns.push_back({view.t("page.col.colour"), "colour_text", 12});
    for (const auto& column : columns_of(definition))
        if (column.of == Of::fact)
            columns.push_back({heading_of(view, definition, column), "fact_" + std::string(column.fact), 18});
    for (const auto& column : std::initializer_list<ListColumn>{{view.t("page.col.due"), "due_on", 12},
                                                                {view.t("page.export.left"), "due_text", 16},
                                                                {view.t("page.export.opened"), "opened_text", 17},
                                                                {view.t("page.col.updated"), "updated_text", 17}})
        columns.push_back(column);
    return columns;
}

} // namespace cunmai::http::pages
