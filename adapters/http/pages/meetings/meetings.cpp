// Meetings of the committee: list, one meeting with its agenda and ballots, its minutes for print and for Word.
#include "adapters/http/edge/download.hpp"
#include "adapters/http/pages/case/case_facts.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/case/record.hpp"
#include "adapters/http/pages/handlers.hpp"
#include "adapters/http/pages/lists.hpp"
#include "adapters/http/pages/meetings/minutes_document.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

constexpr int history_max = 1000;

bool contains(const Json& list, const std::string& item) {
    return list.is_array() && std::find(list.begin(), list.end(), Json(item)) != list.end();
}

Json list_in(const Json& facts, const char* key) {
    const auto found = facts.find(key);
    return found != facts.end() && found->is_array() ? *found : Json::array();
}

engine::CaseRow meeting_of(const View& view) {
    auto row = view.app.cases.find(view.viewer(), {view.request.param("id")});
    if (!row || row->definition != "committee_meeting") not_found();
    return *row;
}

// What the person may do with one case on the agenda, as buttons.
Json actions_on(View& view, const engine::CaseRow& meeting, const engine::CaseId& id) {
    static const std::vector<std::string> shown{"cast_vote", "recuse", "open_ballot", "close_ballot"};
    auto actions = Json::array();
    const auto found = view.app.service.offers(id, view.me(), {});
    if (!found) return actions;
    for (const auto& command : shown)
        for (const auto& offer : found->offers)
            if (offer.command == command && offer.allowed &&
                (command != "open_ballot" || meeting.state == "in_session"))
                actions.push_back(
                    {{"href", "/cases/" + id.text + "/do/" + command +
                                  (command == "open_ballot" ? "?meeting=" + encode(meeting.id.text) : "")},
                     {"action", command_name(view.language(), found->row.definition, command)},
                     {"is_main", command == "cast_vote" || command == "open_ballot"}});
    return actions;
}

std::string minutes_of(const engine::Event& event) {
    const auto payload = Json::parse(event.payload, nullptr, false);
    return payload.is_object() ? payload.value("minutes", "") : "";
}

std::string minutes_in(const std::vector<engine::Event>& events) {
    for (auto event = events.rbegin(); event != events.rend(); ++event)
        if (event->command == "close_meeting") return minutes_of(*event);
    return "";
}

// What was written down of each ballot of a case when it was closed, by the time of closing.
std::map<std::int64_t, std::string> minutes_of_ballots(const View& view, const engine::CaseId& id) {
    std::map<std::int64_t, std::string> minutes;
    for (const auto& event : view.app.cases.history(view.viewer(), id, 0, history_max))
        if (event.command == "close_ballot") minutes[event.at.micros] = minutes_of(event);
    return minutes;
}

// The ballots of a case that were or are held in this meeting, with the minutes of those that are closed.
Json ballots_here(const View& view, const engine::CaseRow& row, const engine::CaseRow& meeting, const Json& present,
                  const Names& names) {
    auto only_here = row;
    auto& facts = only_here.facts;
    const bool is_open = facts.contains("ballot") && facts["ballot"].value("meeting", "") == meeting.id.text;
    if (!is_open) facts.erase("ballot");
    auto held = Json::array();
    for (const auto& ballot : list_in(facts, "ballots"))
        if (ballot.value("meeting", "") == meeting.id.text) held.push_back(ballot);
    facts["ballots"] = held;
    auto list = ballots(view, only_here, present, names);
    const auto minutes = held.empty() ? std::map<std::int64_t, std::string>{} : minutes_of_ballots(view, row.id);
    for (std::size_t at = 0; at < list.size(); ++at) { // the open one first, then the newest
        auto& ballot = list[at];
        ballot["ballot_id"] = row.id.text + "-" + ballot["ballot_id"].get<std::string>();
        ballot["minutes_href"] = false; // this is the page that it would lead to
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
    std::vector<std::string> members; // of the committee, now
};

Gathered gather(View& view, const engine::CaseRow& meeting) {
    Gathered all;
    for (const auto& id : list_in(meeting.facts, "agenda"))
        if (auto row = view.app.cases.find(view.viewer(), {id.get<std::string>()}))
            all.agenda.push_back(std::move(*row));
    for (const auto* role : {"committee_chair", "committee_member"})
        for (const auto& grant : view.app.people.grants_over(meeting.place.path, role))
            if (std::find(all.members.begin(), all.members.end(), grant.person.text) == all.members.end())
                all.members.push_back(grant.person.text);
    want_people_of_facts(meeting, all.names);
    for (const auto& row : all.agenda) want_people_of_facts(row, all.names);
    for (const auto& member : all.members) all.names.want(member);
    all.names.load(view.app.people, view.language());
    return all;
}

void put_meeting(View& view, const engine::CaseRow& meeting, Gathered& all, bool with_actions) {
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
        const auto actions = with_actions ? actions_on(view, meeting, row.id) : Json::array();
        item["has_actions"] = !actions.empty();
        item["actions"] = actions;
        item["ballots"] = ballots_here(view, row, meeting, started ? present : Json(), all.names);
        item["has_ballots"] = !item["ballots"].empty();
        if (!with_actions) // on paper nothing can be opened
            for (auto& ballot : item["ballots"]) ballot["votes_open"] = true;
        agenda.push_back(std::move(item));
    }
    model["has_agenda"] = !agenda.empty();
    model["agenda"] = std::move(agenda);
    model["chair"] = all.names.of(facts.value("chair", ""));
    model["meeting_on"] = facts.value("meeting_on", "");
    model["secret_text"] = view.t(facts.value("secret", false) ? "page.meeting.secret" : "page.meeting.named");
}

// What the minutes say, on the page and as a document: one model.
void put_minutes(View& view) {
    const auto meeting = meeting_of(view);
    const auto events = view.app.cases.history(view.viewer(), meeting.id, 0, history_max);
    auto all = gather(view, meeting);
    view.title(view.t("page.minutes.title", {{"title", meeting.summary.title}}))
        .crumb("/meetings/" + meeting.id.text, meeting.summary.title);
    put_meeting(view, meeting, all, false);
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
    filter.definition = "committee_meeting";
    filter.sort = "-opened";
    filter.cursor = request.asked("cursor");
    const auto found = app.cases.list(view.viewer(), filter);
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
    model["convenes"] = view.viewer().has_role("committee_secretary");

    db::CaseFilter waiting;
    waiting.definition = "village_lifecycle";
    waiting.limit = 50;
    auto cases = Json::array();
    for (const auto* state : {"committee_approval", "exit_approval"}) {
        waiting.state = state;
        const auto list = app.cases.list(view.viewer(), waiting).rows;
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
    const auto found = app.service.offers(meeting.id, view.me(), {});
    if (!found) not_found();
    const auto* definition = app.registry.find(meeting.definition, meeting.definition_version);
    if (!definition) not_found();
    const auto events = app.cases.history(view.viewer(), meeting.id, 0, history_max);
    auto all = gather(view, meeting);
    auto& model = view.model;
    view.title(meeting.summary.title).crumb("/meetings", view.t("page.meetings.title"));
    model["case"] = case_card(view, meeting);
    model["steps"] = stepper(view, *definition, meeting, events);
    put_tasks(view, model, *found, {});
    put_meeting(view, meeting, all, true);
    const auto minutes = minutes_in(events);
    model["minutes"] = or_false(minutes);
    model["minutes_href"] = meeting.final ? Json("/meetings/" + meeting.id.text + "/minutes") : Json(false);
    model["timeline"] = timeline(view, meeting, events, 20);
    model["record"] = record_badge(view, meeting, events);
    model["receipt"] = receipt(view, meeting, events, request.asked("receipt"));
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
