// What people held and had declared at some time, for whoever reads the record later: grants and declarations get an
// end and are never deleted, and each is an event of the administration's chain, which `cunmai verify` compares.
#pragma once

#include "db/kernel/database.hpp"

#include <string>
#include <vector>

namespace cunmai::db {

struct HeldRole {
    std::string person, role, qualifier, place_path, place_name;
    engine::Instant granted_at, ended_at; // ended_at 0: in force
    std::string granted_by;

    bool was_in_force(engine::Instant at) const { return granted_at <= at && (ended_at.micros == 0 || at < ended_at); }
};
std::vector<HeldRole> roles_ever_held(Database& database, const std::vector<std::string>& persons);

struct Declaration {
    std::string person, place_code, reason;
    engine::Instant declared_at, ended_at; // ended_at 0: in force
};
std::vector<Declaration> interests_ever_declared(Database& database, const std::vector<std::string>& persons);

} // namespace cunmai::db
