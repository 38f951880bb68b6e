// Whether the database is set up so that nothing acknowledged is lost: durability, character set, isolation, the state
// of its cluster. For `cunmai doctor` and for operators; one Finding for each thing looked at, good ones included.
#pragma once

#include "db/kernel/database.hpp"

#include <map>
#include <vector>

namespace cunmai::db {

struct Finding {
    enum class Severity {
        good,
        warning, // works, but should be changed
        fault,   // acknowledged commands or their order are at risk
    };
    std::string what;   // the setting's name, as the database calls it
    std::string value;  // now
    std::string wanted; // and why, in short
    std::string remedy; // what to do; empty when good
    Severity severity = Severity::good;
};

// Throws StoreUnavailable. Of a cluster: of the node that is written to, and one Finding `node` for each.
std::vector<Finding> check_settings(Database& database);

// The pieces that depend on what a MySQL server says alone.
using Variables = std::map<std::string, std::string>;
std::vector<Finding> check_session(const Variables& session);
Finding check_clock(engine::Instant theirs, engine::Instant ours);

} // namespace cunmai::db
