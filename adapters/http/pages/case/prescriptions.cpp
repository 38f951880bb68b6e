// The board of prescriptions for a village, a town or everything that the person sees, also as a file; and the sheet
// 处方单 for print.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/case_facts.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/forms.hpp"
#include "adapters/http/pages/list_file.hpp"
#include "adapters/http/pages/lists.hpp"
#include "workflows/prescription/commands.hpp"
#include "workflows/prescription/prescription.hpp"
#include "workflows/prescription/relations.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

constexpr int page_size = 30;

// Facts that are relations, too.
constexpr auto responsible_person = workflows::prescription::ResponsiblePerson::key.data();
constexpr auto issuer = workflows::prescription::Issuer::key.data();

std::string text_in(const Json& facts, const char* key) {
    const auto found = facts.find(key);
    if (found == facts.end() || found->is_null()) return "";
    return found->is_string() ? found->get<std::string>() : found->dump();
}

// The towns that the person sees, or the villages when there is at most one town.
std::vector<Option> places_of(const View& view) {
    std::vector<Option> options;
    for (const auto& town : view.app.places.within(view.viewer().scopes, "town", "", 100, ""))
        options.push_back({town.code, town.name, ""});
    if (options.size() > 1) return options;
    for (const auto& village : view.app.places.within(view.viewer().scopes, "village", "", 100, ""))
        options.push_back({village.code, village.name, ""});
    return options;
}

Json colour_counters(View& view, const db::CaseFilter& shown) {
    auto counters = Json::array();
    if (const auto* workflow = view.app.registry.newest(workflows::prescription::workflow_key))
        for (const auto& count : workflow->presentation().counts) {
            auto counter = count_of(view, *workflow, count, shown);
            counter["href"] =
                "/prescriptions" +
                query_with(view.request, {{"colour", std::string(count.colour)}, {"cursor", ""}, {"from", ""}});
            counter["tone"] = count.colour;
            counters.push_back(std::move(counter));
        }
    return counters;
}

// Why the board is empty: nothing fits the filter, all prescriptions are closed, or there are none yet.
Json empty_board(View& view, db::CaseFilter filter, bool filtered) {
    if (filtered)
        return {{"empty_text", view.t("page.filter.nothing")},
                {"empty_href", "/prescriptions"},
                {"empty_link", view.t("page.filter.clear")}};
    filter.open_only = false;
    filter.cursor.clear();
    filter.limit = 1;
    const auto all = view.reading().list(filter).total;
    if (all == 0)
        return {{"empty_text", view.t("page.prescriptions.empty")}, {"empty_href", false}, {"empty_link", false}};
    return {{"empty_text", view.t("page.prescriptions.none_open")},
            {"empty_href", "/prescriptions?state=all"},
            {"empty_link", view.t("page.prescriptions.show_all", {{"total", all}})}};
}

db::CaseFilter filter_of(const View& view) {
    db::CaseFilter filter;
    filter.definition = workflows::prescription::workflow_key;
    filter.place_code = view.request.asked("place");
    filter.colour = view.request.asked("colour");
    const bool every_state = view.request.asked("state") == "all";
    filter.state = every_state ? "" : view.request.asked("state");
    filter.text = view.request.asked("text");
    filter.open_only = filter.state.empty() && !every_state;
    if (view.request.asked("mine") == "true") filter.involved = view.me().text;
    filter.sort = "due";
    return filter;
}

// The place of the board, if the person may know of it.
std::optional<engine::Place> place_of(const View& view, const db::CaseFilter& filter) {
    auto place = view.app.places.find(filter.place_code);
    if (place && !view.viewer().sees(place->path)) place.reset();
    return place;
}

std::string board_title(const View& view, const std::optional<engine::Place>& place) {
    return place ? view.t("page.prescriptions.title_of", {{"place", place->name}}) : view.t("page.prescriptions.title");
}

Json filter_fields(const View& view, const db::CaseFilter& filter, const std::optional<engine::Place>& place) {
    const auto& language = view.language();
    std::vector<Option> states{{"all", view.t("page.any"), ""}}, colours;
    if (const auto* definition = view.app.registry.newest(workflows::prescription::workflow_key))
        for (const auto& state : definition->info().states)
            states.push_back({state.key, state_name(language, definition->info().key, state.key), ""});
    for (const auto* colour : {"red", "yellow", "green"})
        colours.push_back({colour, colour_name(language, colour), ""});
    const auto any = view.t("page.any");
    auto fields = Json::array();
    auto options = places_of(view);
    if (place &&
        std::none_of(options.begin(), options.end(), [&](const Option& option) { return option.value == place->code; }))
        options.push_back({place->code, place->name, ""});
    if (options.size() > 1)
        fields.push_back(select("place", view.t("page.filter.place"), filter.place_code, options, any));
    fields.push_back(select("state", view.t("page.filter.state"), view.request.asked("state"), states,
                            view.t("page.filter.open_yes")));
    fields.push_back(select("colour", view.t("page.filter.colour"), filter.colour, colours, any));
    fields.push_back(input("text", view.t("page.filter.text"), filter.text, "search"));
    fields.push_back(check("mine", view.t("page.prescriptions.mine"), !filter.involved.empty()));
    return fields;
}

Json cards_of(View& view, const std::vector<engine::CaseRow>& found) {
    view.want_numbers(found);
    Names names;
    for (const auto& row : found) want_people_of_card(view.app, row, names);
    names.load(view.app.people, view.language());
    auto cards = Json::array();
    for (const auto& row : found) cards.push_back(board_card(view, row, names, true));
    return cards;
}

// Who checked the result and when: the last decision on it.
const engine::Event* last_of(const std::vector<ReadableEvent>& events, std::string_view command) {
    for (auto event = events.rbegin(); event != events.rend(); ++event)
        if (event->command == command) return &*event;
    return nullptr;
}

} // namespace

Response show_prescriptions(App& app, const Request& request) {
    View view(app, request);
    auto filter = filter_of(view);
    filter.cursor = request.asked("cursor");
    filter.limit = page_size;
    const auto found = view.reading().list(filter);

    auto& model = view.model;
    const auto place = place_of(view, filter);
    view.title(board_title(view, place));
    model["counters"] = colour_counters(view, filter);

    const int active = !filter.place_code.empty() + !filter.state.empty() + !filter.colour.empty() +
                       !filter.text.empty() + !filter.involved.empty();
    model["filters"] = {
        {"action", "/prescriptions"},
        {"hidden", Json::array()},
        {"open", false},
        {"active_text", active > 0 ? Json(view.t("page.filter.active", {{"count", active}})) : Json(false)},
        {"clear_href", "/prescriptions"},
        {"fields", filter_fields(view, filter, place)}};

    auto cards = cards_of(view, found.rows);
    model["has_cards"] = !cards.empty();
    model["cards"] = std::move(cards);
    model["total_text"] = view.t(filter.open_only ? "page.prescriptions.total_open" : "page.prescriptions.total",
                                 {{"total", found.total}});
    model["export_href"] = file_href(view);
    model["pages"] = list_pages(view, found.rows.size(), found.total, found.next_cursor);
    if (found.total == 0) model["empty"] = empty_board(view, filter, active > 0);
    return view.page("prescriptions");
}

Response export_prescriptions(App& app, const Request& request) {
    View view(app, request);
    auto filter = filter_of(view);
    filter.limit = list_part_rows;
    const auto place = place_of(view, filter);
    const std::vector<ListColumn> columns{
        {view.t("ui.number"), "rx_number", 26},         {view.t("page.prescriptions.list"), "rx_title", 40},
        {view.t("page.col.place"), "village", 18},      {view.t("page.col.state"), "tag_text", 14},
        {view.t("page.col.colour"), "colour_text", 18}, {view.t("ui.responsible"), "responsible", 16},
        {view.t("page.col.due"), "due_on", 12},         {view.t("page.export.percent"), "percent_text", 8}};
    const auto part = [&](const std::string& cursor) {
        filter.cursor = cursor;
        const auto found = view.reading().list(filter);
        return ListPart{cards_of(view, found.rows), found.next_cursor, found.total};
    };
    const auto words = filter_words(view, filter_fields(view, filter, place));
    return list_file(view, {board_title(view, place), columns, words, part});
}

Response show_sheet(App& app, const Request& request) {
    View view(app, request);
    const auto& language = view.language();
    const auto row = view.reading().find({request.param("id")});
    if (!row || row->definition != workflows::prescription::workflow_key) not_found();
    const auto events = view.reading().newest(row->id, 1000);
    const auto town = app.places.find(row->place.parent);
    const auto* accepted = last_of(events, workflows::prescription::AcceptResult::key);
    const auto* submitted = last_of(events, workflows::prescription::SubmitForCheck::key);
    const auto& facts = row->facts;
    Names names;
    for (const auto* key : {responsible_person, issuer}) names.want(text_in(facts, key));
    if (accepted) names.want(accepted->actor.text);
    names.load(app.people, language);

    const auto word = [&](const char* family, const std::string& key) {
        return key.empty() ? Json(false) : Json(view.t(std::string(family) + "." + key));
    };
    const auto result = submitted ? Json::parse(submitted->payload, nullptr, false) : Json();
    const auto& title = row->summary.title;
    view.title(view.t("page.sheet.title", {{"title", title}})).crumb("/cases/" + row->id.text, title);
    view.model["sheet"] = {{"rx_number", view.number(row->id)},
                           {"village", row->place.name},
                           {"town", town ? town->name : ""},
                           {"category", category_name(language, text_in(facts, "category"))},
                           {"issued_text", text_in(facts, "issued_on")},
                           {"problem", text_in(facts, "problem")},
                           {"root_cause", or_false(text_in(facts, "root_cause"))},
                           {"task", or_false(text_in(facts, "task"))},
                           {"measures", or_false(text_in(facts, "measures"))},
                           {"responsible", names.of(text_in(facts, responsible_person))},
                           {"supporting", word("department", text_in(facts, "supporting_department"))},
                           {"due_text", text_in(facts, "deadline_on")},
                           {"criterion", or_false(text_in(facts, "acceptance_criterion"))},
                           {"funds", or_false(text_in(facts, "funds_requested"))},
                           {"systems", word("choice.system", text_in(facts, "system"))},
                           {"origin", or_false(text_in(facts, "source"))},
                           {"tag_text", state_name(language, row->definition, row->state)},
                           {"result", result.is_object() ? or_false(result.value("text", "")) : Json(false)},
                           {"checked_by", accepted ? Json(names.of(accepted->actor.text)) : Json(false)},
                           {"checked_text", accepted ? Json(view.local_day(accepted->at)) : Json(false)},
                           {"issuer", names.of(text_in(facts, issuer))},
                           {"printed_text", view.local(app.clock.now())},
                           {"event_hash", row->head_hash}};
    view.model["back_href"] = "/cases/" + row->id.text;
    return view.page("sheet");
}

} // namespace cunmai::http::pages
