#include "engine/authority.hpp"

#include <algorithm>

namespace cunmai::engine {

const RoleInfo* Roles::find(std::string_view key) const {
    const auto found = std::find_if(roles_.begin(), roles_.end(), [&](const auto& role) { return role.key == key; });
    return found == roles_.end() ? nullptr : &*found;
}

bool Viewer::sees(std::string_view place_path) const {
    return std::any_of(scopes.begin(), scopes.end(), [&](const auto& scope) { return covers(scope, place_path); });
}

bool Viewer::audits(std::string_view place_path) const {
    return std::any_of(audited.begin(), audited.end(), [&](const auto& scope) { return covers(scope, place_path); });
}

bool Viewer::has_role(std::string_view role) const {
    return std::any_of(grants.begin(), grants.end(), [&](const Grant& grant) { return grant.role == role; });
}

namespace {

bool is_of(const Roles& roles, const Grant& grant, RoleInfo::Kind kind) {
    const auto* role = roles.find(grant.role);
    return role && role->kind == kind;
}

// Administrators of the system see no case.
bool opens_cases(const Roles& roles, const Grant& grant) {
    return roles.find(grant.role) && !is_of(roles, grant, RoleInfo::Kind::administers);
}

// Neither by their own roles nor by one that was handed to them before they became administrators.
bool is_administrator(const Roles& roles, const std::vector<Grant>& grants) {
    return std::any_of(grants.begin(), grants.end(),
                       [&](const Grant& grant) { return is_of(roles, grant, RoleInfo::Kind::administers); });
}

std::vector<std::string> outermost(const std::set<std::string>& paths) {
    std::vector<std::string> scopes;
    for (const auto& path : paths) // sorted: an outer path comes before the inner ones
        if (scopes.empty() || !covers(scopes.back(), path)) scopes.push_back(path);
    return scopes;
}

} // namespace

Viewer viewer_of(Transaction& tx, const Roles& roles, const PersonId& person, Instant at) {
    Viewer viewer;
    viewer.person = person;
    viewer.grants = tx.grants(person);
    if (!is_administrator(roles, viewer.grants))
        for (const auto& delegation : tx.delegations_to(person, at))
            for (const auto& grant : tx.grants(delegation.principal))
                if (grant.role == delegation.role) viewer.grants.push_back(grant);
    std::set<std::string> paths, audited;
    for (const auto& grant : viewer.grants) {
        if (opens_cases(roles, grant)) paths.insert(grant.place_path);
        if (is_of(roles, grant, RoleInfo::Kind::reads)) audited.insert(grant.place_path);
    }
    viewer.scopes = outermost(paths);
    viewer.audited = outermost(audited);
    return viewer;
}

bool authorise(Transaction& tx, const Roles& roles, const PersonId& actor, const PersonId& on_behalf_of, Instant at,
               std::string_view place_path, Json& context) {
    context["roles"] = Json::array();
    context["qualifiers"] = Json::object();
    if (actor == system_person) {
        context["roles"].push_back(engine_role);
        return true;
    }
    std::set<std::string> delegated;
    if (!on_behalf_of.empty()) {
        if (is_administrator(roles, tx.grants(actor))) return false;
        for (const auto& delegation : tx.delegations_to(actor, at))
            if (delegation.principal == on_behalf_of) delegated.insert(delegation.role);
        if (delegated.empty()) return false;
    }
    std::set<std::string> held;
    std::map<std::string, std::set<std::string>> qualifiers;
    for (const auto& grant : tx.grants(on_behalf_of.empty() ? actor : on_behalf_of)) {
        if (!covers(grant.place_path, place_path) || !opens_cases(roles, grant)) continue;
        if (!on_behalf_of.empty() && !delegated.contains(grant.role)) continue;
        held.insert(grant.role);
        if (!grant.qualifier.empty()) qualifiers[grant.role].insert(grant.qualifier);
    }
    context["roles"] = held;
    context["qualifiers"] = qualifiers;
    return true;
}

bool may_use_relations(const Roles& roles, const Json& held, bool is_delegated) {
    return std::any_of(held.begin(), held.end(), [&](const Json& key) {
        const auto* role = roles.find(key.get_ref<const std::string&>());
        return role && role->kind == RoleInfo::Kind::acts && !(is_delegated && role->is_seat);
    });
}

} // namespace cunmai::engine
