#include "db/cases/reach.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace cunmai::db {

namespace {

// None inside another. Sorted, an outer path comes before the inner ones.
std::vector<std::string> outermost(const std::set<std::string>& paths) {
    std::vector<std::string> outer;
    for (const auto& path : paths)
        if (outer.empty() || !engine::covers(outer.back(), path)) outer.push_back(path);
    return outer;
}

} // namespace

bool Reach::is_district() const { return !in_person && std::count(path.begin(), path.end(), '/') == 2; }

std::vector<Reach> reaches_of(const engine::Viewer& viewer) {
    std::map<std::pair<std::string, std::string>, std::set<std::string>> paths; // role, qualifier → jurisdictions
    for (const auto& grant : viewer.grants) {
        // A role without sight of cases (an administrator's) brings no work.
        if (grant.place_path.empty() || !viewer.sees(grant.place_path)) continue;
        paths[{grant.role, ""}].insert(grant.place_path); // a task without qualifier is for every holder
        paths[{grant.role, grant.qualifier}].insert(grant.place_path);
    }
    std::vector<Reach> reaches;
    for (const auto& [key, all] : paths)
        for (const auto& path : outermost(all))
            reaches.push_back({"role/" + key.first, key.first, path, key.second, false});
    for (const auto& scope : viewer.scopes) reaches.push_back({"person/" + viewer.person.text, "", scope, "", true});
    return reaches;
}

void add_reach(SqlText& sql, const Reach& reach, std::size_t number) {
    const auto own = [&](const char* name) { return name + std::to_string(number); };
    sql.add("w.addressee = :" + own("addressee"), {own("addressee"), reach.addressee});
    if (reach.is_district())
        sql.add("AND w.district_path = :" + own("district"), {own("district"), reach.path});
    else
        sql.add("AND").within("w.place_path", {reach.path}, own("reach"));
    if (!reach.in_person) sql.add("AND w.qualifier = :" + own("qualifier"), {own("qualifier"), reach.qualifier});
}

void add_any_reach(SqlText& sql, const std::vector<Reach>& reaches) {
    if (reaches.empty()) {
        sql.add("1 = 0");
        return;
    }
    for (std::size_t i = 0; i < reaches.size(); ++i) {
        sql.add(i == 0 ? "((" : "OR (");
        add_reach(sql, reaches[i], i);
        sql.add(")");
    }
    sql.add(")");
}

} // namespace cunmai::db
