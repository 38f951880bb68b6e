// Who may see and do what: roles × jurisdictions, and delegation for a period. Rules of domain.md §2 that are true of
// any procedure; which role may give which command stands in the transition tables.
#pragma once

#include "engine/ports.hpp"

#include <set>
#include <string>
#include <vector>

namespace cunmai::engine {

struct RoleInfo {
    enum class Kind { acts, reads, administers }; // administers: sees no case
    std::string key;
    Kind kind = Kind::acts;
    std::string level;    // of the jurisdiction: village, town, area (towns), district, any, system
    bool is_seat = false; // on a committee: delegating it does not pass on its holder's relations to cases
};

// The roles of the installation; given by workflows/ (domain.md §2).
class Roles {
  public:
    explicit Roles(std::vector<RoleInfo> roles) : roles_(std::move(roles)) {}
    const RoleInfo* find(std::string_view key) const;
    const std::vector<RoleInfo>& all() const { return roles_; }

  private:
    std::vector<RoleInfo> roles_;
};

// What a person may look at: every query that returns cases takes one.
struct Viewer {
    PersonId person;
    std::vector<Grant> grants;        // their own, and those delegated to them, whose `person` is the principal
    std::vector<std::string> scopes;  // jurisdictions' paths, none inside another, sorted
    std::vector<std::string> audited; // those of roles that only read

    bool sees(std::string_view place_path) const;
    bool audits(std::string_view place_path) const;
    bool has_role(std::string_view role) const;
};

Viewer viewer_of(Transaction& tx, const Roles& roles, const PersonId& person, Instant at);

inline bool covers(std::string_view jurisdiction_path, std::string_view place_path) {
    return !jurisdiction_path.empty() && place_path.substr(0, jurisdiction_path.size()) == jurisdiction_path;
}

// Adds to the context the "roles" and "qualifiers" over the place: the actor's own, or with `on_behalf_of` those that
// the principal delegated to the actor. Returns false when no such delegation is in force, or when the actor is an
// administrator of the system.
bool authorise(Transaction& tx, const Roles& roles, const PersonId& actor, const PersonId& on_behalf_of, Instant at,
               std::string_view place_path, Json& context);

// Whether a person's relations to a case count (responsible person, issuer). They do as long as one of the `held` roles
// acts over the place; a delegated seat on a committee is not enough.
bool may_use_relations(const Roles& roles, const Json& held, bool is_delegated);

} // namespace cunmai::engine
