#include "adapters/demo/pilot/story.hpp"

#include "cmake/embedded.hpp"

#include <stdexcept>

namespace cunmai::pilot {

namespace {

constexpr std::size_t town_code_length = 9;

Json seed(std::string_view name) {
    const auto& files = embedded::seed();
    const auto file = files.find(name);
    if (file == files.end()) throw std::runtime_error("not in this program: " + std::string(name));
    return Json::parse(file->second);
}

std::string key_of(const std::string& role, const std::string& place, const std::string& qualifier) {
    return role + " " + place + " " + qualifier;
}

bool ends_with(const std::string& text, const std::string& ending) {
    return text.size() >= ending.size() && text.compare(text.size() - ending.size(), ending.size(), ending) == 0;
}

} // namespace

std::string town_of(const std::string& village) { return village.substr(0, town_code_length); }

Story::Story() : data_(seed("pilot.json")) {
    for (const auto& one : data_.at("stories"))
        tales_.push_back({one.at("village"), town_of(one.at("village")), one.at("category"),
                          one.at("secondary").get<std::vector<std::string>>(),
                          one.at("twists").get<std::set<std::string>>()});
    returned_ = data_.at("returned_without_nomination").get<std::set<std::string>>();
    const auto people = seed("demo_people.json");
    for (const auto& person : people.at("people"))
        for (const auto& grant : person.at("roles"))
            logins_[key_of(grant.at("role"), grant.at("place"), grant.at("qualifier"))].push_back(person.at("login"));
}

bool Story::is_community(const std::string& place_name) const {
    return ends_with(place_name, data_.at("community_ending"));
}

const Tale* Story::tale_of(const std::string& village) const {
    for (const auto& tale : tales_)
        if (tale.village == village) return &tale;
    return nullptr;
}

std::set<std::string> Story::red_indicators(const std::string& village) const {
    std::set<std::string> codes;
    if (const auto* tale = tale_of(village))
        for (const auto& treatment : treatments(tale->category))
            codes.insert(treatment.at("source").get<std::string>());
    return codes;
}

std::string Story::someone(const std::string& role, const std::string& place, const std::string& qualifier,
                           std::size_t which) const {
    const auto found = logins_.find(key_of(role, place, qualifier));
    if (found == logins_.end() || found->second.size() <= which)
        throw std::runtime_error("the demo district has no " + role + " " + qualifier + " for " + place);
    return found->second[which];
}

std::string Story::coordinator(const std::string& category) const {
    return someone("village_coordinator", district(), data_.at("coordinator_kinds").at(category));
}

std::string Story::other_coordinator(const std::string& category) const {
    return someone("village_coordinator", district(), data_.at("coordinator_kinds").at(category), 1);
}

std::string Story::reviewer(const std::string& department) const {
    return someone("department_reviewer", district(), department);
}

std::string Story::panel_of(const std::string& town) const {
    return someone("panel_leader", district(), "", static_cast<std::size_t>(town.back() - '0') % 2);
}

std::vector<std::string> Story::committee() const {
    auto people = logins_.at(key_of("committee_member", district(), ""));
    people.insert(people.begin(), chair());
    return people;
}

} // namespace cunmai::pilot
