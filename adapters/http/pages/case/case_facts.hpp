// What stands in a case's facts, in words: one list of rows for any workflow, more for those of the district.
#pragma once

#include "adapters/http/pages/case/case_model.hpp"

namespace cunmai::http::pages {

// Rows of the summary: label, value, href (or false). Names are collected first, so that one question serves all.
void want_people_of_facts(const engine::CaseRow& row, Names& names);
Json summary_rows(View& view, const engine::CaseRow& row, const Names& names);

// Of a prescription: problem, task, criterion, who, until when, how far.
Json agreement_rows(View& view, const engine::CaseRow& row, const Names& names);

// Sections of a village's case: opinions (part "review"), plan and posts ("plan"), exit evaluations ("exit"),
// look-backs ("look_backs"); each {part, heading, rows}. Those that hold nothing are left out.
Json village_sections(View& view, const engine::CaseRow& row, const Names& names);

// The partial `prescription_card`.
Json prescription_card(const View& view, const engine::CaseRow& row, const Names& names, bool with_village);

// The partial `ballot_result`: closed ballots, newest first, and the open one before them. `present`: at the open one's
// meeting, null when not known.
Json ballots(const View& view, const engine::CaseRow& row, const Json& present, const Names& names);

} // namespace cunmai::http::pages
