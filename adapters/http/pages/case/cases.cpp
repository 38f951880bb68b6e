// Case search, on the page and as a file.
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/forms.hpp"
#include "adapters/http/pages/handlers.hpp"
#include "adapters/http/pages/list_file.hpp"
#include "adapters/http/pages/lists.hpp"

namespace cunmai::http::pages {

namespace {

constexpr int page_size = 20;

std::vector<Option> states_of(const View& view, const std::string& definition) {
    std::vector<Option> options;
    for (const auto* one : view.app.registry.all()) {
        if (one->info().key != definition) continue;
        for (const auto& state : one->info().states)
            options.push_back({state.key, state_name(view.language(), definition, state.key), ""});
    }
    return options;
}

// Towns that the person sees; nobody needs to choose between villages here: the text finds them.
std::vector<Option> towns(const View& view) {
    std::vector<Option> options;
    for (const auto& town : view.app.places.within(view.viewer().scopes, "town", "", 100, ""))
        options.push_back({town.code, town.name, ""});
    return options;
}

db::CaseFilter filter_of(const Request& request) {
    db::CaseFilter filter;
    filter.definition = request.asked("definition", "village_lifecycle");
    filter.state = request.asked("state");
    filter.place_code = request.asked("place");
    filter.category = request.asked("category");
    filter.colour = request.asked("colour");
    filter.text = request.asked("text");
    filter.batch = request.asked("round");
    filter.open_only = request.asked("open") == "yes";
    filter.final_only = request.asked("open") == "no";
    const auto sort = request.asked("sort", "-updated");
    filter.sort = sort == "due" || sort == "place" || sort == "title" || sort == "-opened" ? sort : "-updated";
    return filter;
}

Json filter_fields(const View& view, const db::CaseFilter& filter) {
    const auto& language = view.language();
    std::vector<Option> definitions, categories, colours;
    for (const auto* one : view.app.registry.all())
        definitions.push_back({one->info().key, definition_name(language, one->info().key), ""});
    for (const auto* key : {"organisation", "governance", "disputes", "integrity", "economy"})
        categories.push_back({key, category_name(language, key), ""});
    for (const auto* key : {"red", "yellow", "green"}) colours.push_back({key, colour_name(language, key), ""});
    const auto any = view.t("page.any");
    auto text = input("text", view.t("page.cases.text"), filter.text, "search");
    text["hint"] = view.t("page.cases.text_hint");
    auto fields = Json::array(
        {text, select("definition", view.t("page.filter.definition"), filter.definition, definitions),
         select("state", view.t("page.filter.state"), filter.state, states_of(view, filter.definition), any)});
    if (const auto options = towns(view); options.size() > 1)
        fields.push_back(select("place", view.t("page.filter.town"), filter.place_code, options, any));
    fields.push_back(select("category", view.t("page.filter.category"), filter.category, categories, any));
    fields.push_back(select("colour", view.t("page.filter.colour"), filter.colour, colours, any));
    fields.push_back(select("open", view.t("page.filter.open"), view.request.asked("open"),
                            {{"yes", view.t("page.filter.open_yes"), ""}, {"no", view.t("page.filter.open_no"), ""}},
                            any));
    fields.push_back(select("sort", view.t("page.filter.sort"), filter.sort,
                            {{"-updated", view.t("page.sort.updated"), ""},
                             {"-opened", view.t("page.sort.opened"), ""},
                             {"due", view.t("page.sort.due"), ""},
                             {"place", view.t("page.sort.place"), ""}}));
    for (auto& field : fields) field["required"] = true; // no "optional" mark in a filter
    return fields;
}

} // namespace

Response show_cases(App& app, const Request& request) {
    View view(app, request);
    auto& model = view.model;
    auto filter = filter_of(request);
    filter.cursor = request.asked("cursor");
    filter.limit = page_size;
    const auto found = app.cases.list(view.viewer(), filter);

    view.title(view.t("page.cases.title"));
    model["fields"] = filter_fields(view, filter);

    view.want_numbers(found.rows);
    auto rows = Json::array();
    for (const auto& row : found.rows) rows.push_back(case_card(view, row));
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    model["total_text"] = view.t("page.cases.total", {{"total", found.total}});
    model["export_href"] = file_href(view);
    model["pages"] = list_pages(view, found.rows.size(), found.total, found.next_cursor);
    model["empty"] = {{"empty_text", view.t(request.query.empty() ? "page.cases.empty" : "page.filter.nothing")},
                      {"empty_href", request.query.empty() ? Json(false) : Json("/cases")},
                      {"empty_link", request.query.empty() ? Json(false) : Json(view.t("page.filter.clear"))}};
    model["opens_cases"] = view.viewer().has_role("panel_leader") || view.viewer().has_role("town_supervisor");
    model["audits"] = !view.viewer().audited.empty();
    return view.page("cases");
}

Response export_cases(App& app, const Request& request) {
    View view(app, request);
    auto filter = filter_of(request);
    filter.limit = list_part_rows;
    const std::vector<ListColumn> columns{{view.t("ui.number"), "number", 24},
                                          {view.t("page.col.case"), "case_title", 36},
                                          {view.t("page.filter.definition"), "definition", 16},
                                          {view.t("page.col.place"), "place", 18},
                                          {view.t("page.col.category"), "category", 18},
                                          {view.t("page.col.state"), "tag_text", 16},
                                          {view.t("page.col.colour"), "colour_text", 12},
                                          {view.t("page.col.due"), "due_on", 12},
                                          {view.t("page.export.left"), "due_text", 16},
                                          {view.t("page.export.opened"), "opened_text", 17},
                                          {view.t("page.col.updated"), "updated_text", 17}};
    const auto part = [&](const std::string& cursor) {
        filter.cursor = cursor;
        const auto found = app.cases.list(view.viewer(), filter);
        view.want_numbers(found.rows);
        auto rows = Json::array();
        for (const auto& row : found.rows) rows.push_back(case_card(view, row));
        return ListPart{std::move(rows), found.next_cursor, found.total};
    };
    const auto words = filter_words(view, filter_fields(view, filter));
    return list_file(view, {view.t("page.cases.title"), columns, words, part});
}

} // namespace cunmai::http::pages
