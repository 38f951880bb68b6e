#include "engine/administration.hpp"

#include <algorithm>

namespace cunmai::engine {

namespace {

constexpr std::int64_t day_micros = 86'400LL * 1'000'000;

bool holds(const std::vector<Grant>& grants, std::string_view role) {
    return std::any_of(grants.begin(), grants.end(), [&](const Grant& grant) { return grant.role == role; });
}

bool administers(const Roles& roles, std::string_view role) {
    const auto* info = roles.find(role);
    return info && info->kind == RoleInfo::Kind::administers;
}

// An area is one or more towns, a grant for each.
bool fits(std::string_view role_level, std::string_view place_level) {
    return role_level == "system" || role_level == "any" || role_level == place_level ||
           (role_level == "area" && place_level == "town");
}

} // namespace

Refusal may_administer(const std::vector<Grant>& grants, std::string_view role) {
    Refusal why;
    if (!holds(grants, role)) why.add("not_your_role", {{"who", Json::array({role})}});
    return why;
}

Refusal may_add_grant(const Roles& roles, const GrantWish& wish) {
    Refusal why;
    if (!wish.first_set_up) why = may_administer(wish.by_grants, "security_administrator");
    const auto* role = roles.find(wish.role);
    if (!role) {
        why.add_for("role", "unknown_role", {{"role", wish.role}});
        return why;
    }
    if (!wish.first_set_up && wish.by == wish.person) why.add("own_grant");
    if (!wish.person_active) why.add_for("person", "person_not_active");
    if (!fits(role->level, wish.place.level))
        why.add_for("place", "wrong_jurisdiction", {{"role", wish.role}, {"level", role->level}});
    for (const auto& grant : wish.person_grants) {
        if (grant.role == wish.role && grant.qualifier == wish.qualifier && grant.place_path == wish.place.path)
            why.add("already_granted", {{"role", wish.role}});
        const bool both_administer = administers(roles, grant.role) && administers(roles, wish.role);
        if (both_administer && grant.role != wish.role)
            why.add("two_administrators", {{"held", grant.role}, {"role", wish.role}});
        if (administers(roles, grant.role) != administers(roles, wish.role))
            why.add("administrator_with_case_role", {{"held", grant.role}, {"role", wish.role}});
    }
    if (administers(roles, wish.role))
        for (const auto& delegation : wish.delegated)
            why.add("administrator_with_delegation", {{"held", delegation.role}, {"role", wish.role}});
    return why;
}

Refusal may_remove_grant(const Roles& roles, const GrantWish& wish) {
    Refusal why = may_administer(wish.by_grants, "security_administrator");
    if (administers(roles, wish.role) && wish.holders_of_role <= 1)
        why.add("last_administrator", {{"role", wish.role}});
    if (!wish.posts.empty()) why.add("post_would_be_empty", {{"cases", wish.posts}});
    return why;
}

Refusal may_delegate(const Roles& roles, const std::vector<Grant>& principal_grants,
                     const std::vector<Grant>& delegate_grants, const Delegation& delegation, int days_max,
                     Instant now) {
    Refusal why;
    if (!holds(principal_grants, delegation.role))
        why.add_for("role", "not_your_role", {{"who", Json::array({delegation.role})}});
    if (delegation.principal == delegation.delegate) why.add_for("delegate", "delegate_is_yourself");
    if (administers(roles, delegation.role)) why.add_for("role", "role_not_delegable", {{"role", delegation.role}});
    for (const auto& grant : delegate_grants)
        if (administers(roles, grant.role)) {
            why.add_for("delegate", "administrator_with_case_role", {{"held", grant.role}, {"role", delegation.role}});
            break;
        }
    if (delegation.until <= delegation.from) why.add_for("until_on", "ends_before_it_starts");
    if (delegation.until <= now) why.add_for("until_on", "in_the_past");
    if (delegation.until.micros - delegation.from.micros > days_max * day_micros)
        why.add_for("until_on", "delegation_too_long", {{"days", days_max}});
    return why;
}

} // namespace cunmai::engine
