// Ballots held in a case (engine/ballot.hpp), where its presentation says that it holds them.
#pragma once

#include "adapters/http/pages/shown.hpp"

namespace cunmai::http::pages {

const engine::Ballots* ballots_of(const App& app, const engine::CaseRow& row); // null: none are held in such a case
const Json& open_ballot_in(const App& app, const engine::CaseRow& row);        // or null

void want_people_of_ballots(const App& app, const engine::CaseRow& row, Names& names);

// The partial `ballot_result`: closed ballots, newest first, and the open one before them. `present`: at the open one's
// meeting, null when not known.
Json ballots(const View& view, const engine::CaseRow& row, const Json& present, const Names& names);

// What the viewer has voted in the open ballot, as a row of a summary; or false.
Json own_vote(const View& view, const engine::CaseRow& row);

} // namespace cunmai::http::pages
