#include "workflows/roles.hpp"

#include "workflows/all.hpp"

namespace cunmai::workflows {

const engine::Roles& all_roles() {
    using Kind = engine::RoleInfo::Kind;
    const auto role = [](std::string_view key, Kind kind, std::string level, bool is_seat = false) {
        return engine::RoleInfo{std::string(key), kind, std::move(level), is_seat};
    };
    static const engine::Roles roles([&] {
        std::vector<engine::RoleInfo> all{
            role(VillageOfficer::key, Kind::acts, "village"),
            role(TownOfficer::key, Kind::acts, "town"),
            role(TownSupervisor::key, Kind::acts, "town"),
            role(DistrictCommander::key, Kind::acts, "area"), // several towns: a grant for each
            role(VillageCoordinator::key, Kind::acts, "any"), // sent by a department to one village or several
            role(DepartmentReviewer::key, Kind::acts, "district"),
            role(PanelLeader::key, Kind::acts, "district"),
            role(CommitteeSecretary::key, Kind::acts, "district"),
            role(CommitteeMember::key, Kind::acts, "district", true),
            role(CommitteeChair::key, Kind::acts, "district", true),
            role(Auditor::key, Kind::reads, "district"),
            role(SystemAdministrator::key, Kind::administers, "system"),
            role(SecurityAdministrator::key, Kind::administers, "system"),
            role(AuditAdministrator::key, Kind::administers, "system"),
        };
        for (const auto& guest : guests()) all.insert(all.end(), guest.roles.begin(), guest.roles.end());
        return all;
    }());
    return roles;
}

const std::vector<std::string>& coordinator_kinds() {
    static const std::vector<std::string> kinds{"party_building_instructor", "governance_coordinator",
                                                "dispute_mediator", "integrity_supervisor", "industry_supporter"};
    return kinds;
}

const std::vector<std::string>& departments() {
    static const std::vector<std::string> all{"organisation", "discipline", "political_legal", "civil_affairs",
                                              "agriculture",  "justice",    "publicity",       "construction"};
    return all;
}

const std::vector<std::string>& categories() {
    static const std::vector<std::string> all{"organisation", "governance", "disputes", "integrity", "economy"};
    return all;
}

std::string coordinator_kind_for(std::string_view category) {
    for (std::size_t i = 0; i < categories().size(); ++i)
        if (categories()[i] == category) return coordinator_kinds()[i]; // in the same order
    return "";
}

std::vector<std::string> coordinator_kinds_of(const Json& facts) {
    std::vector<std::string> kinds;
    const auto add = [&](const Json& category) {
        if (category.is_string()) kinds.push_back(coordinator_kind_for(category.get<std::string>()));
    };
    if (const auto primary = facts.find("category"); primary != facts.end()) add(*primary);
    if (const auto others = facts.find("secondary_categories"); others != facts.end())
        for (const auto& category : *others) add(category);
    return kinds;
}

} // namespace cunmai::workflows
