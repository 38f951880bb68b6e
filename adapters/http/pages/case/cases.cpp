// Case search, on the page and as a file.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/forms.hpp"
#include "adapters/http/pages/list_file.hpp"
#include "adapters/http/pages/lists.hpp"

#include <algorithm>
#include <set>

namespace cunmai::http::pages {

namespace {

constexpr int page_size = 20;

std::vector<Option> states_of(const View& view, const engine::Definition& definition) {
    std::vector<Option> options;
    std::set<std::string> known; // of all versions, because cases may be in an older one
    for (const auto* one : view.app.registry.all()) {
        if (one->info().key != definition.info().key) continue;
        for (const auto& state : one->info().states)
            if (known.insert(state.key).second)
                options.push_back({state.key, state_name(view.language(), one->info().key, state.key), ""});
    }
    return options;
}

// The workflow that the filter names; the first, when it names none.
const engine::Definition& workflow_of(const App& app, const Request& request) {
    const auto* named = app.registry.newest(request.asked("definition"));
    return named ? *named : *app.registry.current().front();
}

// Towns that the person sees; nobody needs to choose between villages here: the text finds them. A village that a link
// names can be kept.
std::vector<Option> places(const View& view, const std::string& asked) {
    std::vector<Option> options;
    for (const auto& town : view.app.places.within(view.viewer().scopes, "town", "", 100, ""))
        options.push_back({town.code, town.name, ""});
    if (options.size() < 2) options.clear();
    const auto place = view.app.places.find(asked);
    const bool is_offered =
        std::any_of(options.begin(), options.end(), [&](const Option& option) { return option.value == asked; });
    if (place && view.viewer().sees(place->path) && !is_offered) options.push_back({place->code, place->name, ""});
    return options;
}

// The case in whose name others were opened, when a link names it; nobody chooses one here.
std::vector<Option> rounds(const View& view, const std::string& asked) {
    const auto row = asked.empty() ? std::nullopt : view.reading().find({asked});
    return row ? std::vector<Option>{{asked, case_title(view, *row), ""}} : std::vector<Option>{};
}

db::CaseFilter filter_of(const View& view) {
    const auto& request = view.request;
    const auto& workflow = workflow_of(view.app, request);
    db::CaseFilter filter;
    filter.definition = workflow.info().key;
    const auto states = states_of(view, workflow);
    if (std::any_of(states.begin(), states.end(), // one of another kind's would filter unseen
                    [&](const Option& state) { return state.value == request.asked("state"); }))
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
    const auto& workflow = workflow_of(view.app, view.request);
    std::vector<Option> definitions, categories, colours;
    for (const auto* one : view.app.registry.current())
        definitions.push_back({one->info().key, definition_name(language, one->info().key), ""});
    for (const auto key : workflow.presentation().categories)
        categories.push_back({std::string(key), category_name(language, key), ""});
    for (const auto* key : {"red", "yellow", "green"}) colours.push_back({key, colour_name(language, key), ""});
    const auto any = view.t("page.any");
    auto text = input("text", view.t("page.cases.text"), filter.text, "search");
    text["hint"] = view.t("page.cases.text_hint");
    auto fields =
        Json::array({text, select("definition", view.t("page.filter.definition"), filter.definition, definitions),
                     select("state", view.t("page.filter.state"), filter.state, states_of(view, workflow), any)});
    if (const auto options = places(view, filter.place_code); !options.empty())
        fields.push_back(select("place", view.t("page.filter.town"), filter.place_code, options, any));
    if (const auto options = rounds(view, filter.batch); !options.empty())
        fields.push_back(select("round", view.t("page.case.round"), filter.batch, options, any));
    if (!categories.empty())
        fields.push_back(select("category", view.t("page.filter.category"), filter.category, categories, any));
    if (workflow.presentation().coloured)
        fields.push_back(select("colour", view.t("page.filter.colour"), filter.colour, colours, any));
    fields.push_back(select("open", view.t("page.filter.open"), view.request.asked("open"),
                            {{"yes", view.t("page.filter.open_yes"), ""}, {"no", view.t("page.filter.open_no"), ""}},
                            any));
    fields.push_back(select("sort", view.t("page.filter.sort"), filter.sort,
                            {{"-updated", view.t("page.sort.updated"), ""},
                             {"-opened", view.t("page.sort.opened"), ""},
                             {"due", view.t("page.sort.due"), ""},
                             {"place", view.t("page.sort.place"), ""}}));
    return fields;
}

} // namespace

Response show_cases(App& app, const Request& request) {
    View view(app, request);
    auto& model = view.model;
    const auto& workflow = workflow_of(app, request);
    auto filter = filter_of(view);
    filter.cursor = request.asked("cursor");
    filter.limit = page_size;
    const auto found = view.reading().list(filter);

    view.title(view.t("page.cases.title"));
    model["fields"] = filter_fields(view, filter);

    auto counters = Json::array();
    for (const auto& count : workflow.presentation().counts)
        counters.push_back(count_of(view, workflow, count, filter));
    model["has_counters"] = !counters.empty();
    model["counters"] = std::move(counters);
    model["heads"] = column_heads(view, workflow);
    auto rows = column_rows(view, workflow, found.rows);
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    model["total_text"] = view.t("page.cases.total", {{"total", found.total}});
    model["export_href"] = file_href(view);
    model["pages"] = list_pages(view, found.rows.size(), found.total, found.next_cursor);
    model["empty"] = {{"empty_text", view.t(request.query.empty() ? "page.cases.empty" : "page.filter.nothing")},
                      {"empty_href", request.query.empty() ? Json(false) : Json("/cases")},
                      {"empty_link", request.query.empty() ? Json(false) : Json(view.t("page.filter.clear"))}};
    auto openings = ways_to_open(view);
    model["opens_cases"] = !openings.empty();
    model["openings"] = std::move(openings);
    model["audits"] = !view.viewer().audited.empty();
    return view.page("cases");
}

Response export_cases(App& app, const Request& request) {
    View view(app, request);
    const auto& workflow = workflow_of(app, request);
    auto filter = filter_of(view);
    filter.limit = list_part_rows;
    const auto columns = file_columns(view, workflow);
    const auto part = [&](const std::string& cursor) {
        filter.cursor = cursor;
        const auto found = view.reading().list(filter);
        return ListPart{column_rows(view, workflow, found.rows), found.next_cursor, found.total};
    };
    const auto words = filter_words(view, filter_fields(view, filter));
    return list_file(view, {view.t("page.cases.title"), columns, words, part});
}

} // namespace cunmai::http::pages
