// The prescription: every guard, its colours and its three reminders (domain.md §4).
#include "tests/unit/workflows/district.hpp"
#include "workflows/prescription/facts.hpp"

namespace cunmai::workflows::test {
namespace {

using prescription::colour_of;
using ::testing::ElementsAre;

// What the village's case notes about it.
Json known_to_village(const Case& rx) {
    const CaseId parent{rx.facts().at("parent").get<std::string>()};
    return rx.district().row(parent).facts.at("prescriptions").at(rx.id().text);
}

// ---- issuing ------------------------------------------------------------------------------------------------------

TEST(Issuing, NeedsProblemTaskPersonDeadlineAndCriterion) {
    for (const auto* field : {"problem", "task", "responsible_person", "deadline_on", "acceptance_criterion"}) {
        const Case rx = a_prescription("drafted", {{field, nullptr}});
        const auto refused = rx.tries("issue");
        EXPECT_THAT(refused, is_refused_for("missing"));
        ASSERT_EQ(refused.refusal.reasons().size(), 1U);
        EXPECT_EQ(refused.refusal.reasons().front().field, field);
        const Json completed{{field, std::string(field) == "responsible_person" ? "vo"
                                     : std::string(field) == "deadline_on"      ? "2025-05-05"
                                                                                : "示例"}};
        EXPECT_THAT(rx.tries("issue", completed), moves_to("issued")) << field;
    }
}

TEST(Issuing, TheDeadlineLiesAhead) {
    const Case rx = a_prescription("drafted");
    EXPECT_THAT(rx.on("2025-04-30").tries("issue"), is_refused_for("deadline_not_ahead"));
    EXPECT_THAT(rx.on("2025-04-29").tries("issue"), moves_to("issued"));
}

TEST(Issuing, TheResponsiblePersonActsInThisVillage) {
    const Case rx = a_prescription("drafted");
    auto& district = rx.district();
    district.grant("neighbour", "village_officer", "/990100/990100001/990100001202/");
    EXPECT_THAT(rx.tries("issue", {{"responsible_person", "neighbour"}}),
                is_refused_for("responsible_person_not_here"));
    EXPECT_THAT(rx.tries("issue", {{"responsible_person", "nobody"}}), is_refused_for("responsible_person_not_here"));
    EXPECT_THAT(rx.tries("issue", {{"responsible_person", "au"}}), is_refused_for("responsible_person_not_here"))
        << "reads only";
    EXPECT_THAT(rx.tries("issue", {{"responsible_person", "to"}}), moves_to("issued"));
}

TEST(Issuing, ByACoordinatorNeedsOneOfTheVillagesCategories) {
    const Case rx = a_prescription("drafted");
    rx.district().grant("mediator", "village_coordinator", "/990100/", "dispute_mediator");
    EXPECT_THAT(rx.as("mediator").tries("issue"), is_refused_for("coordinator_of_another_kind"));
    EXPECT_THAT(rx.as("vc").tries("issue"), moves_to("issued"));
}

TEST(Issuing, SetsTheDaysOfTheDeadlineAndTellsTheVillage) {
    const Case rx = a_prescription("drafted");
    rx.does("issue", {{"deadline_on", "2025-05-01"}});
    EXPECT_EQ(rx.facts().at("deadline_on"), "2025-05-01");
    EXPECT_EQ(rx.facts().at("remind_on"), "2025-04-24");
    EXPECT_EQ(rx.facts().at("escalate_on"), "2025-05-08");
    EXPECT_EQ(rx.facts().at("issuer"), "ts");
    EXPECT_EQ(known_to_village(rx), Json({{"state", "issued"},
                                          {"title", "1. 示例问题"},
                                          {"colour", "green"},
                                          {"due_on", "2025-05-01"},
                                          {"responsible", "vo"}}));
}

TEST(Issuing, CountsWorkingDaysWhereTheDistrictSaysSo) {
    const Case rx = a_prescription("drafted");
    rx.district().store.memory.rules["prescription_days"] = "working";
    rx.does("issue", {{"deadline_on", "2025-05-01"}}); // a holiday until the 5th; 27 April is a make-up workday
    EXPECT_EQ(rx.facts().at("deadline_on"), "2025-05-06");
    EXPECT_EQ(rx.facts().at("remind_on"), "2025-04-23") << "30, 29, 28, 27 (a make-up Sunday), 25, 24, 23";
    EXPECT_EQ(rx.facts().at("escalate_on"), "2025-05-15");
}

// ---- responsibility -----------------------------------------------------------------------------------------------

TEST(Responsibility, IsTheResponsiblePersonsOwn) {
    const Case rx = a_prescription("issued");
    for (const auto* command : {"accept", "decline_responsibility"})
        for (const auto* person : {"ts", "vc", "pl", "to"})
            EXPECT_THAT(rx.as(person).tries(command), is_of_kind(Outcome::Kind::forbidden))
                << command << " by " << person;
    EXPECT_THAT(rx.tasks(), ElementsAre("accept vo"));
    EXPECT_THAT(rx.as("vo").tries("accept"), moves_to("in_progress"));
}

TEST(Responsibility, DeclinedGoesBackToTheDraftWithoutAPerson) {
    const Case rx = a_prescription("issued");
    EXPECT_THAT(rx.tries("decline_responsibility", {{"reason", nullptr}}), is_refused_for("missing"));
    rx.does("decline_responsibility");
    EXPECT_FALSE(rx.facts().contains("responsible_person"));
    EXPECT_EQ(known_to_village(rx).at("state"), "drafted");
    EXPECT_THAT(rx.as("ts").tries("issue"), is_refused_for("missing"));
    EXPECT_THAT(rx.as("ts").tries("issue", {{"responsible_person", "to"}}), moves_to("issued"));
}

TEST(Responsibility, ADelegateOfTheRoleActsForThePerson) {
    const Case rx = a_prescription("issued");
    auto& district = rx.district();
    district.store.memory.delegations = {{{"vo"},
                                          {"to"},
                                          "village_officer",
                                          district.clock.now().plus_seconds(-60),
                                          district.clock.now().plus_seconds(60)}};
    EXPECT_THAT(rx.as("to").for_("vo").tries("accept"), moves_to("in_progress"));
}

// ---- extensions ---------------------------------------------------------------------------------------------------

TEST(Extension, IsLaterThanTheDeadlineAndHasAReason) {
    const Case rx = a_prescription("in_progress");
    const auto ask = [&](const char* until) { return rx.tries("request_extension", {{"until_on", until}}); };
    EXPECT_THAT(ask("2025-04-30"), is_refused_for("extension_not_later"));
    EXPECT_THAT(ask("2025-05-01"), is_accepted());
    EXPECT_THAT(rx.tries("request_extension", {{"until_on", "2025-05-01"}, {"reason", ""}}), is_refused_for("missing"));
    rx.on("2025-06-01");
    EXPECT_THAT(ask("2025-05-20"), is_refused_for("extension_not_later")) << "later than the deadline, but past";
}

TEST(Extension, IsDecidedByTheIssuerAndNotByWhoAsked) {
    const Case rx = a_prescription("in_progress");
    EXPECT_THAT(rx.as("ts").tries("grant_extension"), is_refused_for("no_extension_asked"));
    rx.does("request_extension", {{"until_on", "2025-05-20"}});
    EXPECT_THAT(rx.tries("request_extension", {{"until_on", "2025-05-21"}}), is_refused_for("extension_pending"));
    for (const auto* command : {"grant_extension", "refuse_extension"}) {
        EXPECT_THAT(rx.as("ts2").tries(command), is_of_kind(Outcome::Kind::forbidden)) << command;
        EXPECT_THAT(rx.as("ts").tries(command), is_accepted()) << command;
        EXPECT_THAT(rx.as("pl").tries(command), is_refused_for("issuer_decides")) << command;
    }
    EXPECT_THAT(rx.tasks(), ElementsAre("grant_extension ts", "submit_for_check vo"));
}

TEST(Extension, IsDecidedByThePanelLeaderWhenTheIssuerIsGone) {
    const Case rx = a_prescription("in_progress");
    rx.does("request_extension", {{"until_on", "2025-05-20"}});
    std::erase_if(rx.district().store.memory.grants,
                  [](const engine::Grant& grant) { return grant.person.text == "ts"; });
    for (const auto* command : {"grant_extension", "refuse_extension"}) {
        EXPECT_THAT(rx.as("ts").tries(command), is_of_kind(Outcome::Kind::not_found)) << command;
        EXPECT_THAT(rx.as("pl").tries(command), is_accepted()) << command;
    }
}

TEST(Extension, WhoAskedDoesNotGrantEvenAsTheIssuer) {
    const Case own = a_prescription("in_progress", {{"responsible_person", "ts"}});
    own.as("ts").does("request_extension", {{"until_on", "2025-05-20"}});
    for (const auto* command : {"grant_extension", "refuse_extension"}) {
        EXPECT_THAT(own.as("ts").tries(command), is_refused_for("own_extension"));
        EXPECT_THAT(own.as("pl").tries(command), is_accepted()) << "nobody else can";
    }

    const Case delegated = a_prescription("in_progress");
    auto& district = delegated.district();
    const auto now = district.clock.now();
    district.store.memory.delegations = {
        {{"vo"}, {"ts"}, "village_officer", now.plus_seconds(-60), now.plus_seconds(60)}};
    delegated.as("ts").for_("vo").does("request_extension", {{"until_on", "2025-05-20"}});
    district.grant("ts", "panel_leader", "/990100/");
    EXPECT_THAT(delegated.as("ts").tries("grant_extension"), is_refused_for("own_extension")) << "it was their hand";
}

TEST(Extension, IsNotGrantedOnceTheDateAskedForHasCome) {
    const Case rx = a_prescription("in_progress");
    rx.on("2025-05-02").does("request_extension", {{"until_on", "2025-05-20"}});
    EXPECT_THAT(rx.on("2025-05-19").tries("grant_extension"), is_accepted());
    EXPECT_THAT(rx.on("2025-05-20").tries("grant_extension"), is_refused_for("extension_date_passed"));
    EXPECT_THAT(rx.on("2025-06-01").tries("grant_extension"), is_refused_for("extension_date_passed"));
    EXPECT_THAT(rx.tries("refuse_extension"), is_accepted());
}

TEST(Extension, MovesTheDeadlineAndStartsTheRemindersAnew) {
    const Case rx = a_prescription("in_progress", {{"reminded", true}, {"overdue", true}, {"escalated", true}});
    rx.on("2025-05-10").does("request_extension", {{"until_on", "2025-06-30"}});
    rx.does("grant_extension");
    EXPECT_EQ(rx.facts().at("deadline_on"), "2025-06-30");
    EXPECT_EQ(rx.facts().at("extensions_granted"), 1);
    EXPECT_EQ(known_to_village(rx).at("colour"), "green");
    EXPECT_EQ(rx.district().timers(rx.id()).size(), 3U);
}

TEST(Extension, IsGrantedAtMostTwice) {
    EXPECT_THAT(a_prescription("in_progress", {{"extensions_granted", 1}})
                    .tries("request_extension", {{"until_on", "2025-05-20"}}),
                is_accepted());
    const auto refused = a_prescription("in_progress", {{"extensions_granted", 2}})
                             .tries("request_extension", {{"until_on", "2025-05-20"}});
    EXPECT_THAT(refused, is_refused_for("extensions_used_up"));
    EXPECT_EQ(facts_of(refused, "extensions_used_up"), Json({{"granted", 2}, {"max", 2}}));
    const Case rx = a_prescription("in_progress");
    rx.does("request_extension", {{"until_on", "2025-05-20"}});
    rx.does("refuse_extension");
    EXPECT_FALSE(rx.facts().contains("extensions_granted")) << "a refused one doesn't count";
    EXPECT_EQ(rx.facts().at("deadline_on"), "2025-04-30");
}

// ---- the result ---------------------------------------------------------------------------------------------------

TEST(Result, NeedsEvidenceAndACheckBySomebodyElse) {
    const Case rx = a_prescription("in_progress");
    EXPECT_THAT(rx.tries("submit_for_check", {{"evidence", Json::array()}}), is_refused_for("missing"));
    EXPECT_THAT(rx.tries("submit_for_check", {{"evidence", {std::string(64, 'd')}}}),
                is_refused_for("document_unknown"));
    rx.does("submit_for_check");
    EXPECT_THAT(rx.as("vc").tries("accept_result"), moves_to("closed"));
    EXPECT_THAT(rx.as("ts2").tries("accept_result"), moves_to("closed"));
}

TEST(Result, WhoCarriedItOutDoesNotAcceptIt) {
    EXPECT_THAT(a_prescription("awaiting_check", {{"responsible_person", "ts"}}).as("ts").tries("accept_result"),
                is_refused_for("own_result"));
    EXPECT_THAT(a_prescription("awaiting_check", {{"doers", {"ts", "vo"}}}).as("ts").tries("accept_result"),
                is_refused_for("own_result"));
    const Case rx = a_prescription("awaiting_check", {{"responsible_person", "ts"}});
    auto& district = rx.district();
    const auto now = district.clock.now();
    district.store.memory.delegations = {
        {{"ts2"}, {"ts"}, "town_supervisor", now.plus_seconds(-60), now.plus_seconds(60)}};
    EXPECT_THAT(rx.as("ts").for_("ts2").tries("accept_result"), is_refused_for("own_result"))
        << "nor on behalf of another";
}

// A person who had a hand in it stays a doer, even if somebody else submits after a rejection.
TEST(Result, WhoeverHadAHandInItDoesNotAcceptIt) {
    const auto by_delegate = [](const char* command, const Json& given = Json::object()) {
        const std::string before = command;
        const Case rx = a_prescription(before == "accept" ? "issued" : "in_progress");
        auto& district = rx.district();
        const auto now = district.clock.now();
        district.store.memory.delegations = {
            {{"vo"}, {"ts2"}, "village_officer", now.plus_seconds(-60), now.plus_seconds(60)}};
        rx.as("ts2").for_("vo").does(command, given);
        return rx;
    };
    for (const auto* command : {"accept", "report_progress", "submit_for_check"}) {
        const Case rx = by_delegate(command);
        if (std::string(command) == "submit_for_check") rx.as("ts").does("reject_result");
        rx.as("vo").does("submit_for_check");
        EXPECT_THAT(rx.as("ts2").tries("accept_result"), is_refused_for("own_result")) << command;
        EXPECT_THAT(rx.as("ts").tries("accept_result"), moves_to("closed")) << command;
    }
    const Case rx = a_prescription("in_progress");
    rx.as("vc").does("report_progress"); // a coordinator reports on the work of others
    rx.as("vo").does("submit_for_check");
    EXPECT_THAT(rx.as("vc").tries("accept_result"), moves_to("closed"));
}

TEST(Result, IsCheckedByACoordinatorOfTheVillagesCategories) {
    const Case rx = a_prescription("awaiting_check");
    rx.district().grant("mediator", "village_coordinator", "/990100/", "dispute_mediator");
    for (const auto* command : {"accept_result", "reject_result"}) {
        EXPECT_THAT(rx.as("mediator").tries(command), is_refused_for("coordinator_of_another_kind")) << command;
        EXPECT_THAT(rx.as("vc").tries(command), is_accepted()) << command;
    }
    const Case running = a_prescription("in_progress");
    running.district().grant("mediator", "village_coordinator", "/990100/", "dispute_mediator");
    EXPECT_THAT(running.as("mediator").tries("report_progress"), is_refused_for("coordinator_of_another_kind"));
    EXPECT_THAT(running.as("vc").tries("report_progress"), is_accepted());
    running.facts()["responsible_person"] = "mediator";
    EXPECT_THAT(running.as("mediator").tries("report_progress"), is_accepted()) << "their own work";

    rx.facts()["secondary_categories"] = {"disputes"};
    EXPECT_THAT(rx.as("mediator").tries("accept_result"), is_accepted());
    rx.facts().erase("secondary_categories");
    rx.district().grant("mediator", "town_supervisor", "/990100/990100001/");
    EXPECT_THAT(rx.as("mediator").tries("accept_result"), is_accepted()) << "by another role";
}

TEST(Result, RejectedSaysWhatIsMissing) {
    const Case rx = a_prescription("awaiting_check");
    EXPECT_THAT(rx.tries("reject_result", {{"missing", nullptr}}), is_refused_for("missing"));
    EXPECT_THAT(rx.does("reject_result", {{"missing", "缺验收照片"}}), moves_to("in_progress"));
    EXPECT_EQ(rx.facts().at("missing"), "缺验收照片");
    EXPECT_EQ(known_to_village(rx).at("state"), "in_progress");
}

TEST(Result, IsAHundredPercentOnlyWhenItIsAccepted) {
    const Case rx = a_prescription("in_progress");
    rx.does("report_progress", {{"percent", 60}});
    rx.does("submit_for_check");
    EXPECT_EQ(rx.facts().at("percent"), 60);
    rx.does("accept_result");
    EXPECT_EQ(rx.facts().at("percent"), 100);
    rx.does("reopen", {{"deadline_on", "2025-06-01"}});
    EXPECT_FALSE(rx.facts().contains("percent"));
}

TEST(Result, ClosingTellsTheVillage) {
    const Case rx = a_prescription("awaiting_check");
    rx.does("accept_result");
    EXPECT_EQ(known_to_village(rx).at("state"), "closed");
    EXPECT_FALSE(known_to_village(rx).contains("colour"));
    EXPECT_TRUE(rx.tasks().empty());
}

TEST(Reopening, NeedsANewDeadlineAndAVillageThatIsNotFinal) {
    const Case rx = a_prescription("closed", {{"extensions_granted", 2}});
    const CaseId village{rx.facts().at("parent").get<std::string>()};
    EXPECT_THAT(rx.tries("reopen", {{"deadline_on", "2025-03-01"}}), is_refused_for("deadline_not_ahead"));
    for (const auto* final_state : {"graduated", "not_listed", "terminated"}) {
        rx.district().row(village).state = final_state;
        EXPECT_THAT(rx.tries("reopen", {{"deadline_on", "2025-06-01"}}), is_refused_for("village_case_final"));
    }
    rx.district().row(village).state = "follow_up";
    EXPECT_THAT(rx.does("reopen", {{"deadline_on", "2025-06-01"}}), moves_to("in_progress"));
    EXPECT_EQ(known_to_village(rx).at("state"), "in_progress");
    EXPECT_EQ(rx.facts().at("extensions_granted"), 0);
}

TEST(Cancelling, IsForTheIssuerOrThePanelInEveryOpenState) {
    for (const auto* state : {"drafted", "issued", "in_progress", "awaiting_check"}) {
        const Case rx = a_prescription(state);
        EXPECT_THAT(rx.as("ts2").tries("cancel"), is_of_kind(Outcome::Kind::forbidden)) << state;
        EXPECT_THAT(rx.as("ts").tries("cancel", {{"reason", ""}}), is_refused_for("missing"));
        EXPECT_THAT(rx.as("ts").tries("cancel"), moves_to("cancelled")) << "whoever drafted or issued it";
        EXPECT_THAT(rx.as("pl").tries("cancel"), moves_to("cancelled"));
    }
    EXPECT_THAT(a_prescription("closed").as("pl").tries("cancel"), is_of_kind(Outcome::Kind::not_here));
}

// ---- colours and reminders ----------------------------------------------------------------------------------------

const Json may{{"deadline_on", "2025-05-10"}, {"remind_on", "2025-05-03"}, {"yellow_while_pending", true}};

TEST(Colour, TurnsYellowAWeekBeforeAndRedAfterTheDeadline) {
    EXPECT_EQ(colour_of("in_progress", may, "2025-05-02"), "green");
    EXPECT_EQ(colour_of("in_progress", may, "2025-05-03"), "yellow");
    EXPECT_EQ(colour_of("in_progress", may, "2025-05-10"), "yellow");
    EXPECT_EQ(colour_of("in_progress", may, "2025-05-11"), "red");
    for (const auto* state : {"issued", "awaiting_check"})
        EXPECT_EQ(colour_of(state, may, "2025-05-11"), "red") << state;
    for (const auto* state : {"drafted", "closed", "cancelled"})
        EXPECT_EQ(colour_of(state, may, "2025-05-11"), "") << state;
}

TEST(Colour, IsYellowWhileAnExtensionIsPending) {
    auto facts = may;
    facts["extension"] = {{"until_on", "2025-06-01"}};
    EXPECT_EQ(colour_of("in_progress", facts, "2025-04-01"), "yellow");
    EXPECT_EQ(colour_of("in_progress", facts, "2025-05-11"), "red");
    facts["yellow_while_pending"] = false;
    EXPECT_EQ(colour_of("in_progress", facts, "2025-04-01"), "green");
}

TEST(Reminders, ComeAWeekBeforeAtTheDeadlineAndAWeekAfterEachOnce) {
    const Case rx = a_prescription("in_progress"); // due 2025-04-30
    auto& district = rx.district();
    const auto topics = [&] {
        std::vector<std::string> list;
        for (const auto& notice : district.store.memory.notices) list.push_back(notice.topic);
        return list;
    };
    district.pass_until("2025-04-22");
    EXPECT_THAT(topics(), ElementsAre());
    district.pass_until("2025-04-23");
    EXPECT_THAT(topics(), ElementsAre("prescription_due_soon"));
    EXPECT_EQ(known_to_village(rx).at("colour"), "yellow");
    district.pass_until("2025-04-30");
    EXPECT_EQ(topics().size(), 1U) << "the day of the deadline is not over";
    district.pass_until("2025-05-01");
    EXPECT_THAT(topics(), ElementsAre("prescription_due_soon", "prescription_overdue"));
    EXPECT_EQ(known_to_village(rx).at("colour"), "red");
    EXPECT_EQ(rx.colour(), "red");
    district.pass_until("2025-06-30");
    EXPECT_THAT(topics(), ElementsAre("prescription_due_soon", "prescription_overdue", "prescription_escalated"));
    const auto& overdue = district.store.memory.notices.at(1);
    EXPECT_THAT(overdue.roles, ElementsAre("town_supervisor"));
    EXPECT_THAT(overdue.people, ElementsAre(PersonId{"vo"}));
    EXPECT_THAT(district.store.memory.notices.at(2).roles, ElementsAre("district_commander"));
}

TEST(Reminders, AfterALongPauseComeInOrder) {
    const Case rx = a_prescription("issued");
    rx.district().on("2025-12-01");
    rx.district().pass_until("2025-12-02");
    std::vector<std::string> commands;
    for (const auto& event : rx.district().store.memory.events[rx.id()]) commands.push_back(event.command);
    EXPECT_THAT(commands, ElementsAre("remind", "fall_overdue", "escalate"));
}

TEST(Reminders, StopWhenItIsClosed) {
    const Case rx = a_prescription("awaiting_check");
    EXPECT_EQ(rx.district().timers(rx.id()).size(), 3U);
    rx.does("accept_result");
    EXPECT_TRUE(rx.district().timers(rx.id()).empty());
}

} // namespace
} // namespace cunmai::workflows::test
