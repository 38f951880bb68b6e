// Who acts (domain.md §2). The keys are what the database and the API use.
#pragma once

#include "engine/authority.hpp"
#include "engine/table.hpp"

namespace cunmai::workflows {

struct VillageOfficer : engine::Role {
    static constexpr std::string_view key = "village_officer";
};
struct TownOfficer : engine::Role {
    static constexpr std::string_view key = "town_officer";
};
struct TownSupervisor : engine::Role {
    static constexpr std::string_view key = "town_supervisor";
};
struct DistrictCommander : engine::Role {
    static constexpr std::string_view key = "district_commander";
};
struct VillageCoordinator : engine::Role {
    static constexpr std::string_view key = "village_coordinator";
};
struct DepartmentReviewer : engine::Role {
    static constexpr std::string_view key = "department_reviewer";
};
struct PanelLeader : engine::Role {
    static constexpr std::string_view key = "panel_leader";
};
struct CommitteeSecretary : engine::Role {
    static constexpr std::string_view key = "committee_secretary";
};
struct CommitteeMember : engine::Role {
    static constexpr std::string_view key = "committee_member";
};
struct CommitteeChair : engine::Role {
    static constexpr std::string_view key = "committee_chair";
};
struct Auditor : engine::Role {
    static constexpr std::string_view key = "auditor";
};
struct SystemAdministrator : engine::Role {
    static constexpr std::string_view key = "system_administrator";
};
struct SecurityAdministrator : engine::Role {
    static constexpr std::string_view key = "security_administrator";
};
struct AuditAdministrator : engine::Role {
    static constexpr std::string_view key = "audit_administrator";
};

const engine::Roles& all_roles();

// What a role may be qualified by: the five coordinator kinds, one per category (published), and the departments.
const std::vector<std::string>& coordinator_kinds();
const std::vector<std::string>& departments();
const std::vector<std::string>& categories();
std::string coordinator_kind_for(std::string_view category); // empty for what is no category
// Kinds for the primary and the secondary categories that a case's facts name.
std::vector<std::string> coordinator_kinds_of(const Json& facts);

} // namespace cunmai::workflows
