// Whether the database is set up so that nothing acknowledged is lost: durability, character set, isolation, the state
// of its cluster. For `cunmai doctor` and for operators; one Finding for each thing looked at, good ones included.
#pragma once

#include "db/database.hpp"

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

std::vector<Finding> check_settings(Database& database); // throws StoreUnavailable

} // namespace cunmai::db
