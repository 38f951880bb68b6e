#include "tests/simulation/world.hpp"

#include "cmake/embedded.hpp"
#include "engine/fingerprint.hpp"
#include "workflows/all.hpp"
#include "workflows/roles.hpp"

#include <algorithm>

namespace cunmai::simulation {

namespace {

Json seed(const char* file) { return Json::parse(embedded::seed().at(file)); }

// Every indicator at its best.
std::string good_answers(const Json& catalogue, const std::string& evidence) {
    auto answers = Json::object();
    for (const auto& indicator : catalogue.at("indicators")) {
        const bool lower = indicator.at("direction") == "lower_is_better";
        answers[indicator.at("code").get<std::string>()] = {{"value", indicator.at(lower ? "min" : "max")},
                                                            {"evidence", {evidence}}};
    }
    return Json{{"catalogue_version", catalogue.at("version")}, {"answers", answers}}.dump();
}

} // namespace

World::World() {
    workflows::add_all(registry);
    add_place("990100", "示例区", "", "district");
    for (int t = 1; t <= 2; ++t) {
        const auto town = "99010000" + std::to_string(t);
        add_place(town, "示例镇" + std::to_string(t), "990100", "town");
        for (int v = 1; v <= 5; ++v) {
            villages.push_back(town + "20" + std::to_string(v));
            add_place(villages.back(), "示例村" + std::to_string(t) + std::to_string(v), town, "village");
        }
    }
    const auto defaults = seed("rules.json");
    for (const auto& [key, value] : defaults.items()) rules[key] = value;
    rules["calendar"] = seed("calendar.json");
    rules["catalogue"] = Json::parse(embedded::catalogue().at("catalogue.json"));

    for (const auto& village : villages) grant("vo-" + village.substr(6), "village_officer", village);
    for (const std::string number : {"1", "2"}) {
        const auto town = "99010000" + number;
        grant("to" + number, "town_officer", town);
        grant("ts" + number, "town_supervisor", town);
        grant("us" + number, "town_supervisor", town);
        grant("dc" + number, "district_commander", town);
    }
    for (const auto& kind : workflows::coordinator_kinds()) grant("vc-" + kind, "village_coordinator", "990100", kind);
    for (const auto& department : workflows::departments())
        grant("dr-" + department, "department_reviewer", "990100", department);
    for (const auto* person : {"pl1", "pl2"}) grant(person, "panel_leader", "990100");
    grant("sec", "committee_secretary", "990100");
    grant("chair", "committee_chair", "990100");
    for (const auto* person : {"m1", "m2", "m3", "m4"}) grant(person, "committee_member", "990100");
    grant("auditor", "auditor", "990100");
    grant("root", "system_administrator", "990100");
    grant("m4", "town_officer", "990100002"); // an interest that recuses them there
    interests.insert({{"m3"}, villages.front()});
    delegations.push_back({{"ts1"}, {"to1"}, "town_supervisor", first_day, first_day.plus_seconds(600 * day_seconds)});
    delegations.push_back({{"chair"}, {"m1"}, "committee_chair", first_day, first_day.plus_seconds(30 * day_seconds)});

    const auto keep = [this](const std::string& content) {
        const auto sha256 = sha256_hex(content);
        documents[sha256] = content;
        return sha256;
    };
    evidence = keep("示例附件");
    answers = keep(good_answers(rules.at("catalogue"), evidence));

    std::set<PersonId> all;
    for (const auto& one : grants) all.insert(one.person);
    people.assign(all.begin(), all.end());
}

void World::add_place(const std::string& code, const std::string& name, const std::string& parent,
                      const std::string& level) {
    const auto above = parent.empty() ? std::string("/") : places.at(parent).path;
    places[code] = {code, name, parent, level, above + code + '/'};
}

void World::grant(const std::string& person, const std::string& role, const std::string& place,
                  const std::string& qualifier) {
    grants.push_back({{person}, role, qualifier, places.at(place).path});
}

std::vector<PersonId> World::holders(std::string_view role, std::string_view place_path,
                                     std::string_view qualifier) const {
    std::set<PersonId> found;
    for (const auto& one : grants)
        if (one.role == role && engine::covers(one.place_path, place_path) &&
            (qualifier.empty() || one.qualifier == qualifier))
            found.insert(one.person);
    return {found.begin(), found.end()};
}

std::vector<PersonId> World::recipients(const engine::Notice& notice, std::string_view place_path) const {
    std::set<PersonId> found;
    for (const auto& person : notice.people)
        if (std::find(people.begin(), people.end(), person) != people.end()) found.insert(person);
    for (const auto& role : notice.roles)
        for (const auto& person : holders(role, place_path, notice.qualifier)) found.insert(person);
    return {found.begin(), found.end()};
}

const World& world() {
    static const World one;
    return one;
}

} // namespace cunmai::simulation
