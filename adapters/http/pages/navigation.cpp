#include "adapters/http/pages/navigation.hpp"

#include "adapters/words/texts.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

struct Entry {
    std::string_view href, key;
    std::vector<std::string_view> roles; // empty: everybody
};

const std::vector<std::string_view> case_roles{
    "village_officer",     "town_officer",        "town_supervisor", "district_commander",
    "village_coordinator", "department_reviewer", "panel_leader",    "auditor",
    "committee_secretary", "committee_member",    "committee_chair"};

const std::vector<Entry>& entries() {
    static const std::vector<Entry> all{
        {"/", "page.nav.home", {}},
        {"/work", "page.nav.work", case_roles},
        {"/cases", "page.nav.cases", case_roles},
        {"/prescriptions",
         "page.nav.prescriptions",
         {"village_officer", "town_officer", "town_supervisor", "district_commander", "village_coordinator",
          "department_reviewer", "panel_leader", "auditor"}},
        {"/meetings",
         "page.nav.meetings",
         {"committee_secretary", "committee_member", "committee_chair", "panel_leader", "auditor"}},
        {"/rounds", "page.nav.rounds", {"panel_leader", "district_commander", "committee_secretary", "auditor"}},
        {"/admin", "page.nav.admin", {"system_administrator", "security_administrator", "audit_administrator"}},
    };
    return all;
}

bool is_current(std::string_view href, const std::string& path) {
    if (href == "/") return path == "/";
    return path == href || path.rfind(std::string(href) + "/", 0) == 0;
}

} // namespace

Json navigation(const std::string& language, const std::string& path, const Officer& officer) {
    auto list = Json::array();
    for (const auto& entry : entries()) {
        const bool shown = entry.roles.empty() || std::any_of(entry.roles.begin(), entry.roles.end(),
                                                              [&](auto role) { return officer.viewer.has_role(role); });
        if (shown)
            list.push_back({{"href", entry.href},
                            {"label", texts::text(language, entry.key)},
                            {"current", is_current(entry.href, path)}});
    }
    return list;
}

} // namespace cunmai::http::pages
