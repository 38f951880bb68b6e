#include "workflows/village_lifecycle/facts.hpp"

#include "workflows/common/notices.hpp"
#include "workflows/common/tasks.hpp"
#include "workflows/prescription/states.hpp"
#include "workflows/roles.hpp"
#include "workflows/village_lifecycle/commands.hpp"
#include "workflows/village_lifecycle/states.hpp"

#include <algorithm>
#include <map>

namespace cunmai::workflows::village {

namespace {

template <class Keys> std::vector<std::string> missing_of(const Keys& keys, const Json& given) {
    std::vector<std::string> missing;
    for (const auto* key : keys)
        if (!given.is_object() || !given.contains(key)) missing.emplace_back(key);
    return missing;
}

using Names = std::map<std::string_view, std::string_view>;
std::string find_or_empty(const Names& names, std::string_view key) {
    const auto found = names.find(key);
    return found == names.end() ? std::string() : std::string(found->second);
}

bool is_open(const Json& prescription) {
    return !is_in<prescription::Closed, prescription::Cancelled>(prescription.value("state", ""));
}

} // namespace

std::string role_of_post(std::string_view post) {
    static const Names roles{{"commander", DistrictCommander::key},
                             {"supervisor", TownSupervisor::key},
                             {"coordinator", VillageCoordinator::key}};
    return find_or_empty(roles, post);
}

std::string evaluation_of(std::string_view command) {
    static const Names kinds{{RecordSelfEvaluation::key, "self"},
                             {RecordPublicEvaluation::key, "public"},
                             {RecordTownAssessment::key, "town"},
                             {RecordDistrictAssessment::key, "district"}};
    return find_or_empty(kinds, command);
}

std::string visit_of(std::string_view command) {
    static const Names kinds{{RecordInterview::key, "interviews"},
                             {RecordCourtyardMeeting::key, "courtyard_meetings"},
                             {RecordConsultation::key, "consultations"}};
    return find_or_empty(kinds, command);
}

const Json& part(const Json& facts, std::string_view key) {
    static const Json nothing;
    if (!facts.is_object()) return nothing;
    const auto found = facts.find(std::string(key));
    return found == facts.end() ? nothing : *found;
}

bool has_open_ballot(const Json& facts) { return part(facts, "ballot").is_object(); }

std::vector<std::string> awaited_votes(const Json& ballot) {
    const auto& present = part(ballot, "present");
    auto people = engine::ballot::entitled(ballot);
    std::erase_if(people, [&](const std::string& person) {
        return engine::ballot::has_voted(ballot, person) ||
               std::find(present.begin(), present.end(), person) == present.end();
    });
    return people;
}

Json ballot_to_count(const Json& facts, const Json& interested) {
    auto ballot = facts.at("ballot");
    for (const auto& one : interested)
        engine::ballot::recuse(ballot, one.at("person").get<std::string>(), one.at("reason").get<std::string>(),
                               "system");
    return ballot;
}

engine::ballot::Count counted(const Json& ballot, const Json& tally) {
    auto present = part(ballot, "present");
    for (const auto& person : engine::ballot::entitled(ballot))
        if (engine::ballot::has_voted(ballot, person)) present.push_back(person);
    return engine::ballot::count(ballot, present, tally);
}

std::string purpose_in(std::string_view state) { return state == ExitApproval::key ? "exit" : "entry"; }

std::vector<std::string> open_prescriptions(const Json& facts) {
    std::vector<std::string> ids;
    for (const auto& [id, prescription] : part(facts, "prescriptions").items())
        if (is_open(prescription)) ids.push_back(id);
    return ids;
}

std::vector<std::string> unfilled_posts(const Json& facts) { return missing_of(posts, part(facts, "posts")); }

std::set<std::string> treated_sources(const Json& facts) {
    std::set<std::string> treated;
    for (const auto& prescription : part(facts, "prescriptions"))
        if (prescription.value("state", "") == prescription::Closed::key && !prescription.value("spent", false))
            treated.insert(prescription.value("source", ""));
    return treated;
}

std::vector<std::string> red_warnings(const Json& facts) {
    const auto treated = treated_sources(facts);
    std::set<std::string> red;
    for (const auto& prescription : part(facts, "prescriptions"))
        if (is_open(prescription) && prescription.value("colour", "") == "red")
            red.insert(prescription.value("title", ""));
    for (const auto& indicator : part(facts, "red_indicators"))
        if (!treated.contains(indicator.get<std::string>())) red.insert(indicator.get<std::string>());
    for (const auto& item : part(facts, "relapse_items"))
        if (const auto code = item.at("code").get<std::string>(); !treated.contains(code))
            red.insert(code + " " + title_of(item.at("problem").get<std::string>()));
    return {red.begin(), red.end()};
}

std::string worst_colour(const Json& facts) {
    static constexpr std::array worst_first{"red", "yellow", "green"};
    for (const auto* colour : worst_first)
        for (const auto& prescription : part(facts, "prescriptions"))
            if (is_open(prescription) && prescription.value("colour", "green") == colour) return colour;
    return "";
}

std::vector<std::string> unsigned_departments(const Json& facts, const Json& required_departments) {
    std::vector<std::string> missing;
    const auto& opinions = part(facts, "opinions");
    for (const auto& department : required_departments)
        if (!opinions.is_object() || !opinions.contains(department.get<std::string>())) missing.push_back(department);
    return missing;
}

int visits(const Json& facts, std::string_view kind) {
    const auto& count = part(part(facts, "visits"), kind);
    return count.is_number() ? count.get<int>() : 0;
}

std::vector<std::string> missing_evaluations(const Json& facts) {
    return missing_of(evaluations, part(part(facts, "exit"), "evaluations"));
}

std::vector<std::string> missing_exit_opinions(const Json& facts) {
    return missing_of(exit_opinions, part(part(facts, "exit"), "opinions"));
}

std::vector<std::string> look_back_levels(const engine::Ask& ask) {
    std::vector<std::string> levels;
    if (ask.has_role(TownOfficer::key)) levels.emplace_back("town");
    if (ask.has_role(DepartmentReviewer::key)) levels.emplace_back("district");
    return levels;
}

const Json* last_bad_look_back(const Json& facts) {
    const Json* last = nullptr;
    for (const auto& look_back : part(facts, "look_backs"))
        if (look_back.at("finding") != "holds") last = &look_back;
    return last;
}

bool look_back_holds(const Json& facts, std::string_view level) {
    bool holds = false;
    for (const auto& look_back : part(facts, "look_backs")) {
        if (look_back.at("finding") != "holds")
            holds = false;
        else if (look_back.at("level") == level)
            holds = true;
    }
    return holds;
}

} // namespace cunmai::workflows::village
