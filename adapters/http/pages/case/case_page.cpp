// The case page: what it is, where it stands, what can be done now and why the rest can't, what happened.
#include "adapters/http/pages/case/case_facts.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/case/record.hpp"
#include "adapters/http/pages/handlers.hpp"

namespace cunmai::http::pages {

namespace {

constexpr int history_max = 2000;
constexpr std::size_t timeline_short = 12;

Json acting_choices(View& view, const engine::CaseRow& row, const engine::PersonId& chosen) {
    const auto people = principals(view.viewer());
    auto list = Json::array();
    if (people.empty()) return list;
    Names names;
    for (const auto& person : people) names.want(person);
    names.load(view.app.people, view.language());
    list.push_back({{"href", case_href(row)},
                    {"tab_text", view.t("page.do.as_myself")},
                    {"tab_count", false},
                    {"current", chosen.empty()}});
    for (const auto& person : people)
        list.push_back({{"href", case_href(row) + "?as=" + encode(person)},
                        {"tab_text", view.t("page.do.for_person", {{"name", names.of(person)}})},
                        {"tab_count", false},
                        {"current", chosen.text == person}});
    return list;
}

Json present_at_open_ballot(View& view, const engine::CaseRow& row) {
    const auto ballot = row.facts.find("ballot");
    if (ballot == row.facts.end() || !ballot->is_object()) return {};
    const auto meeting = view.app.cases.find(view.viewer(), {ballot->value("meeting", "")});
    return meeting ? meeting->facts.value("present", Json::array()) : Json();
}

std::vector<engine::CaseRow> children_of(View& view, const engine::CaseRow& row) {
    db::CaseFilter filter;
    filter.parent = row.id.text;
    filter.sort = "due";
    filter.limit = 100;
    return view.app.cases.list(view.viewer(), filter).rows;
}

} // namespace

Response show_case(App& app, const Request& request) {
    View view(app, request);
    const engine::CaseId id{request.param("id")};
    const auto as = acting_for(view, request.asked("as"));
    const auto found = app.service.offers(id, view.me(), as);
    if (!found) not_found();
    const auto& row = found->row;
    const bool of_its_own = row.definition == "committee_meeting" || row.definition == "screening_round";
    if (of_its_own)
        return Response::redirect(
            case_href(row) + (request.asked("receipt").empty() ? "" : "?receipt=" + encode(request.asked("receipt"))));
    const auto* definition = app.registry.find(row.definition, row.definition_version);
    if (!definition) not_found();
    const auto events = app.cases.history(view.viewer(), id, 0, history_max);
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
    model["steps"] = stepper(view, *definition, row, events);
    put_tasks(view, model, *found, as);
    model["acting"] = acting_choices(view, row, as);
    model["has_acting"] = !model["acting"].empty();
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
    const bool whole = request.asked("all") == "yes";
    model["timeline"] = timeline(view, row, events, whole ? events.size() : timeline_short);
    model["more_events"] = !whole && events.size() > timeline_short
                               ? Json(view.t("page.case.all_events", {{"count", events.size()}}))
                               : Json(false);
    model["more_href"] = case_href(row) + "?all=yes#timeline";
    model["record"] = record_badge(view, row, events);
    model["receipt"] = receipt(view, row, events, request.asked("receipt"));
    if (const auto gone = request.asked("gone"); !gone.empty() && definition->info().command(gone))
        view.flash("warn", view.t("page.case.command_gone",
                                  {{"command", command_name(view.language(), row.definition, gone)},
                                   {"state", state_name(view.language(), row.definition, row.state)}}));
    show_what_was_done(view);
    return view.page("case");
}

} // namespace cunmai::http::pages
