// The case page: what it is, where it stands, what can be done now and why the rest can't, what happened.
#include "adapters/http/pages/case/case_facts.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/case/record.hpp"
#include "adapters/http/pages/handlers.hpp"

namespace cunmai::http::pages {

namespace {

constexpr int events_checked = 500; // of a longer record the newest
constexpr int events_max = 2000;    // in the whole timeline; all others stand in the record
constexpr std::size_t timeline_short = 12;

Json present_at_open_ballot(View& view, const engine::CaseRow& row) {
    const auto ballot = row.facts.find("ballot");
    if (ballot == row.facts.end() || !ballot->is_object()) return {};
    const auto meeting = view.reading().find({ballot->value("meeting", "")});
    return meeting ? meeting->facts.value("present", Json::array()) : Json();
}

std::vector<engine::CaseRow> children_of(View& view, const engine::CaseRow& row) {
    return view.reading().children(row.id, 100);
}

} // namespace

Response show_case(App& app, const Request& request) {
    View view(app, request);
    const engine::CaseId id{request.param("id")};
    const auto as = acting_for(view, request.asked("as"));
    const bool whole = request.asked("all") == "yes";
    const auto found = view.reading().file(
        id,
        {.offers = true, .on_behalf_of = as, .events = whole ? events_max : events_checked, .checked = events_checked});
    if (!found) not_found();
    const auto& row = found->row;
    const bool of_its_own = row.definition == "committee_meeting" || row.definition == "screening_round";
    if (of_its_own) return Response::redirect(case_href(row) + query_with(request, {}));
    const auto* definition = app.registry.find(row.definition, row.definition_version);
    if (!definition) not_found();
    const auto& events = found->events;
    const bool is_village = row.definition == "village_lifecycle";
    const auto children = is_village ? children_of(view, row) : std::vector<engine::CaseRow>{};

    Names names;
    want_people_of_facts(row, names);
    for (const auto& child : children) want_people_of_facts(child, names);
    names.load(app.people, view.language());

    auto& model = view.model;
    view.title(row.summary.title);
    view.crumb("/cases", view.t("page.nav.cases"));
    if (!row.parent.empty()) view.crumb("/cases/" + row.parent.text, row.place.name);
    model["case"] = case_card(view, row);
    model["tabs"] = case_tabs(view, row, "");
    model["tabs_label"] = view.t("page.tab.label");
    model["steps"] = stepper(view, *definition, row, view.reading().moves(id));
    put_tasks(view, model, *found, as);
    put_acting(view, row, as);
    model["rows"] = summary_rows(view, row, names);
    model["sections"] = is_village ? village_sections(view, row, names) : Json::array();
    view.want_numbers(children);
    auto cards = Json::array(), closed = Json::array();
    for (const auto& child : children)
        (child.final || child.state == "closed" ? closed : cards)
            .push_back(prescription_card(view, child, names, false));
    model["is_village"] = is_village;
    model["has_prescriptions"] = !cards.empty();
    model["prescriptions"] = std::move(cards);
    model["closed_text"] =
        closed.empty() ? Json(false) : Json(view.t("page.case.closed_prescriptions", {{"count", closed.size()}}));
    model["closed_prescriptions"] = std::move(closed);
    model["board_href"] = "/prescriptions?place=" + encode(row.place.code);
    model["sheet_href"] =
        row.definition == "prescription" ? Json("/prescriptions/" + row.id.text + "/sheet") : Json(false);
    model["ballots"] = is_village ? ballots(view, row, present_at_open_ballot(view, row), names) : Json::array();
    model["has_ballots"] = !model["ballots"].empty();
    model["timeline"] = timeline(view, row, events, whole ? events.size() : timeline_short);
    model["more_events"] =
        !whole && events.size() > timeline_short
            ? Json(view.t("page.case.all_events", {{"count", std::min<std::int64_t>(row.version, events_max)}}))
            : Json(false);
    model["more_href"] = case_href(row) + "?all=yes#timeline";
    model["record"] = record_badge(view, row, found->record);
    model["receipt"] = receipt(view, row, request.asked("receipt"));
    show_what_is_gone(view, row);
    show_what_was_done(view);
    return view.page("case");
}

} // namespace cunmai::http::pages
