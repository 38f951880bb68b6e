// Who may grant, remove and delegate roles (domain.md §2), whether it is asked by page, API or command line.
//   - system administrator: people, places, settings. security administrator: grants. audit administrator: access log.
//   - No person holds two of the three administrators' roles, and no administrator holds a case role.
//   - Nobody grants a role to themselves. The last holder of an administrator's role keeps it.
//   - A grant can't be taken while the person holds a post of a case (a post of the three tiers is never emptied).
// Pure: the caller passes in what is known and receives a Refusal, which is empty when the change is allowed.
#pragma once

#include "engine/authority.hpp"

namespace cunmai::engine {

struct GrantWish {
    PersonId by;
    std::vector<Grant> by_grants; // of the person who asks
    PersonId person;
    std::vector<Grant> person_grants;  // of the person who gets or loses the role
    std::vector<Delegation> delegated; // to that person, not ended yet
    bool person_active = true;
    std::string role, qualifier;
    Place place;                     // jurisdiction
    std::vector<std::string> posts;  // case ids where the person holds a post (for removal)
    std::size_t holders_of_role = 0; // active holders of this role now (for removal)
    bool first_set_up = false;       // `cunmai user` on an installation without administrators
};

Refusal may_add_grant(const Roles& roles, const GrantWish& wish);
Refusal may_remove_grant(const Roles& roles, const GrantWish& wish);

// Allowed to holders of `role`: the system_administrator adds and changes people, places and rules, the
// audit_administrator reads the access log, …
Refusal may_administer(const std::vector<Grant>& grants, std::string_view role);

// The principal delegates a role that they hold, to somebody else, for at most `days_max` days and not into the past.
// Neither the role nor any role of the delegate is an administrator's. The caller checks that the delegate is active.
Refusal may_delegate(const Roles& roles, const std::vector<Grant>& principal_grants,
                     const std::vector<Grant>& delegate_grants, const Delegation& delegation, int days_max,
                     Instant now);

} // namespace cunmai::engine
