// A ballot of a committee, as JSON inside a case's facts (domain.md §5). Pure functions; no village, no clock, no I/O.
//
//   {"number":1, "purpose":"entry", "meeting":id, "chair":person, "opened_at":micros, "secret":false,
//    "quorum":[1,2], "pass":[1,2],
//    "electorate":[{"person":id, "recused":{"reason":"…","by":"self"}}, …],    frozen when the ballot opens
//    "votes":{person:{"choice","reason","at"}}}                                 named ballot
//    "voted":[person]                                                           secret ballot, instead of "votes"
//
// - Entitled: the electorate without the recused. A member who loses the role stays entitled, and their vote stands.
// - Quorum: present ≥ num/den of the entitled. Passed: approvals > num/den of the entitled, not of those present.
// - Rejected: rejections > the same share. Neither: deferred. No quorum, or nobody entitled: void.
// - A secret ballot is void, too, when its box lacks the vote of somebody who voted: backups do not contain the box.
// - The choices of a secret ballot are never here: they lie in a sealed box until the ballot is counted. A void ballot
//   is not counted: if only one person had voted, the totals would tell how.
#pragma once

#include "engine/definition.hpp"

namespace cunmai::engine::ballot {

enum class Result { passed, rejected, deferred, no_quorum, votes_lost };
std::string_view key_of(Result result);

struct Opening {
    int number = 1; // within the case; names the sealed box
    std::string purpose, meeting, chair;
    Json electorate = Json::array(); // [{"person", "recused"?}]
    Json quorum, pass;               // [numerator, denominator]
    bool secret = false;
    Instant at;
};
Json open(const Opening& opening);

std::string box_of(const Json& ballot);
bool is_secret(const Json& ballot);
bool in_electorate(const Json& ballot, const std::string& person);
Json recusal_of(const Json& ballot, const std::string& person); // {"reason","by"} or null
std::vector<std::string> entitled(const Json& ballot);
bool has_voted(const Json& ballot, const std::string& person);

// REQUIRES: the person is entitled. A later vote replaces the earlier one.
void keep_vote(Json& ballot, const std::string& person, const std::string& choice, const std::string& reason,
               Instant at);
void keep_sealed_vote(Json& ballot, const std::string& person);

// Out of the count entirely: a vote already cast is struck. REQUIRES: in the electorate.
void recuse(Json& ballot, const std::string& person, const std::string& reason, const std::string& by);

struct Count {
    int electorate = 0, entitled = 0, present = 0, approve = 0, reject = 0, abstain = 0;
    Result result = Result::no_quorum;
};
// `present`: persons at the meeting. `tally`: choice → count, from the sealed box; a named ballot does not read it, and
// it is null for a void ballot, whose votes nobody may learn.
Count count(const Json& ballot, const Json& present, const Json& tally);

// What is kept of a closed ballot: counts, result, recusals, and the votes of a named one.
Json closed(const Json& ballot, const Count& count, Instant at);

} // namespace cunmai::engine::ballot
