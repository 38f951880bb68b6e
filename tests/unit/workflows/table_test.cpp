// The tables as a whole: reachability, who may give which command in which state, and the rows of domain.md §3 to §5
// one by one.
#include "tests/unit/workflows/district.hpp"
#include "workflows/roles.hpp"

#include <set>

namespace cunmai::workflows::test {
namespace {

using namespace engine;
using Kind = Outcome::Kind;

// States from which `target` can be reached, or which can be reached from it.
std::set<std::string> spread(const DefinitionInfo& info, std::set<std::string> from, bool forward) {
    for (bool grew = true; grew;) {
        grew = false;
        for (const auto& row : info.rows) {
            const auto& start = forward ? row.from : row.to;
            const auto& next = forward ? row.to : row.from;
            if (from.contains(start) && from.insert(next).second) grew = true;
        }
    }
    return from;
}

class EveryDefinition : public ::testing::TestWithParam<std::string> {
  protected:
    const DefinitionInfo& info() { return district_.registry.newest(GetParam())->info(); }
    District district_;
};
INSTANTIATE_TEST_SUITE_P(Workflows, EveryDefinition,
                         ::testing::Values("village_lifecycle", "prescription", "committee_meeting", "screening_round"),
                         [](const auto& each) { return each.param; });

TEST_P(EveryDefinition, EveryStateIsReachable) {
    const auto reached = spread(info(), {std::string(not_opened)}, true);
    for (const auto& state : info().states) EXPECT_TRUE(reached.contains(state.key)) << state.key;
}

TEST_P(EveryDefinition, AFinalStateIsReachableFromEveryState) {
    std::set<std::string> finals;
    for (const auto& state : info().states)
        if (state.final) finals.insert(state.key);
    ASSERT_FALSE(finals.empty());
    const auto leads_there = spread(info(), finals, false);
    for (const auto& state : info().states) EXPECT_TRUE(leads_there.contains(state.key)) << state.key;
}

TEST_P(EveryDefinition, WhoeverIsNamedIsARoleARelationOrTheEngine) {
    const auto& roles = all_roles();
    const std::set<std::string> relations{"responsible_person", "issuer", std::string(engine_role)};
    for (const auto& row : info().rows)
        for (const auto& who : row.who) EXPECT_TRUE(roles.find(who) || relations.contains(who)) << who;
}

TEST_P(EveryDefinition, WhatTheEngineDoesIsInternalAndNothingElseIs) {
    for (const auto& row : info().rows)
        EXPECT_EQ(info().command(row.command)->internal, row.who == std::vector<std::string>{std::string(engine_role)})
            << row.command;
}

Case case_in(const std::string& definition, const std::string& state) {
    if (definition == "village_lifecycle") {
        auto village = a_village().in(state);
        if (state == "committee_approval" || state == "exit_approval") village.with_ballot({"ch", "m1", "m2"});
        return village;
    }
    if (definition == "prescription") return a_prescription(state);
    auto district = std::make_shared<District>();
    const Json meeting{{"title", "示例"},         {"meeting_on", "2025-03-01"}, {"chair", "ch"},
                       {"agenda", Json::array()}, {"present", {"ch"}},          {"open_ballots", Json::array()},
                       {"results", Json::array()}};
    const auto id = district->place_case(definition, district_code, state,
                                         definition == "committee_meeting" ? meeting : Json::object());
    return {district, id};
}

// Every state × command × role: without a row the command is "not here", a role outside the row is forbidden, and a
// role inside it is authorised.
TEST_P(EveryDefinition, EveryStateCommandAndRoleAnswersAsTheTableSays) {
    for (const auto& state : info().states) {
        const auto the_case = case_in(GetParam(), state.key);
        the_case.district().store.memory.rules["catalogue"] = {{"version", 1},
                                                               {"indicators", Json::array()}}; // quicker
        for (const auto& role : all_roles().all()) the_case.district().grant("any-" + role.key, role.key, "/990100/");
        for (const auto& command : info().commands) {
            const auto who = info().who_may(state.key, command.key);
            for (const auto& role : all_roles().all()) {
                SCOPED_TRACE(state.key + " " + command.key + " by " + role.key);
                const auto kind = the_case.as("any-" + role.key).tries(command.key).kind;
                if (role.kind == RoleInfo::Kind::administers)
                    EXPECT_EQ(kind, Kind::not_found);
                else if (command.internal)
                    EXPECT_EQ(kind, Kind::unknown_command);
                else if (who.empty())
                    EXPECT_EQ(kind, Kind::not_here);
                else if (std::find(who.begin(), who.end(), role.key) == who.end())
                    EXPECT_EQ(kind, Kind::forbidden);
                else
                    EXPECT_THAT(kind, ::testing::AnyOf(Kind::accepted, Kind::refused));
            }
        }
    }
}

std::vector<std::string> rows_of(const DefinitionInfo& info) {
    std::vector<std::string> lines;
    for (const auto& row : info.rows) {
        std::string line = row.from + " " + row.command + " " + row.to + " by";
        for (const auto& who : row.who) line += " " + who;
        lines.push_back(line);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

std::vector<std::string> sorted(std::vector<std::string> lines) {
    std::sort(lines.begin(), lines.end());
    return lines;
}

TEST(VillageTable, HasTheRowsOfTheDomain) {
    std::vector<std::string> expected{
        "not_opened open self_check by panel_leader",
        "not_opened open_targeted town_screening by town_supervisor panel_leader",
        "self_check submit_self_check town_screening by village_officer",
        "town_screening nominate department_review by town_supervisor",
        "town_screening return_to_village self_check by town_officer town_supervisor",
        "town_screening decline not_listed by town_supervisor",
        "department_review record_interview department_review by department_reviewer",
        "department_review record_courtyard_meeting department_review by department_reviewer",
        "department_review record_consultation department_review by department_reviewer",
        "department_review sign_opinion department_review by department_reviewer",
        "department_review endorse committee_approval by panel_leader",
        "department_review return_to_town town_screening by panel_leader",
        "department_review decline not_listed by panel_leader",
        "managed adopt_plan managed by town_supervisor",
        "managed assign managed by town_supervisor panel_leader",
        "managed replace_assignee managed by town_supervisor panel_leader",
        "managed issue_prescription managed by town_supervisor panel_leader village_coordinator",
        "managed request_exit exit_review by town_supervisor",
        "exit_review record_self_evaluation exit_review by village_officer",
        "exit_review record_public_evaluation exit_review by town_officer",
        "exit_review record_town_assessment exit_review by town_officer",
        "exit_review record_district_assessment exit_review by department_reviewer",
        "exit_review record_commander_opinion exit_review by district_commander",
        "exit_review record_coordinator_opinion exit_review by village_coordinator",
        "exit_review endorse_exit exit_approval by panel_leader",
        "exit_review deny_exit managed by panel_leader",
        "follow_up adopt_plan follow_up by town_supervisor",
        "follow_up replace_assignee follow_up by town_supervisor panel_leader",
        "follow_up issue_prescription follow_up by town_supervisor panel_leader village_coordinator",
        "follow_up record_look_back follow_up by town_officer department_reviewer",
        "follow_up report_relapse department_review by town_supervisor panel_leader",
        "follow_up complete_follow_up graduated by panel_leader",
        "follow_up propose_completion follow_up by engine",
    };
    struct Vote {
        std::string state;
        std::vector<std::string> results;
    };
    for (const auto& [state, results] : {Vote{"committee_approval", {"managed", "not_listed", "department_review"}},
                                         Vote{"exit_approval", {"follow_up", "managed", "exit_review"}}}) {
        expected.push_back(state + " open_ballot " + state + " by committee_secretary");
        expected.push_back(state + " cast_vote " + state + " by committee_member committee_chair");
        expected.push_back(state + " recuse " + state + " by committee_member committee_chair");
        expected.push_back(state + " attendance_changed " + state + " by engine");
        expected.push_back(state + " close_ballot " + state + " by committee_secretary");
        for (const auto& result : results)
            expected.push_back(state + " close_ballot " + result + " by committee_secretary");
    }
    for (const auto* state : {"self_check", "town_screening", "department_review", "committee_approval", "managed",
                              "exit_review", "exit_approval", "follow_up"}) {
        expected.push_back(std::string(state) + " terminate terminated by panel_leader");
        expected.push_back(std::string(state) + " prescription_changed " + state + " by engine");
        expected.push_back(std::string(state) + " migrate " + state + " by engine");
    }
    District district;
    EXPECT_EQ(rows_of(district.registry.newest("village_lifecycle")->info()), sorted(expected));
}

TEST(PrescriptionTable, HasTheRowsOfTheDomain) {
    std::vector<std::string> expected{
        "not_opened draft drafted by engine",
        "drafted issue issued by town_supervisor panel_leader village_coordinator",
        "issued accept in_progress by responsible_person",
        "issued decline_responsibility drafted by responsible_person",
        "in_progress report_progress in_progress by responsible_person village_coordinator",
        "in_progress request_extension in_progress by responsible_person",
        "in_progress grant_extension in_progress by issuer panel_leader",
        "in_progress refuse_extension in_progress by issuer panel_leader",
        "in_progress submit_for_check awaiting_check by responsible_person",
        "awaiting_check accept_result closed by village_coordinator town_supervisor",
        "awaiting_check reject_result in_progress by village_coordinator town_supervisor",
        "closed reopen in_progress by town_supervisor panel_leader",
    };
    for (const auto* state : {"drafted", "issued", "in_progress", "awaiting_check"}) {
        expected.push_back(std::string(state) + " cancel cancelled by issuer panel_leader");
        expected.push_back(std::string(state) + " withdraw cancelled by engine");
    }
    for (const auto* state : {"issued", "in_progress", "awaiting_check"})
        for (const auto* timer : {"remind", "fall_overdue", "escalate"})
            expected.push_back(std::string(state) + " " + timer + " " + state + " by engine");
    District district;
    EXPECT_EQ(rows_of(district.registry.newest("prescription")->info()), sorted(expected));
}

TEST(Tables, HaveTheFinalStatesOfTheDomain) {
    District district;
    const auto finals = [&](const char* definition) {
        std::set<std::string> keys;
        for (const auto& state : district.registry.newest(definition)->info().states)
            if (state.final) keys.insert(state.key);
        return keys;
    };
    EXPECT_EQ(finals("village_lifecycle"), (std::set<std::string>{"graduated", "not_listed", "terminated"}));
    EXPECT_EQ(finals("prescription"), (std::set<std::string>{"closed", "cancelled"}));
    EXPECT_EQ(finals("committee_meeting"), (std::set<std::string>{"closed", "cancelled"}));
    EXPECT_EQ(finals("screening_round"), (std::set<std::string>{"closed"}));
}

TEST(Roles, AreFourteenAndOnlyTheThreeAdministratorsSeeNoCase) {
    EXPECT_EQ(all_roles().all().size(), 14U);
    for (const auto& role : all_roles().all())
        EXPECT_EQ(role.kind == RoleInfo::Kind::administers, role.key.find("administrator") != std::string::npos)
            << role.key;
    EXPECT_EQ(all_roles().find("auditor")->kind, RoleInfo::Kind::reads);
}

TEST(Roles, EveryCategoryHasItsCoordinator) {
    EXPECT_EQ(coordinator_kind_for("organisation"), "party_building_instructor");
    EXPECT_EQ(coordinator_kind_for("governance"), "governance_coordinator");
    EXPECT_EQ(coordinator_kind_for("disputes"), "dispute_mediator");
    EXPECT_EQ(coordinator_kind_for("integrity"), "integrity_supervisor");
    EXPECT_EQ(coordinator_kind_for("economy"), "industry_supporter");
    EXPECT_EQ(coordinator_kind_for("weather"), "");
}

} // namespace
} // namespace cunmai::workflows::test
