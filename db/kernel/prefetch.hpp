// What the works of a batch are about to read, read for all of them at once: on MySQL each statement is a round trip.
// Whoever takes something out of it owns it; what is not there is read from the database. db/ only.
#pragma once

#include "db/kernel/connection.hpp"

#include <map>
#include <set>

namespace cunmai::db {

struct KeptTask {
    std::int64_t n = 0; // slot
    engine::Task task;
    engine::PersonId claimed_by;
    engine::Instant since;
    bool free = false;
};

struct Follows { // from a case
    std::vector<KeptTask> tasks;
    std::vector<engine::Involvement> involved;
};

using FollowsOfCases = std::map<std::string, Follows, std::less<>>; // by case id; every case asked for is there

struct Prefetched {
    std::map<std::string, engine::CaseRow, std::less<>> cases; // locked
    FollowsOfCases follows;
    std::set<std::pair<std::string, std::string>> unused_keys; // actor, key: without a reply
};

void prefetch(Connection& connection, const std::vector<const engine::Expected*>& works); // REQUIRES: a write begins

FollowsOfCases read_follows(Connection& connection, const std::vector<std::string>& case_ids); // REQUIRES: not empty

} // namespace cunmai::db
