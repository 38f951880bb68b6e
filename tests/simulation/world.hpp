// The fixed part of a simulation: an invented district, its people, rules and documents, and the workflows.
#pragma once

#include "engine/authority.hpp"
#include "engine/registry.hpp"

#include <map>
#include <set>

namespace cunmai::simulation {

using engine::CaseId;
using engine::Instant;
using engine::PersonId;

struct World {
    World();

    std::map<std::string, engine::Place> places;
    std::vector<std::string> villages;
    std::vector<PersonId> people;
    std::vector<engine::Grant> grants;
    std::vector<engine::Delegation> delegations;
    std::set<std::pair<PersonId, std::string>> interests; // person, place code
    std::map<std::string, Json> rules;
    std::map<std::string, std::string> documents; // SHA-256 → content
    std::string answers, evidence;                // SHA-256 of two of them
    engine::Registry registry;

    // Sorted, each once.
    std::vector<PersonId> holders(std::string_view role, std::string_view place_path,
                                  std::string_view qualifier = "") const;
    std::vector<PersonId> recipients(const engine::Notice& notice, std::string_view place_path) const;

  private:
    void add_place(const std::string& code, const std::string& name, const std::string& parent,
                   const std::string& level);
    void grant(const std::string& person, const std::string& role, const std::string& place,
               const std::string& qualifier = "");
};

const World& world();

inline constexpr std::int64_t day_seconds = 86'400;
inline constexpr Instant first_day{1'740'787'200'000'000}; // 2025-03-01T00:00:00Z

} // namespace cunmai::simulation
