// What several pages show of a case, as models for the partials.
#pragma once

#include "adapters/http/pages/shown.hpp"

namespace cunmai::http::pages {

// A row of a list, and the head of every page about a case: number, href, title, place, state and colour.
Json case_card(const View& view, const engine::CaseRow& row);

// How far away a civil date is; "" for an empty date. Overdue time is counted in working days.
std::string due_text(const View& view, const std::string& due_on);

// Tabs of a case; `current` is the last part of their address ("" for the overview).
Json case_tabs(const View& view, const engine::CaseRow& row, std::string_view current);

// Ids of the persons for whom this person may act by delegation, never their own.
std::vector<std::string> principals(const engine::Viewer& viewer);
// The person named by ?as=… if acting for them is allowed; otherwise empty.
engine::PersonId acting_for(const View& view, const std::string& wish);
// A path on which the person goes on acting for them.
std::string href_as(const std::string& path, const engine::PersonId& as);
// The partial `acting`: whom they act for on this page of a case, and the links to change it.
void put_acting(View& view, const engine::CaseRow& row, const engine::PersonId& as);
// The same as the first field of a form; nothing for who has nobody to act for.
void put_acting_field(View& view, Json& fields, const engine::PersonId& as);

// Commands that open a case of the definition for the place: the person's own, and those that somebody handed to them.
struct Opening {
    engine::Offer offer;
    engine::PersonId as; // empty: their own
};
std::vector<Opening> openings_at(const View& view, const std::string& definition, const std::string& place_code);

// Tells who followed a link to a command that the case no longer takes (?gone=…).
void show_what_is_gone(View& view, const engine::CaseRow& row);

// The partial `timeline`, newest first; at most `limit`.
Json timeline(View& view, const engine::CaseRow& row, const std::vector<ReadableEvent>& events, std::size_t limit);
// One event's payload in words: "label：value" lines. Documents are left out; they are listed as files.
std::string payload_text(const View& view, const engine::Definition* definition, const engine::Event& event,
                         const Names& names);
void want_people(const engine::Definition* definition, const engine::Event& event, Names& names);

// The partial `stepper`: the main line of the definition with the path that this case took.
Json stepper(const View& view, const engine::Definition& definition, const engine::CaseRow& row,
             const std::vector<db::Move>& moves);

// The partial `receipt` of one event, or false when it isn't there or isn't the viewer's own.
Json receipt(View& view, const engine::CaseRow& row, const std::string& seq);

// The partial `reasons`: each condition in a sentence, with the way to what is missing where this person can go it.
// `offers`: of the case for this person, acting for `as`; empty where there is no case yet.
Json reasons(const View& view, const engine::CaseRow& row, const std::vector<engine::Offer>& offers,
             const engine::Refusal& refusal, const engine::PersonId& as);

// The same of one command, as this person finds it now; empty when they can give it.
Json why_not(const View& view, const engine::CaseAndOffers& found, const engine::Offer& offer,
             const engine::PersonId& as);

// What this person may answer to the question that the command answers; empty where there is nothing to choose.
std::vector<const engine::Offer*> answers_to(const App& app, const engine::CaseAndOffers& all,
                                             std::string_view command);

// The partial `task_list`: puts can_do, cannot_do and their flags into the model.
void put_tasks(View& view, Json& model, const engine::CaseAndOffers& all, const engine::PersonId& as);

Json files(const View& view, const std::vector<db::DocumentInfo>& documents, const Names& names);

} // namespace cunmai::http::pages
