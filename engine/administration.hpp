// Rules about people and rules (domain.md §2), wherever the wish comes from: page, API or command line.
//   - system administrator: people, places, settings. security administrator: grants. audit administrator: access log.
//   - No person holds two of the three administrators' roles, and no administrator holds a case role.
//   - Nobody grants a role to themselves. The last holder of an administrator's role keeps it.
//   - A grant can't be taken while the person holds a post of a case (a post of the three tiers is never emptied).
// Pure: the caller gives what is known and gets a Refusal, empty when it may be done.
#pragma once

#include "engine/authority.hpp"

namespace cunmai::engine {

struct GrantWish {
    PersonId by;
    std::vector<Grant> by_grants; // of the one who wishes
    PersonId person;
    std::vector<Grant> person_grants;  // of the one who gets or loses the role
    std::vector<Delegation> delegated; // to them, not over yet
    bool person_active = true;
    std::string role, qualifier;
    Place place;                     // jurisdiction
    std::vector<std::string> posts;  // case ids where the person holds a post (for removal)
    std::size_t holders_of_role = 0; // active holders of this role now (for removal)
    bool first_set_up = false;       // `cunmai user` on an installation without administrators
};

Refusal may_add_grant(const Roles& roles, const GrantWish& wish);
Refusal may_remove_grant(const Roles& roles, const GrantWish& wish);

// system_administrator: add and change people, places, rules; audit_administrator: read the access log; …
Refusal may_administer(const std::vector<Grant>& grants, std::string_view role);

// A delegation: own role only, not to oneself, at most `days_max` days, not into the past, the delegate is active, and
// the delegate could hold the role (no administrator's role either way).
Refusal may_delegate(const Roles& roles, const std::vector<Grant>& principal_grants,
                     const std::vector<Grant>& delegate_grants, const Delegation& delegation, int days_max,
                     Instant now);

} // namespace cunmai::engine
