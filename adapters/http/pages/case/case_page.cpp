// The case page: what it is, where it stands, what can be done now and why the rest can't, what happened.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/ballots.hpp"
#include "adapters/http/pages/case/case_facts.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/case/record.hpp"
#include "adapters/http/pages/special_pages.hpp"
#include "engine/replay.hpp"

#include <algorithm>
#include <charconv>

namespace cunmai::http::pages {

namespace {

constexpr int events_checked = 500; // of a longer record the newest
constexpr int events_max = 2000;    // in the whole timeline; all others stand in the record
constexpr std::size_t timeline_short = 12;

Json present_at_open_ballot(View& view, const engine::CaseRow& row) {
    const auto& ballot = open_ballot_in(view.app, row);
    if (!ballot.is_object()) return {};
    const auto meeting = view.reading().find({ballot.value("meeting", "")});
    return meeting ? meeting->facts.value("present", Json::array()) : Json();
}

std::vector<engine::CaseRow> children_of(View& view, const engine::CaseRow& row) {
    return view.reading().children(row.id, 100);
}

// Cases that this one opened, those of each workflow under its own heading.
struct ChildGroup {
    engine::Children words;
    std::vector<engine::CaseRow> rows;
};

std::vector<ChildGroup> child_groups(View& view, const engine::CaseRow& row, const engine::Definition& definition) {
    std::vector<ChildGroup> groups;
    for (const auto& words : definition.presentation().children) groups.push_back({words, {}});
    const auto& commands = definition.info().commands;
    const bool opens = std::any_of(commands.begin(), commands.end(), [](const auto& one) { return one.opens_child; });
    if (!opens) return groups;
    for (auto& child : children_of(view, row)) {
        auto group = std::find_if(groups.begin(), groups.end(),
                                  [&](const auto& one) { return one.words.definition == child.definition; });
        if (group == groups.end()) {
            const auto* other = view.app.registry.newest(child.definition);
            if (!other) continue;
            group = groups.insert(groups.end(), ChildGroup{{.definition = other->info().key}, {}});
        }
        group->rows.push_back(std::move(child));
    }
    return groups;
}

Json group_model(View& view, const engine::CaseRow& row, const ChildGroup& group, const Names& names) {
    const auto& words = group.words;
    const auto said = [&](std::string_view message, const char* otherwise, const Json& facts = Json::object()) {
        return view.t(message.empty() ? otherwise : message, facts);
    };
    view.want_numbers(group.rows);
    auto open = Json::array(), ended = Json::array();
    for (const auto& child : group.rows) (child.final ? ended : open).push_back(board_card(view, child, names, false));
    const std::string key(words.definition);
    const auto ended_text = said(words.ended, "page.case.ended_children", {{"count", ended.size()}});
    return {{"group_id", key},
            {"heading", words.heading.empty() ? definition_name(view.language(), key) : view.t(words.heading)},
            {"board_href", with_word(list_href(view.app, key), "place=" + encode(row.place.code))},
            {"to_board", said(words.to_list, "page.case.to_list")},
            {"has_cards", !open.empty()},
            {"cards", std::move(open)},
            {"ended_text", ended.empty() ? Json(false) : Json(ended_text)},
            {"ended", std::move(ended)},
            {"none_text", group.rows.empty() ? Json(said(words.none, "page.case.no_children")) : Json(false)}};
}

Json links_of(const View& view, const engine::CaseRow& row, const engine::Definition& definition) {
    auto links = Json::array();
    for (const auto& link : definition.presentation().links)
        links.push_back({{"href", special_page(link.page, row.id.text)}, {"link_text", view.t(link.text)}});
    return links;
}

// ---- as it stood after one of its events ----------------------------------------------------------------------------

std::string as_of_href(const engine::CaseRow& row, std::int64_t seq) {
    return "/cases/" + row.id.text + "?as_of_event=" + std::to_string(seq);
}

std::int64_t event_asked(const Request& request) { // 0: as it is now
    const auto text = request.asked("as_of_event");
    std::int64_t seq = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seq);
    if (!text.empty() && (error != std::errc() || end != text.data() + text.size() || seq < 1)) not_found();
    return seq;
}

std::optional<CaseFile> as_of(View& view, const engine::CaseId& id, std::int64_t seq, const Wanted& wanted) {
    try {
        return view.reading().as_of(id, seq, wanted);
    } catch (const engine::DamagedEvent& damaged) {
        Problem problem;
        problem.status = 409;
        problem.code = "record_damaged";
        problem.facts = {{"event", damaged.seq}};
        throw problem;
    }
}

std::vector<db::Move> moves_until(View& view, const engine::CaseRow& row) {
    auto moves = view.reading().moves(row.id);
    std::erase_if(moves, [&](const db::Move& move) { return move.seq > row.version; });
    return moves;
}

Json as_of_model(View& view, const engine::CaseRow& row, const std::vector<ReadableEvent>& events) {
    const auto at = events.empty() ? row.updated_at : events.back().at;
    return {{"as_of_text", view.t("page.case.as_of", {{"event", row.version}, {"at", view.local(at)}})},
            {"now_href", case_href(view.app, row)},
            {"event_href", "/cases/" + row.id.text + "/record?upto=" + std::to_string(row.version) + "#event-" +
                               std::to_string(row.version)}};
}

} // namespace

Response show_case(App& app, const Request& request) {
    View view(app, request);
    const engine::CaseId id{request.param("id")};
    const auto as = acting_for(view, request.asked("as"));
    const bool whole = request.asked("all") == "yes";
    const auto then = event_asked(request);
    const Wanted wanted{
        .offers = true, .on_behalf_of = as, .events = whole ? events_max : events_checked, .checked = events_checked};
    const auto found = then > 0 ? as_of(view, id, then, wanted) : view.reading().file(id, wanted);
    if (!found) not_found();
    const auto& row = found->row;
    if (then == 0 && request.path != case_href(app, row)) // it has a page of its own, which shows it as it is now
        return Response::redirect(case_href(app, row) + query_with(request, {}));
    const auto* definition = definition_of(app, row);
    if (!definition) not_found();
    const auto& events = found->events;
    const auto sections = sections_of(view, row);
    const auto groups = then > 0 ? std::vector<ChildGroup>() : child_groups(view, row, *definition);

    Names names;
    want(sections, names);
    want_people_of_ballots(app, row, names);
    for (const auto& group : groups)
        for (const auto& child : group.rows) want_people_of_card(app, child, names);
    names.load(app.people, view.language());

    auto& model = view.model;
    view.title(case_title(view, row));
    view.crumb("/cases", view.t("page.nav.cases"));
    if (!row.parent.empty()) view.crumb("/cases/" + row.parent.text, row.place.name);
    model["case"] = case_card(view, row);
    model["tabs"] = case_tabs(view, row, "");
    model["tabs_label"] = view.t("page.tab.label");
    model["steps"] = stepper(view, *definition, row, moves_until(view, row));
    put_tasks(view, model, *found, as);
    put_acting(view, row, as);
    model["as_of"] = then > 0 ? as_of_model(view, row, found->events) : Json(false);
    model["rows"] = summary_rows(view, row, sections, names);
    model["sections"] = section_models(view, row, sections, names);
    model["children"] = Json::array();
    for (const auto& group : groups) model["children"].push_back(group_model(view, row, group, names));
    model["links"] = links_of(view, row, *definition);
    model["ballots"] = ballots(view, row, present_at_open_ballot(view, row), names);
    model["has_ballots"] = !model["ballots"].empty();
    model["timeline"] = timeline(view, row, events, whole ? events.size() : timeline_short);
    model["more_events"] =
        !whole && events.size() > timeline_short
            ? Json(view.t("page.case.all_events", {{"count", std::min<std::int64_t>(row.version, events_max)}}))
            : Json(false);
    model["more_href"] =
        then > 0 ? as_of_href(row, then) + "&all=yes#timeline" : case_href(view.app, row) + "?all=yes#timeline";
    model["record"] = record_badge(view, row, found->record);
    model["receipt"] = receipt(view, row, request.asked("receipt"));
    show_what_is_gone(view, row);
    show_what_was_done(view);
    return view.page("case");
}

} // namespace cunmai::http::pages
