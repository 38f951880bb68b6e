// The facts of a case in words: one list of rows for any workflow, and more for the district's workflows.
#pragma once

#include "adapters/http/pages/case/case_model.hpp"

namespace cunmai::http::pages {

// Rows of the summary: label, value, href (or false). Names are collected first, so that one query finds them all.
void want_people_of_facts(const engine::CaseRow& row, Names& names);
Json summary_rows(View& view, const engine::CaseRow& row, const Names& names);

// Rows of a prescription: problem, task, criterion, responsible person, deadline, progress.
Json agreement_rows(View& view, const engine::CaseRow& row, const Names& names);

// Sections of a village's case: opinions (part "review"), plan and posts ("plan"), exit evaluations ("exit"),
// look-backs ("look_backs"); each {part, heading, rows}. Those that hold nothing are left out.
Json village_sections(View& view, const engine::CaseRow& row, const Names& names);

// The partial `prescription_card`.
Json prescription_card(const View& view, const engine::CaseRow& row, const Names& names, bool with_village);

// Models for the partial `ballot_result`: the open ballot, then the closed ones, newest first. `present`: the persons
// at the open ballot's meeting, or null when unknown.
Json ballots(const View& view, const engine::CaseRow& row, const Json& present, const Names& names);

} // namespace cunmai::http::pages
