// Management, exit and the follow-up year; the invariants hold in `managed` and in `follow_up` alike (domain.md §3).
#include "tests/unit/workflows/district.hpp"

#include <algorithm>

namespace cunmai::workflows::test {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

// ---- duties are not loosened, funds not lowered, standards not dropped --------------------------------------------

class UnderManagement : public ::testing::TestWithParam<const char*> {
  protected:
    Case village_ = a_village().in(GetParam()); // 50000 yuan, every 30 days; posts dc, ts, vc
};
INSTANTIATE_TEST_SUITE_P(Village, UnderManagement, ::testing::Values("managed", "follow_up"),
                         [](const auto& each) { return std::string(each.param); });

TEST_P(UnderManagement, CommittedFundsCantBeLowered) {
    const auto plan = [&](double funds) {
        return village_.tries("adopt_plan", {{"funds_committed", funds}, {"monitoring_cycle_days", 30}});
    };
    const auto refused = plan(49999.99);
    EXPECT_THAT(refused, is_refused_for("funds_lowered"));
    EXPECT_EQ(facts_of(refused, "funds_lowered"), Json({{"committed", 50000}, {"given", 49999.99}}));
    EXPECT_THAT(plan(50000), is_accepted());
    EXPECT_THAT(plan(50001), is_accepted());
    EXPECT_THAT(plan(-1), is_refused_for("out_of_range"));
}

TEST_P(UnderManagement, TheMonitoringCycleCantBeLengthened) {
    const auto plan = [&](int days) {
        return village_.tries("adopt_plan", {{"funds_committed", 50000}, {"monitoring_cycle_days", days}});
    };
    const auto refused = plan(31);
    EXPECT_THAT(refused, is_refused_for("monitoring_lengthened"));
    EXPECT_EQ(facts_of(refused, "monitoring_lengthened"), Json({{"committed", 30}, {"given", 31}}));
    EXPECT_THAT(plan(30), is_accepted());
    EXPECT_THAT(plan(15), is_accepted());
    EXPECT_THAT(plan(0), is_refused_for("out_of_range"));
}

TEST_P(UnderManagement, APostCanBeRefilledNeverEmptied) {
    for (const auto* post : {"commander", "supervisor", "coordinator"}) {
        EXPECT_THAT(village_.tries("replace_assignee", {{"post", post}}), is_refused_for("post_would_be_empty"));
        EXPECT_THAT(village_.tries("replace_assignee", {{"post", post}, {"person", ""}}),
                    is_refused_for("post_would_be_empty"));
    }
    village_.does("replace_assignee", {{"post", "commander"}, {"person", "dc2"}});
    EXPECT_EQ(village_.facts().at("posts"), Json({{"commander", "dc2"}, {"supervisor", "ts"}, {"coordinator", "vc"}}));
}

TEST_P(UnderManagement, AnAssigneeHoldsTheRoleOverTheVillage) {
    const auto replace = [&](const char* post, const char* person) {
        return village_.tries("replace_assignee", {{"post", post}, {"person", person}});
    };
    EXPECT_THAT(replace("commander", "ts2"), is_refused_for("not_a_district_commander"));
    EXPECT_THAT(replace("supervisor", "to"), is_refused_for("not_a_town_supervisor"));
    EXPECT_THAT(replace("coordinator", "dc2"), is_refused_for("not_a_village_coordinator"));
    village_.district().grant("elsewhere", "district_commander", "/990100/990100002/");
    EXPECT_THAT(replace("commander", "elsewhere"), is_refused_for("not_a_district_commander"));
    EXPECT_THAT(replace("coordinator", "vc2"), is_accepted());
}

TEST_P(UnderManagement, TheCoordinatorIsOfAKindThatTheCategoriesAskFor) {
    village_.district().grant("mediator", "village_coordinator", "/990100/", "dispute_mediator");
    const auto mediator = [&] {
        return village_.tries("replace_assignee", {{"post", "coordinator"}, {"person", "mediator"}});
    };
    EXPECT_THAT(mediator(), is_refused_for("coordinator_of_another_kind")) << "a governance village";
    EXPECT_THAT(village_.as("mediator").tries("issue_prescription"), is_refused_for("coordinator_of_another_kind"));
    village_.facts()["secondary_categories"] = {"disputes"};
    EXPECT_THAT(mediator(), is_accepted());
    EXPECT_THAT(village_.as("mediator").tries("issue_prescription"), is_accepted());
}

bool offered(const Case& village, const char* command, const char* person) {
    const auto found = village.district().service.offers(village.id(), {person}, {});
    return std::any_of(found->offers.begin(), found->offers.end(),
                       [&](const auto& offer) { return offer.command == command && offer.allowed; });
}

TEST_P(UnderManagement, NothingIsPrescribedOrRefilledBeforeThePostsAreFilled) {
    EXPECT_TRUE(offered(village_, "replace_assignee", "ts"));
    village_.facts()["posts"].erase("coordinator");
    const auto refused = village_.tries("issue_prescription");
    EXPECT_EQ(facts_of(refused, "post_unassigned"), Json({{"post", "coordinator"}}));
    EXPECT_THAT(village_.tries("replace_assignee", {{"post", "commander"}, {"person", "dc2"}}),
                is_refused_for("post_unassigned"));
    EXPECT_FALSE(offered(village_, "replace_assignee", "ts"));
}

TEST_P(UnderManagement, APrescriptionNeedsAPlanAndOpensAChildCase) {
    const auto issued = village_.as("vc").does("issue_prescription", {{"problem", "渠道破损"}, {"source", "GOV-08"}});
    ASSERT_FALSE(issued.created.empty());
    const auto& child = village_.district().row(issued.created);
    EXPECT_EQ(child.state, "drafted");
    EXPECT_EQ(child.parent, village_.id());
    EXPECT_EQ(child.facts.at("drafted_by"), "vc");
    EXPECT_EQ(child.facts.at("category"), "governance");
    EXPECT_EQ(village_.facts().at("prescriptions").at(issued.created.text),
              Json({{"state", "drafted"}, {"title", "1. 渠道破损"}, {"source", "GOV-08"}}));
    EXPECT_EQ(child.summary.title, "1. 渠道破损");
    const auto second =
        village_.does("issue_prescription", {{"problem", "村集体资金台账长期无人登记，账目与实物不符，群众多次反映"}});
    EXPECT_EQ(village_.district().row(second.created).summary.title, "2. 村集体资金台账长期无人登记，账目与实物不…")
        << "twenty characters of the problem; all of it stands in the case";
    village_.facts().erase("plan");
    EXPECT_THAT(village_.tries("issue_prescription"), is_refused_for("plan_missing"));
}

TEST(Managed, TheThreeTiersAreFilledTogether) {
    Case village = a_village().in("managed").with({{"posts", nullptr}});
    EXPECT_THAT(village.tries("assign", {{"coordinator", nullptr}}), is_refused_for("missing"));
    EXPECT_THAT(village.tries("assign", {{"commander", "pl"}, {"supervisor", "dc"}, {"coordinator", "ts"}}),
                is_refused_for("not_a_district_commander"));
    village.does("assign");
    EXPECT_EQ(village.facts().at("posts"), Json({{"commander", "dc"}, {"supervisor", "ts"}, {"coordinator", "vc"}}));
}

TEST(Managed, ShowsTheWorstColourAndTheNextDeadline) {
    Case village = a_village().in("managed").with(
        {{"prescriptions",
          {{"a", {{"state", "in_progress"}, {"title", "甲"}, {"colour", "yellow"}, {"due_on", "2025-05-01"}}},
           {"b", {{"state", "issued"}, {"title", "乙"}, {"colour", "green"}, {"due_on", "2025-04-01"}}},
           {"c", {{"state", "closed"}, {"title", "丙"}, {"colour", "red"}, {"due_on", "2025-02-01"}}}}}});
    EXPECT_EQ(village.colour(), "yellow");
    EXPECT_EQ(village.district().row(village.id()).summary.due_on, "2025-04-01");
}

TEST(Managed, AsksForTheThreePostsUntilAllAreThere) {
    Case village = a_village().in("managed").with({{"posts", nullptr}, {"plan", nullptr}});
    EXPECT_THAT(village.tasks(), ElementsAre("adopt_plan town_supervisor", "assign panel_leader"));
    village.does("adopt_plan");
    EXPECT_THAT(village.tasks(), ElementsAre("assign panel_leader"));
    village.does("assign");
    EXPECT_THAT(village.tasks(), ElementsAre("issue_prescription town_supervisor"));
}

// ---- asking for the exit ------------------------------------------------------------------------------------------

TEST(RequestingExit, NeedsEveryPrescriptionClosedOrCancelled) {
    for (const auto* state : {"drafted", "issued", "in_progress", "awaiting_check"}) {
        const auto outcome = a_village().in("managed").with_prescription(state).tries("request_exit");
        EXPECT_THAT(outcome, is_refused_for("prescriptions_open")) << state;
        EXPECT_EQ(facts_of(outcome, "prescriptions_open").at("cases"), Json({"rx-1"}));
    }
    for (const auto* state : {"closed", "cancelled"})
        EXPECT_THAT(a_village().in("managed").with_prescription(state).tries("request_exit"), moves_to("exit_review"))
            << state;
}

TEST(RequestingExit, NeedsEveryRedIndicatorTreated) {
    auto village =
        a_village().in("managed").with({{"red_indicators", {"GOV-04", "ECO-02"}}}).with_prescription("closed");
    village.with({{"prescriptions", {{"rx-1", {{"source", "GOV-04"}}}}}});
    const auto outcome = village.tries("request_exit");
    EXPECT_THAT(outcome, is_refused_for("red_warnings_open"));
    EXPECT_EQ(facts_of(outcome, "red_warnings_open").at("warnings"), Json({"ECO-02"}));
    const Case placed = village;
    placed.facts()["prescriptions"]["rx-2"] = {{"state", "closed"}, {"title", "乙"}, {"source", "ECO-02"}};
    EXPECT_THAT(placed.tries("request_exit"), moves_to("exit_review"));
    placed.facts()["prescriptions"]["rx-2"]["state"] = "cancelled";
    EXPECT_THAT(placed.tries("request_exit"), is_refused_for("red_warnings_open")) << "cancelling treats nothing";
}

TEST(RequestingExit, NeedsTheThreePostsFilled) {
    EXPECT_THAT(a_village().in("managed").with({{"posts", {{"commander", nullptr}}}}).tries("request_exit"),
                is_refused_for("post_unassigned"));
    EXPECT_THAT(a_village().in("managed").tries("request_exit"), moves_to("exit_review"));
}

TEST(RequestingExit, APrescriptionOfAnEarlierRoundTreatsNothingOfANewSelfCheck) {
    Case village =
        a_village()
            .in("self_check")
            .with({{"prescriptions", {{"old", {{"state", "closed"}, {"title", "旧处方"}, {"source", "ORG-01"}}}}}});
    auto answers = good_answers();
    for (auto& [code, answer] : answers["answers"].items()) answer["evidence"] = {village.district().evidence};
    answers["answers"]["ORG-01"]["value"] = 5;
    village.does("submit_self_check", {{"answers", village.district().upload(answers.dump())}});
    auto& row = village.district().row(village.id());
    row.state = "managed";
    row.facts["posts"] = {{"commander", "dc"}, {"supervisor", "ts"}, {"coordinator", "vc"}};
    EXPECT_EQ(facts_of(village.tries("request_exit"), "red_warnings_open").at("warnings"), Json({"ORG-01"}));
    village.facts()["prescriptions"]["new"] = {{"state", "closed"}, {"title", "新处方"}, {"source", "ORG-01"}};
    EXPECT_THAT(village.tries("request_exit"), moves_to("exit_review"));
}

TEST(RequestingExit, ARelapseIsRedUntilAPrescriptionClosedAfterItAnswersIt) {
    Case village =
        a_village()
            .in("follow_up")
            .with({{"prescriptions", {{"old", {{"state", "closed"}, {"title", "旧处方"}, {"source", "REL-01"}}}}}});
    village.as("ts").does("report_relapse", {{"problem", "渠道又破损"}});
    village.district().row(village.id()).state = "managed";
    EXPECT_EQ(facts_of(village.tries("request_exit"), "red_warnings_open").at("warnings"), Json({"REL-01 渠道又破损"}));
    village.facts()["prescriptions"]["new"] = {{"state", "closed"}, {"title", "新处方"}, {"source", "REL-01"}};
    EXPECT_THAT(village.tries("request_exit"), moves_to("exit_review"));
}

TEST(RequestingExit, ATreatedRelapseIsNotRedAgainAfterANewSelfCheck) {
    Case village =
        a_village()
            .in("self_check")
            .with({{"relapse_items",
                    {{{"code", "REL-01"}, {"problem", "甲"}, {"on", "2025-01-01"}},
                     {{"code", "REL-02"}, {"problem", "乙"}, {"on", "2025-02-01"}}}},
                   {"prescriptions", {{"old", {{"state", "closed"}, {"title", "旧处方"}, {"source", "REL-01"}}}}}});
    auto answers = good_answers();
    for (auto& [code, answer] : answers["answers"].items()) answer["evidence"] = {village.district().evidence};
    village.does("submit_self_check", {{"answers", village.district().upload(answers.dump())}});
    ASSERT_EQ(village.facts().at("relapse_items").size(), 1U);
    EXPECT_EQ(village.facts().at("relapse_items").at(0).at("code"), "REL-02");
}

TEST(RequestingExit, StartsAFreshReviewEachTime) {
    Case village = a_village().in("managed").with({{"exit_attempts", 1}});
    village.does("request_exit");
    EXPECT_EQ(village.facts().at("exit_attempts"), 2);
    EXPECT_TRUE(village.facts().at("exit").at("evaluations").empty());
    EXPECT_EQ(village.tasks().size(), 6U) << "four evaluations, two opinions";
}

// ---- the exit review ----------------------------------------------------------------------------------------------

TEST(ExitReview, NeedsAllFourEvaluationsAndBothOpinions) {
    const struct {
        const char* command;
        const char* person;
        const char* reason;
    } parts[]{{"record_self_evaluation", "vo", "evaluation_missing"},
              {"record_public_evaluation", "to", "evaluation_missing"},
              {"record_town_assessment", "to", "evaluation_missing"},
              {"record_district_assessment", "dr-organisation", "evaluation_missing"},
              {"record_commander_opinion", "dc", "exit_opinion_missing"},
              {"record_coordinator_opinion", "vc", "exit_opinion_missing"}};
    Case village = a_village().in("exit_review").with({{"exit", nullptr}});
    for (const auto& part : parts) {
        EXPECT_THAT(village.tries("endorse_exit"), is_refused_for(part.reason)) << part.command;
        village.as(part.person).does(part.command);
    }
    EXPECT_THAT(village.tasks(), ElementsAre("endorse_exit panel_leader"));
    EXPECT_THAT(village.tries("endorse_exit"), moves_to("exit_approval"));
}

TEST(ExitReview, EveryScoreReachesItsThreshold) {
    for (const auto* evaluation : {"self", "public", "town", "district"}) {
        const auto at = [&](double score) {
            return a_village()
                .in("exit_review")
                .with({{"exit", {{"evaluations", {{evaluation, {{"score", score}}}}}}}})
                .tries("endorse_exit");
        };
        EXPECT_THAT(at(79.9), is_refused_for("score_below_threshold")) << evaluation;
        EXPECT_EQ(facts_of(at(79), "score_below_threshold").at("evaluation"), evaluation);
        EXPECT_THAT(at(80), moves_to("exit_approval")) << evaluation;
    }
}

TEST(ExitReview, ThePublicEvaluationNeedsThirtyRespondents) {
    const auto with = [](int respondents) {
        return a_village()
            .in("exit_review")
            .with({{"exit", {{"evaluations", {{"public", {{"respondents", respondents}}}}}}}})
            .tries("endorse_exit");
    };
    EXPECT_THAT(with(29), is_refused_for("respondents_too_few"));
    EXPECT_THAT(with(30), moves_to("exit_approval"));
}

TEST(ExitReview, ThresholdsAreTheDistrictsRule) {
    Case village = a_village().in("exit_review");
    village.district().store.memory.rules["exit_score_min"]["town"] = 95;
    EXPECT_THAT(village.tries("endorse_exit"), is_refused_for("score_below_threshold"));
}

TEST(ExitReview, AScoreIsAtMostAHundredWithEvidence) {
    Case village = a_village().in("exit_review");
    EXPECT_THAT(village.tries("record_self_evaluation", {{"score", 100.5}}), is_refused_for("out_of_range"));
    EXPECT_THAT(village.tries("record_self_evaluation", {{"evidence", Json::array()}}), is_refused_for("missing"));
    EXPECT_THAT(village.tries("record_self_evaluation", {{"evidence", {std::string(64, 'c')}}}),
                is_refused_for("document_unknown"));
    EXPECT_THAT(village.tries("record_self_evaluation", {{"score", 100}}), is_accepted());
}

TEST(ExitReview, TheOpinionIsThatOfTheAssignedPerson) {
    Case village = a_village().in("exit_review");
    EXPECT_THAT(village.as("dc2").tries("record_commander_opinion"), is_refused_for("not_the_assigned"));
    EXPECT_THAT(village.as("dc").tries("record_commander_opinion"), is_accepted());
    EXPECT_THAT(village.as("vc2").tries("record_coordinator_opinion"), is_refused_for("not_the_assigned"));
    village.facts().erase("posts");
    EXPECT_THAT(village.as("dc").tries("record_commander_opinion"), is_refused_for("not_the_assigned"));
}

TEST(ExitReview, EveryPrescriptionIsClosedAgainBeforeTheExitIsEndorsedOrVotedOn) {
    auto review = a_village().in("exit_review").with_prescription("in_progress"); // reopened
    EXPECT_THAT(review.tries("endorse_exit"), is_refused_for("prescriptions_open"));
    EXPECT_THAT(a_village().in("exit_review").with_prescription("closed").tries("endorse_exit"),
                moves_to("exit_approval"));
    Case vote = a_village().in("exit_approval").with_prescription("in_progress");
    vote.district().meeting_in_session({vote.id().text}, {"ch", "m1", "m2"});
    EXPECT_THAT(vote.tries("open_ballot"), is_refused_for("prescriptions_open"));
    vote.facts()["prescriptions"]["rx-1"]["state"] = "closed";
    EXPECT_THAT(vote.tries("open_ballot"), is_accepted());
}

TEST(ExitReview, WhoRequestedTheExitDoesNotEndorseIt) {
    Case village = a_village().in("managed");
    village.district().grant("pl", "town_supervisor", "/990100/990100001/");
    village.as("pl").does("request_exit");
    const auto requested = village.facts().at("exit").at("requested_by");
    village.facts()["exit"] = Case(a_village().in("exit_review")).facts().at("exit");
    village.facts()["exit"]["requested_by"] = requested;
    EXPECT_THAT(village.as("pl").tries("endorse_exit"), is_refused_for("own_exit_request"));
    EXPECT_THAT(village.as("pl2").tries("endorse_exit"), moves_to("exit_approval"));
}

TEST(ExitReview, ADeferredExitNeedsSomethingNewBeforeItIsEndorsedAgain) {
    Case village = a_village().in("exit_review").with({{"deferred_on", "2025-03-01"}});
    EXPECT_EQ(facts_of(village.tries("endorse_exit"), "not_supplemented"), Json({{"on", "2025-03-01"}}));
    EXPECT_THAT(village.tasks(), ElementsAre("record_district_assessment department_reviewer"));
    village.does("record_town_assessment");
    EXPECT_THAT(village.tries("endorse_exit"), moves_to("exit_approval"));
}

TEST(ExitReview, DenyingNeedsAReasonAndLeadsBackToManagement) {
    EXPECT_THAT(a_village().in("exit_review").tries("deny_exit", {{"reason", ""}}), is_refused_for("missing"));
    EXPECT_THAT(a_village().in("exit_review").tries("deny_exit"), moves_to("managed"));
}

// ---- the follow-up year -------------------------------------------------------------------------------------------

TEST(FollowUp, EndsOnlyAfterAFullYear) {
    auto village = a_village().in("follow_up").since("2025-03-01").with_clean_look_backs();
    const auto early = village.on("2026-02-28").tries("complete_follow_up");
    EXPECT_THAT(early, is_refused_for("year_not_over"));
    EXPECT_EQ(facts_of(early, "year_not_over"), Json({{"until", "2026-03-01"}}));
    EXPECT_THAT(village.on("2026-03-01").tries("complete_follow_up"), moves_to("graduated"));
}

TEST(FollowUp, OfALeapDayEndsOnTheFirstOfMarch) {
    auto village = a_village().in("follow_up").since("2024-02-29").with_clean_look_backs();
    EXPECT_THAT(village.on("2025-02-28").tries("complete_follow_up"), is_refused_for("year_not_over"));
    EXPECT_THAT(village.on("2025-03-01").tries("complete_follow_up"), moves_to("graduated"));
}

Json look_back(const char* finding, const char* level) {
    return {{"finding", finding}, {"level", level}, {"on", "2025-06-01"}, {"by", "x"}};
}
Outcome completing_after(const Json& look_backs) {
    return a_village()
        .in("follow_up")
        .since("2025-03-01")
        .with({{"look_backs", look_backs}})
        .on("2026-03-01")
        .tries("complete_follow_up");
}

TEST(FollowUp, NeedsATownAndADistrictLookBackThatHold) {
    const auto town_holds = look_back("holds", "town"), district_holds = look_back("holds", "district");
    EXPECT_THAT(completing_after(Json::array()), is_refused_for("look_back_missing"));
    EXPECT_EQ(facts_of(completing_after(Json::array({town_holds})), "look_back_missing"),
              Json({{"level", "district"}}));
    EXPECT_EQ(facts_of(completing_after(Json::array({district_holds})), "look_back_missing"),
              Json({{"level", "town"}}));
    EXPECT_THAT(completing_after({district_holds, town_holds}), moves_to("graduated"));
}

TEST(FollowUp, ALaterLookBackThatSaysOtherwiseUndoesTheEarlierOnes) {
    const auto town_holds = look_back("holds", "town"), district_holds = look_back("holds", "district");
    for (const auto* finding : {"slipping", "relapsed"}) {
        const auto bad = look_back(finding, "town");
        EXPECT_THAT(completing_after({town_holds, district_holds, bad}), is_refused_for("look_back_not_holding"));
        EXPECT_THAT(completing_after({town_holds, bad, district_holds}), is_refused_for("look_back_missing"));
        EXPECT_THAT(completing_after({bad, town_holds, district_holds}), moves_to("graduated"));
        EXPECT_THAT(completing_after({town_holds, district_holds, bad, town_holds, district_holds}),
                    moves_to("graduated"));
    }
}

TEST(FollowUp, NeedsEveryPrescriptionClosed) {
    auto village =
        a_village().in("follow_up").since("2025-03-01").with_clean_look_backs().with_prescription("in_progress");
    EXPECT_THAT(village.on("2026-03-01").tries("complete_follow_up"), is_refused_for("prescriptions_open"));
}

TEST(FollowUp, ALookBackHasTheLevelOfTheRoleAndEvidence) {
    Case village = a_village().in("follow_up");
    EXPECT_THAT(village.as("to").tries("record_look_back", {{"evidence", Json::array()}}), is_refused_for("missing"));
    village.as("to").does("record_look_back", {{"finding", "holds"}});
    village.as("dr-discipline").does("record_look_back", {{"finding", "slipping"}});
    EXPECT_EQ(village.facts().at("look_backs").at(0).at("level"), "town");
    EXPECT_EQ(village.facts().at("look_backs").at(1).at("level"), "district");
    EXPECT_EQ(village.facts().at("look_backs").at(1).at("finding"), "slipping");
}

TEST(FollowUp, WhoLooksBackForTownAndDistrictSaysForWhich) {
    Case village = a_village().in("follow_up");
    EXPECT_THAT(village.as("to").tries("record_look_back", {{"level", "district"}}), is_refused_for("not_your_level"));
    EXPECT_THAT(village.as("to").tries("record_look_back", {{"level", "town"}}), is_accepted());
    village.district().grant("to", "department_reviewer", "/990100/", "discipline");
    EXPECT_THAT(village.as("to").tries("record_look_back"), is_refused_for("missing"));
    village.as("to").does("record_look_back", {{"level", "district"}});
    EXPECT_EQ(village.facts().at("look_backs").back().at("level"), "district");
}

TEST(FollowUp, TheEngineProposesCompletionOnceWhenTheYearIsOver) {
    Case village = a_village().in("follow_up").since("2025-03-01").with_clean_look_backs();
    auto& district = village.district();
    district.pass_until("2026-02-28");
    EXPECT_FALSE(village.facts().contains("completion_proposed"));
    EXPECT_TRUE(village.tasks().empty());
    district.pass_until("2026-03-01");
    EXPECT_EQ(village.facts().at("completion_proposed"), "2026-03-01");
    EXPECT_THAT(village.tasks(), ElementsAre("complete_follow_up panel_leader"));
    EXPECT_TRUE(district.timers(village.id()).empty());
    EXPECT_EQ(village.state(), "follow_up") << "proposed, not decided";
}

TEST(Relapse, LeadsBackToTheReviewWithEverythingSignedAnew) {
    Case village = a_village().in("follow_up").since("2025-03-01").with_clean_look_backs();
    EXPECT_THAT(village.tries("report_relapse", {{"evidence", Json::array()}}), is_refused_for("missing"));
    EXPECT_THAT(village.as("pl").does("report_relapse", {{"problem", "渠道又堵"}}), moves_to("department_review"));
    EXPECT_EQ(village.tasks().size(), 7U);
    for (const auto* ended : {"follow_up_until", "exit_vote_on", "look_backs", "exit"})
        EXPECT_FALSE(village.facts().contains(ended)) << ended;
    EXPECT_TRUE(village.facts().contains("plan")) << "funds and monitoring stay committed";
    EXPECT_TRUE(village.district().timers(village.id()).empty());
}

TEST(Relapse, WhoReportsItDoesNotEndorseIt) {
    Case village = a_village().in("follow_up").with({{"nominated_by", {"ts"}}});
    village.as("pl").does("report_relapse");
    EXPECT_EQ(village.facts().at("nominated_by"), Json({"ts", "pl"}));
    EXPECT_THAT(village.as("pl").tries("endorse"), is_refused_for("own_nomination"));
}

TEST(Tasks, NameWhoIsExpectedToEvaluate) {
    Case village = a_village().in("exit_review").with({{"exit", nullptr}});
    EXPECT_THAT(village.tasks(),
                UnorderedElementsAre("record_self_evaluation village_officer", "record_public_evaluation town_officer",
                                     "record_town_assessment town_officer",
                                     "record_district_assessment department_reviewer", "record_commander_opinion dc",
                                     "record_coordinator_opinion vc"));
}

} // namespace
} // namespace cunmai::workflows::test
