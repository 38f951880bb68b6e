// What several pages show of a case, as models for the partials.
#pragma once

#include "adapters/http/pages/view.hpp"
#include "adapters/words/names.hpp"

namespace cunmai::http::pages {

// A row of a list, and the head of every page about a case: number, href, title, place, state and colour.
Json case_card(const View& view, const engine::CaseRow& row);

// How far a civil date is away; "" without one. What is overdue is counted in working days.
std::string due_text(const View& view, const std::string& due_on);

// Where a case's page is: prescriptions, meetings and rounds have their own.
std::string case_href(const engine::CaseRow& row);
// Where a command is given: most have a form made from their fields, some a page of their own.
std::string command_href(const std::string& definition, const std::string& case_id, const std::string& command);

// Tabs of a case; `current` is the last part of their address ("" for the overview).
Json case_tabs(const View& view, const engine::CaseRow& row, std::string_view current);

// Whom the person could act for by delegation: ids, never themselves.
std::vector<std::string> principals(const engine::Viewer& viewer);
// ?as=… when it names one of them; else empty.
engine::PersonId acting_for(const View& view, const std::string& wish);

// The partial `timeline`, newest first; at most `limit`.
Json timeline(View& view, const engine::CaseRow& row, const std::vector<engine::Event>& events, std::size_t limit);
// One event's payload in words: "label：value" lines. Documents are left out; they are listed as files.
std::string payload_text(const View& view, const engine::Definition* definition, const engine::Event& event,
                         const Names& names);
void want_people(const engine::Definition* definition, const engine::Event& event, Names& names);

// The partial `stepper`: the main line of the definition with the path that this case took.
Json stepper(const View& view, const engine::Definition& definition, const engine::CaseRow& row,
             const std::vector<engine::Event>& events);

// The partial `receipt` of one event, or false when it isn't there or isn't the viewer's own.
Json receipt(View& view, const engine::CaseRow& row, const std::vector<engine::Event>& events, const std::string& seq);

// The partial `reasons`: each condition in a sentence, with the way to what is missing where this person can go it.
// `offers`: of the case for this person; empty where there is no case yet.
Json reasons(const View& view, const engine::CaseRow& row, const std::vector<engine::Offer>& offers,
             const engine::Refusal& refusal);

// The same of one command, as this person finds it now; empty when they can give it.
Json why_not(const View& view, const engine::CaseAndOffers& found, const engine::Offer& offer);

// The partial `task_list`: puts can_do, cannot_do and their flags into the model.
void put_tasks(View& view, Json& model, const engine::CaseAndOffers& all, const engine::PersonId& on_behalf_of);

Json files(const View& view, const std::vector<db::DocumentInfo>& documents, const Names& names);

} // namespace cunmai::http::pages
