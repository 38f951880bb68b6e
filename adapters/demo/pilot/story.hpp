// What is going to happen, as data: db/seed/pilot.json (which villages are proposed, and what is particular about each)
// and db/seed/demo_people.json (who signs in as what). Pure.
#pragma once

#include "engine/json.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace cunmai::pilot {

struct Tale { // one village that its town proposes
    std::string village, town, category;
    std::vector<std::string> secondary;
    std::set<std::string> twists;

    bool has(const std::string& twist) const { return twists.contains(twist); }
    // Whether the committee lists it in the end.
    bool becomes_key_village() const {
        return !has("declined_by_panel") && !has("declined_by_town") && !has("voted_down");
    }
};

class Story {
  public:
    Story();

    std::string text(const std::string& key) const { return data_.at("texts").at(key); }
    std::string programme(const std::string& category) const { return data_.at("programmes").at(category); }
    const Json& treatments(const std::string& category) const { return data_.at("treatments").at(category); }
    const Json& published() const { return data_.at("published"); } // the article's figures
    std::string round_title() const { return data_.at("round_title"); }
    std::string district() const { return data_.at("district"); }
    bool is_community(const std::string& place_name) const;

    const std::vector<Tale>& tales() const { return tales_; }
    const Tale* tale_of(const std::string& village) const;
    const std::set<std::string>& returned_without_nomination() const { return returned_; } // villages
    bool is_returned_without_nomination(const std::string& village) const { return returned_.contains(village); }
    // Indicators of the village's self-check that are past their red threshold.
    std::set<std::string> red_indicators(const std::string& village) const;

    // ---- sign-in names
    std::string village_officer(const std::string& village) const { return someone("village_officer", village); }
    std::string town_officer(const std::string& town) const { return someone("town_officer", town); }
    std::string supervisor(const std::string& town) const { return someone("town_supervisor", town); }
    std::string commander(const std::string& town) const { return someone("district_commander", town); }
    std::string coordinator(const std::string& category) const; // of the kind for the category
    std::string other_coordinator(const std::string& category) const;
    std::string reviewer(const std::string& department) const;
    std::string panel_leader() const { return someone("panel_leader", district()); }
    std::string panel_of(const std::string& town) const; // the leader of the panel that reviews the town's villages
    std::string secretary() const { return someone("committee_secretary", district()); }
    std::string chair() const { return someone("committee_chair", district()); }
    std::string auditor() const { return someone("auditor", district()); }
    std::vector<std::string> committee() const; // the chair, then the members

  private:
    std::string someone(const std::string& role, const std::string& place, const std::string& qualifier = "",
                        std::size_t which = 0) const;

    Json data_;
    std::vector<Tale> tales_;
    std::set<std::string> returned_;
    std::map<std::string, std::vector<std::string>> logins_; // by "role place qualifier"
};

std::string town_of(const std::string& village); // codes: a village's code begins with its town's

} // namespace cunmai::pilot
