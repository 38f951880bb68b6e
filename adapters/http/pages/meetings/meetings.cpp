// Meetings of the committee: list, one meeting with its agenda and ballots, its minutes for print and for Word.
#include "adapters/http/edge/download.hpp"
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/ballots.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/case/record.hpp"
#include "adapters/http/pages/lists.hpp"
#include "adapters/http/pages/meetings/minutes_document.hpp"
#include "workflows/committee_meeting/commands.hpp"
#include "workflows/committee_meeting/committee_meeting.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

constexpr int events_max = 1000; // the newest; more are not read

bool contains(const Json& list, const std::string& item) {
    return list.is_array() && std::find(list.begin(), list.end(), Json(item)) != list.end();
}

Json list_in(const Json& facts, const char* key) {
    const auto found = facts.find(key);
    return found != facts.end() && found->is_array() ? *found : Json::array();
}

const engine::Definition& meeting_workflow(const App& app) {
    const auto* definition = app.registry.newest(workflows::meeting::workflow_key);
    if (!definition) not_found();
    return *definition;
}

engine::CaseRow meeting_of(const View& view) {
    auto row = view.reading().find({view.request.param("id")});
    if (!row || row->definition != workflows::meeting::workflow_key) not_found();
    return *row;
}

// What the person may do with one case on the agenda, as buttons.
Json actions_on(View& view, const engine::CaseRow& meeting, const engine::CaseId& id, const engine::PersonId& as) {
    auto actions = Json::array();
    const auto found = view.reading().offers(id, as);
    const auto* held = found ? ballots_of(view.app, found->row) : nullptr;
    if (!held) return actions;
    const bool in_session = meeting.facts.contains("present") && !meeting.final;
    for (const auto command : {held->vote, held->recuse, held->open, held->close})
        for (const auto& offer : found->offers) {
            const bool opens = command == held->open;
            if (offer.command != command || !offer.allowed || (opens && !in_session)) continue;
            actions.push_back({{"href", href_as("/cases/" + id.text + "/do/" + offer.command +
                                                    (opens ? "?meeting=" + encode(meeting.id.text) : ""),
                                                as)},
                               {"action", command_name(view.language(), found->row.definition, offer.command)},
                               {"is_main", opens || command == held->vote}});
        }
    return actions;
}

std::string minutes_of(const engine::Event& event) {
    const auto payload = Json::parse(event.payload, nullptr, false);
    return payload.is_object() ? payload.value("minutes", "") : "";
}

std::string minutes_in(const std::vector<ReadableEvent>& events) {
    for (auto event = events.rbegin(); event != events.rend(); ++event)
        if (event->command == workflows::meeting::CloseMeeting::key) return minutes_of(*event);
    return "";
}

// The minutes of each closed ballot of a case, by the time of its closing.
std::map<std::int64_t, std::string> minutes_of_ballots(const View& view, const engine::CaseId& id,
                                                       std::string_view closing) {
    std::map<std::int64_t, std::string> minutes;
    for (const auto& event : view.reading().newest(id, events_max))
        if (event.command == closing) minutes[event.at.micros] = minutes_of(event);
    return minutes;
}

// The ballots of a case in this meeting, open and closed, with the minutes of the closed ones.
Json ballots_here(const View& view, const engine::CaseRow& row, const engine::CaseRow& meeting, const Json& present,
                  const Names& names) {
    const auto* kept = ballots_of(view.app, row);
    if (!kept) return Json::array();
    const std::string open_fact(kept->open_fact), closed_fact(kept->closed_fact);
    auto only_here = row;
    auto& facts = only_here.facts;
    const auto& open = open_ballot_in(view.app, row);
    if (!open.is_object() || open.value("meeting", "") != meeting.id.text) facts.erase(open_fact);
    auto held = Json::array();
    for (const auto& ballot : list_in(facts, closed_fact.c_str()))
        if (ballot.value("meeting", "") == meeting.id.text) held.push_back(ballot);
    facts[closed_fact] = held;
    auto list = ballots(view, only_here, present, names);
    const auto minutes =
        held.empty() ? std::map<std::int64_t, std::string>{} : minutes_of_ballots(view, row.id, kept->close);
    for (std::size_t at = 0; at < list.size(); ++at) { // the open ballot first, then the closed ones, newest first
        auto& ballot = list[at];
        ballot["ballot_id"] = row.id.text + "-" + ballot["ballot_id"].get<std::string>();
        ballot["minutes_href"] = false; // the link would lead to this very page
        if (ballot["is_open"] == true) continue;
        const auto& closed = held[list.size() - 1 - at];
        const auto found = minutes.find(closed.value("closed_at", std::int64_t{0}));
        if (found != minutes.end()) ballot["ballot_minutes"] = or_false(found->second);
    }
    return list;
}

struct Gathered {
    std::vector<engine::CaseRow> agenda;
    Names names;
    std::vector<std::string> members; // the committee's present members
};

Gathered gather(View& view, const engine::CaseRow& meeting) {
    Gathered all;
    for (const auto& id : list_in(meeting.facts, "agenda"))
        if (auto row = view.reading().find({id.get<std::string>()})) all.agenda.push_back(std::move(*row));
    for (const auto role : {workflows::CommitteeChair::key, workflows::CommitteeMember::key})
        for (const auto& grant : view.app.people.grants_over(meeting.place.path, role))
            if (std::find(all.members.begin(), all.members.end(), grant.person.text) == all.members.end())
                all.members.push_back(grant.person.text);
    all.names.want(meeting.facts.value("chair", ""));
    all.names.want(list_in(meeting.facts, "present"));
    for (const auto& row : all.agenda) want_people_of_ballots(view.app, row, all.names);
    for (const auto& member : all.members) all.names.want(member);
    all.names.load(view.app.people, view.language());
    return all;
}

// `actions`: what the person may do, acting for somebody perhaps, is offered; none on paper.
void put_meeting(View& view, const engine::CaseRow& meeting, Gathered& all,
                 const std::optional<engine::PersonId>& actions) {
    auto& model = view.model;
    const auto& facts = meeting.facts;
    const auto present = list_in(facts, "present");
    const bool started = facts.contains("present");
    auto attendance = Json::array();
    for (const auto& member : all.members)
        attendance.push_back({{"name", all.names.of(member)},
                              {"is_chair", facts.value("chair", "") == member},
                              {"tag_tone", contains(present, member) ? "done" : "neutral"},
                              {"tag_text", view.t(!started                    ? "page.meeting.not_recorded"
                                                  : contains(present, member) ? "page.meeting.present"
                                                                              : "page.meeting.absent")}});
    model["has_attendance"] = !attendance.empty();
    model["attendance"] = std::move(attendance);
    model["present_text"] =
        started
            ? Json(view.t("page.meeting.present_count", {{"present", present.size()}, {"members", all.members.size()}}))
            : Json(false);
    view.want_numbers(all.agenda);
    auto agenda = Json::array();
    for (const auto& row : all.agenda) {
        auto item = case_card(view, row);
        item["actions"] = actions ? actions_on(view, meeting, row.id, *actions) : Json::array();
        item["has_actions"] = !item["actions"].empty();
        item["ballots"] = ballots_here(view, row, meeting, started ? present : Json(), all.names);
        item["has_ballots"] = !item["ballots"].empty();
        if (!actions) // on paper nothing can be opened
            for (auto& ballot : item["ballots"]) ballot["votes_open"] = true;
        agenda.push_back(std::move(item));
    }
    model["has_agenda"] = !agenda.empty();
    model["agenda"] = std::move(agenda);
    model["chair"] = all.names.of(facts.value("chair", ""));
    model["meeting_on"] = facts.value("meeting_on", "");
    model["secret_text"] = view.t(facts.value("secret", false) ? "page.meeting.secret" : "page.meeting.named");
}

// One model of the minutes, for the page and for the document.
void put_minutes(View& view) {
    const auto meeting = meeting_of(view);
    const auto events = view.reading().newest(meeting.id, events_max);
    auto all = gather(view, meeting);
    view.title(view.t("page.minutes.title", {{"title", case_title(view, meeting)}}))
        .crumb("/meetings/" + meeting.id.text, case_title(view, meeting));
    put_meeting(view, meeting, all, std::nullopt);
    view.model["case"] = case_card(view, meeting);
    view.model["minutes"] = or_false(minutes_in(events));
    view.model["printed_text"] = view.local(view.app.clock.now());
    view.model["event_hash"] = meeting.head_hash;
    view.model["document_href"] = "/meetings/" + meeting.id.text + "/minutes.docx";
}

} // namespace

Response show_meetings(App& app, const Request& request) {
    View view(app, request);
    db::CaseFilter filter;
    filter.definition = workflows::meeting::workflow_key;
    filter.sort = "-opened";
    filter.cursor = request.asked("cursor");
    const auto found = view.reading().list(filter);
    auto& model = view.model;
    view.title(view.t("page.meetings.title"));
    view.want_numbers(found.rows);
    auto rows = Json::array();
    for (const auto& row : found.rows) {
        auto card = case_card(view, row);
        card["meeting_on"] = row.facts.value("meeting_on", "");
        card["agenda_count"] = std::to_string(list_in(row.facts, "agenda").size());
        card["results_count"] = std::to_string(list_in(row.facts, "results").size());
        rows.push_back(std::move(card));
    }
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    model["pages"] = list_pages(view, found.rows.size(), found.total, found.next_cursor);
    const auto& workflow = meeting_workflow(app);
    const auto& conveners = workflow.info().who_may(engine::not_opened, workflows::meeting::Convene::key);
    model["convenes"] =
        std::any_of(conveners.begin(), conveners.end(), [&](const auto& role) { return view.viewer().has_role(role); });

    db::CaseFilter waiting;
    const auto* agenda = offered_for(workflow, "agenda"); // what a meeting can have on it
    if (!agenda) not_found();
    waiting.definition = agenda->cases_of;
    waiting.limit = 50;
    auto cases = Json::array();
    for (const auto state : agenda->states) {
        waiting.state = state;
        const auto list = view.reading().list(waiting).rows;
        view.want_numbers(list);
        for (const auto& row : list) cases.push_back(case_card(view, row));
    }
    model["has_waiting"] = !cases.empty();
    model["waiting"] = std::move(cases);
    model["empty"] = {{"empty_text", view.t("page.meetings.empty")}, {"empty_href", false}, {"empty_link", false}};
    return view.page("meetings");
}

Response show_meeting(App& app, const Request& request) {
    View view(app, request);
    const auto meeting = meeting_of(view);
    const auto as = acting_for(view, request.asked("as"));
    const auto found = view.reading().file(
        meeting.id, {.offers = true, .on_behalf_of = as, .events = events_max, .checked = events_max});
    if (!found) not_found();
    const auto* definition = app.registry.find(meeting.definition, meeting.definition_version);
    if (!definition) not_found();
    const auto& events = found->events;
    auto all = gather(view, meeting);
    auto& model = view.model;
    view.title(case_title(view, meeting)).crumb("/meetings", view.t("page.meetings.title"));
    model["case"] = case_card(view, meeting);
    model["steps"] = stepper(view, *definition, meeting, view.reading().moves(meeting.id));
    put_tasks(view, model, *found, as);
    put_acting(view, meeting, as);
    put_meeting(view, meeting, all, as);
    const auto minutes = minutes_in(events);
    model["minutes"] = or_false(minutes);
    model["minutes_href"] = meeting.final ? Json("/meetings/" + meeting.id.text + "/minutes") : Json(false);
    model["timeline"] = timeline(view, meeting, events, 20);
    model["record"] = record_badge(view, meeting, found->record);
    model["receipt"] = receipt(view, meeting, request.asked("receipt"));
    show_what_is_gone(view, meeting);
    show_what_was_done(view);
    return view.page("meeting");
}

Response show_minutes(App& app, const Request& request) {
    View view(app, request);
    put_minutes(view);
    return view.page("minutes");
}

Response download_minutes(App& app, const Request& request) {
    View view(app, request);
    put_minutes(view);
    Response response;
    response.body = minutes_document(view).packed();
    as_download(response, docx::media_type, view.model["title"].get<std::string>() + ".docx");
    return response;
}

} // namespace cunmai::http::pages
