// Who sees and may what: roles × jurisdictions, and delegation for a period. Rules of domain.md §2 that are true of
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
    bool is_seat = false; // on a committee: whoever it is handed to does not get what else its holder has to do
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
    std::vector<Grant> grants;        // own, and delegated to them (as themselves: `person` is the principal's)
    std::vector<std::string> scopes;  // jurisdictions' paths, none inside another, sorted
    std::vector<std::string> audited; // those of a role that reads

    bool sees(std::string_view place_path) const;
    bool audits(std::string_view place_path) const;
    bool has_role(std::string_view role) const;
};

Viewer viewer_of(Transaction& tx, const Roles& roles, const PersonId& person, Instant at);

inline bool covers(std::string_view jurisdiction_path, std::string_view place_path) {
    return !jurisdiction_path.empty() && place_path.substr(0, jurisdiction_path.size()) == jurisdiction_path;
}

// Adds to a context: "roles" and "qualifiers" that the one acted for holds over the place, and with a delegation has
// handed on. False when `on_behalf_of` is set without a delegation in force, or by an administrator of the system.
bool authorise(Transaction& tx, const Roles& roles, const PersonId& actor, const PersonId& on_behalf_of, Instant at,
               std::string_view place_path, Json& context);

// Whether the relations of the one acted for count (responsible person, issuer): with a role that acts over the place,
// `held`, only. A seat on a committee that was handed to another does not carry them.
bool may_use_relations(const Roles& roles, const Json& held, bool is_delegated);

} // namespace cunmai::engine
