// The facts of a village's case: how they are laid out, and what follows from them. Pure.
//
//   opened_on, targeted, round, due {self_check_due_on, screening_due_on, review_due_on, committee_due_on}
//   self_check {catalogue_version, expected, answered, not_applicable, document, on}
//   warnings {yellow, red}, red_indicators [codes]      of the last self-check, or that a targeted look names
//   category, secondary_categories, monitoring_pool, monitoring_pool_on, nominated_by [persons], review_since
//   required {departments, interviews, courtyard_meetings}   as in force at nomination, for the worklists
//   opinions {department: {opinion, text, by, at}}, visits {interviews, courtyard_meetings, consultations}
//   ballot (open one, with `present` [persons at its meeting]), ballots [closed ones], ballots_opened
//   managed_on, plan {programme, measures, funds_committed, monitoring_cycle_days, adopted_on}
//   posts {commander, supervisor, coordinator}
//   prescriptions {case id: {state, title, colour, due_on, responsible, source, spent}}
//   relapse_items [{code, problem, on}]                problems that came back: red until a prescription treats them
//   deferred_on                                        set by the committee, until something new is recorded
//   exit {requested_on, requested_by [persons], evaluations {self|public|town|district: {score, …}},
//         opinions {commander|coordinator: {…}}}, exit_attempts, exit_vote_on
//   follow_up_until, look_backs [{finding, level, on, by}], completion_proposed, relapses
#pragma once

#include "engine/ballot.hpp"

#include <array>
#include <set>

namespace cunmai::workflows::village {

inline constexpr std::array posts{"commander", "supervisor", "coordinator"};
inline constexpr std::array evaluations{"self", "public", "town", "district"};
inline constexpr std::array exit_opinions{"commander", "coordinator"};

std::string role_of_post(std::string_view post);     // "commander" → "district_commander"
std::string evaluation_of(std::string_view command); // "record_town_assessment" → "town"; empty for others
std::string visit_of(std::string_view command);      // "record_interview" → "interviews"

// A member of an object, or null when it is not there.
inline constexpr auto self_check_fact = "self_check"; // what was submitted last: the document of the answers, the day

const Json& part(const Json& facts, std::string_view key);

bool has_open_ballot(const Json& facts);
std::vector<std::string> awaited_votes(const Json& ballot); // entitled and present, but has not voted
// The open ballot, with the members recused who have gained an interest since it was opened; `interested`:
// [{person, reason}].
// REQUIRES: an open ballot.
Json ballot_to_count(const Json& facts, const Json& interested);
// Whoever voted counts as present, even if they left the meeting since.
engine::ballot::Count counted(const Json& ballot, const Json& tally);
std::string purpose_in(std::string_view state); // entry, exit

std::vector<std::string> open_prescriptions(const Json& facts); // ids, sorted
std::vector<std::string> unfilled_posts(const Json& facts);
// What closed prescriptions name as their source. One that was closed before the present self-check (or before this
// relapse) is spent: it treats nothing any more.
std::set<std::string> treated_sources(const Json& facts);
// Red indicators of the self-check and relapses that no closed prescription names as its source, and prescriptions
// past their deadline.
std::vector<std::string> red_warnings(const Json& facts);
std::string worst_colour(const Json& facts); // of the open prescriptions; "" without any

std::vector<std::string> unsigned_departments(const Json& facts, const Json& required_departments);
int visits(const Json& facts, std::string_view kind);

std::vector<std::string> missing_evaluations(const Json& facts);
std::vector<std::string> missing_exit_opinions(const Json& facts);

// For which levels (town, district) this person looks back, by their roles.
std::vector<std::string> look_back_levels(const engine::Ask& ask);
// Whether the level (town, district) has said "holds" since the last look-back, of either level, that said otherwise.
bool look_back_holds(const Json& facts, std::string_view level);
const Json* last_bad_look_back(const Json& facts);

} // namespace cunmai::workflows::village
