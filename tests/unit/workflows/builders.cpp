// The facts that a case in each state has.
#include "engine/ballot.hpp"
#include "engine/time.hpp"
#include "tests/unit/workflows/district.hpp"

namespace cunmai::workflows::test {

namespace {

const Json five_departments{"organisation", "discipline", "political_legal", "civil_affairs", "agriculture"};

Json nominated() {
    return {{"category", "governance"},
            {"monitoring_pool", true},
            {"nominated_by", {"ts"}},
            {"required", {{"departments", five_departments}, {"interviews", 1}, {"courtyard_meetings", 1}}},
            {"opinions", Json::object()},
            {"visits", Json::object()}};
}

Json reviewed() {
    Json facts = nominated();
    for (const auto& department : five_departments)
        facts["opinions"][department.get<std::string>()] = {
            {"opinion", "endorse"}, {"text", "示例"}, {"by", "dr-" + department.get<std::string>()}, {"at", 0}};
    facts["visits"] = {{"interviews", 1}, {"courtyard_meetings", 1}};
    return facts;
}

Json planned() {
    Json facts = reviewed();
    facts["plan"] = {
        {"programme", "示例"}, {"measures", "示例"}, {"funds_committed", 50000}, {"monitoring_cycle_days", 30}};
    facts["posts"] = {{"commander", "dc"}, {"supervisor", "ts"}, {"coordinator", "vc"}};
    facts["prescriptions"] = Json::object();
    return facts;
}

Json evaluated() {
    Json facts = planned();
    for (const auto* evaluation : {"self", "public", "town", "district"})
        facts["exit"]["evaluations"][evaluation] = {{"score", 90}, {"evidence", Json::array()}};
    facts["exit"]["evaluations"]["public"]["respondents"] = 50;
    for (const auto* post : {"commander", "coordinator"})
        facts["exit"]["opinions"][post] = {{"opinion", "favourable"}, {"text", "示例"}};
    return facts;
}

Json facts_in(const std::string& state, const std::string& since) {
    if (state == "self_check" || state == "town_screening") return {{"opened_on", since}, {"due", Json::object()}};
    if (state == "department_review") return reviewed();
    if (state == "committee_approval" || state == "not_listed" || state == "terminated") return reviewed();
    if (state == "managed") return planned();
    if (state == "exit_review" || state == "exit_approval") return evaluated();
    auto facts = evaluated();
    facts["exit_vote_on"] = since;
    facts["follow_up_until"] = engine::to_text(engine::add_years(engine::parse_date(since).value(), 1));
    facts["look_backs"] = Json::array();
    return facts;
}

} // namespace

VillageBuilder::VillageBuilder() : district_(std::make_shared<District>()) {}

VillageBuilder& VillageBuilder::in(const std::string& state) {
    state_ = state;
    return *this;
}

VillageBuilder& VillageBuilder::since(const std::string& date) {
    since_ = date;
    return *this;
}

VillageBuilder& VillageBuilder::with(const Json& facts) {
    patches_.push_back(facts);
    return *this;
}

VillageBuilder& VillageBuilder::with_clean_look_backs() {
    return with({{"look_backs",
                  {{{"finding", "holds"}, {"level", "town"}, {"on", since_}, {"by", "to"}},
                   {{"finding", "holds"}, {"level", "district"}, {"on", since_}, {"by", "dr-organisation"}}}}});
}

VillageBuilder& VillageBuilder::with_prescription(const std::string& state, const std::string& colour) {
    return with({{"prescriptions", {{"rx-1", {{"state", state}, {"title", "示例处方"}, {"colour", colour}}}}}});
}

VillageBuilder& VillageBuilder::with_ballot(const std::vector<std::string>& present, bool secret) {
    ballot_ = {present, secret};
    return *this;
}

VillageBuilder::operator Case() {
    if (!placed_) {
        district_->on(since_);
        auto facts = facts_in(state_, since_);
        for (const auto& patch : patches_) facts.merge_patch(patch);
        placed_ = district_->place_case("village_lifecycle", village_code, state_, std::move(facts));
        if (ballot_) {
            district_->meeting_in_session({placed_->text}, ballot_->first, ballot_->second);
            Case(district_, *placed_).does("open_ballot");
        }
    }
    return {district_, *placed_};
}

Case a_prescription(const std::string& state, const Json& facts) {
    Case village = a_village().in("managed");
    Json carried{{"parent", village.id()},      {"category", "governance"},
                 {"drafted_by", "ts"},          {"problem", "示例问题"},
                 {"task", "示例任务"},          {"responsible_person", "vo"},
                 {"deadline_on", "2025-04-30"}, {"acceptance_criterion", "示例标准"}};
    if (state != "drafted")
        carried.update({{"issuer", "ts"},
                        {"remind_on", "2025-04-23"},
                        {"escalate_on", "2025-05-07"},
                        {"yellow_while_pending", true},
                        {"colour", "green"}});
    if (state == "awaiting_check") carried["doers"] = {"vo"};
    carried.merge_patch(facts);
    const auto id =
        village.district().place_case("prescription", village_code, state, std::move(carried), village.id().text);
    village.facts()["prescriptions"][id.text] = {{"state", state}, {"title", "示例问题"}};
    return {village.shared(), id};
}

} // namespace cunmai::workflows::test
