// From self-check to the committee's table, and what may always happen (domain.md §3).
#include "tests/unit/workflows/district.hpp"

namespace cunmai::workflows::test {
namespace {

using ::testing::ElementsAre;
using ::testing::Not;

// ---- opening ------------------------------------------------------------------------------------------------------

TEST(OpeningAVillage, IsForThePanelAndOnlyForVillages) {
    District district;
    EXPECT_THAT(district.open("village_lifecycle", town_code, "open", Json::object(), "pl"),
                is_refused_for("not_a_village"));
    EXPECT_THAT(district.open("village_lifecycle", village_code, "open", Json::object(), "ts"),
                is_refused_for("not_your_role"));
    const auto round = district.place_case("screening_round", district_code, "open", {{"towns", Json::array()}});
    const auto opened = district.open("village_lifecycle", village_code, "open", {{"self_check_due_on", "2025-03-16"}},
                                      "pl", round.text);
    EXPECT_THAT(opened, moves_to("self_check"));
    EXPECT_EQ(district.row(opened.case_id).facts.at("round"), round.text);
    EXPECT_EQ(district.row(opened.case_id).summary.due_on, "2025-03-16");
    EXPECT_THAT(district.open("village_lifecycle", village_code, "open", Json::object(), "pl"),
                is_refused_for("already_open"));
}

TEST(OpeningAVillage, ForARoundNeedsOneThatIsOpenAndTakesInTheVillage) {
    District district;
    const auto open_in = [&](const std::string& round) {
        return district.open("village_lifecycle", village_code, "open", Json::object(), "pl", round);
    };
    const auto round = [&](const char* state, const Json& towns) {
        return district.place_case("screening_round", district_code, state, {{"towns", towns}}).text;
    };
    EXPECT_THAT(open_in("nowhere"), is_refused_for("round_not_open"));
    EXPECT_THAT(open_in(district.meeting_in_session({}, {"ch"}).text), is_refused_for("round_not_open"));
    EXPECT_THAT(open_in(round("closed", Json::array())), is_refused_for("round_not_open"));
    EXPECT_THAT(open_in(round("open", {"990100002"})), is_refused_for("round_not_open")) << "another town's";
    EXPECT_THAT(open_in(round("open", {town_code})), moves_to("self_check"));
}

TEST(OpeningAVillage, TheRoundsDateForTheCommitteeIsTheDueDateOfTheBallot) {
    Case village = a_village().in("committee_approval").with({{"due", {{"committee_due_on", "2025-05-20"}}}});
    EXPECT_EQ(village.district().row(village.id()).summary.due_on, "2025-05-20");
    EXPECT_EQ(village.district().tasks(village.id()).front().due_on, "2025-05-20");
    District district;
    const auto opened =
        district.open("village_lifecycle", village_code, "open", {{"committee_due_on", "2025-05-20"}}, "pl");
    EXPECT_EQ(district.row(opened.case_id).facts.at("due"), Json({{"committee_due_on", "2025-05-20"}}));
}

TEST(OpeningAVillage, ATargetedLookNamesTheRedIndicatorsThatItIsFor) {
    auto shared = std::make_shared<District>();
    const auto open = [&](const char* indicators) {
        return shared->open("village_lifecycle", village_code, "open_targeted",
                            {{"reason", "阈值预警"}, {"indicators", indicators}}, "ts");
    };
    const auto refused = open("ORG-01、XYZ-99, ABC");
    EXPECT_EQ(facts_of(refused, "indicators_unknown"), Json({{"codes", {"XYZ-99", "ABC"}}}));
    const Case village{shared, open("ORG-01、 ECO-02,ORG-01").case_id};
    EXPECT_EQ(village.facts().at("red_indicators"), Json({"ORG-01", "ECO-02"}));
    shared->row(village.id()).state = "managed";
    EXPECT_THAT(village.tries("request_exit"), is_refused_for("red_warnings_open"));
}

TEST(OpeningAVillage, ATargetedLookSkipsTheSelfCheckAndSaysWhy) {
    District district;
    EXPECT_THAT(district.open("village_lifecycle", village_code, "open_targeted", Json::object(), "ts"),
                is_refused_for("missing"));
    EXPECT_THAT(district.open("village_lifecycle", village_code, "open_targeted", {{"reason", "阈值预警"}}, "ts"),
                moves_to("town_screening"));
}

// ---- the self-check -----------------------------------------------------------------------------------------------

class SelfCheck : public ::testing::Test {
  protected:
    SelfCheck() : village_(a_village().in("self_check")) {
        answers_ = good_answers();
        for (auto& [code, answer] : answers_["answers"].items()) answer["evidence"] = {village_.district().evidence};
    }
    Json& answer(const char* code) { return answers_["answers"][code]; }
    Outcome submit() {
        return village_.tries("submit_self_check", {{"answers", village_.district().upload(answers_.dump())}});
    }
    Case village_;
    Json answers_;
};

TEST_F(SelfCheck, IsAcceptedWhenEveryIndicatorIsAnswered) { EXPECT_THAT(submit(), moves_to("town_screening")); }

TEST_F(SelfCheck, OneUnansweredIndicatorIsNamed) {
    answers_["answers"].erase("ORG-01");
    const auto outcome = submit();
    EXPECT_THAT(outcome, is_refused_for("answers_missing"));
    EXPECT_EQ(facts_of(outcome, "answers_missing"), Json({{"count", 1}, {"codes", {"ORG-01"}}}));
}

TEST_F(SelfCheck, NotApplicableNeedsAReason) {
    answer("ORG-01") = {{"not_applicable", true}};
    EXPECT_THAT(submit(), is_refused_for("answers_without_reason"));
    answer("ORG-01")["reason"] = "本村未设该岗位";
    EXPECT_THAT(submit(), moves_to("town_screening"));
}

TEST_F(SelfCheck, ARedValueNeedsEvidenceThatWasUploaded) {
    answer("ORG-01") = {{"value", 5}};
    EXPECT_THAT(submit(), is_refused_for("answers_without_evidence"));
    answer("ORG-01")["evidence"] = {std::string(64, 'a')};
    EXPECT_THAT(submit(), is_refused_for("answers_evidence_unknown"));
    answer("ORG-01")["evidence"] = {village_.district().evidence};
    EXPECT_THAT(submit(), moves_to("town_screening"));
}

TEST_F(SelfCheck, ValuesOutOfRangeOldCataloguesAndStrangeCodesAreRefused) {
    answer("ORG-01") = {{"value", 21}};
    EXPECT_THAT(submit(), is_refused_for("answers_out_of_range"));
    answer("ORG-01") = {{"value", 0}};
    answer("XYZ-99") = {{"value", 0}};
    EXPECT_THAT(submit(), is_refused_for("answers_to_unknown"));
    answers_["answers"].erase("XYZ-99");
    answers_["catalogue_version"] = 0;
    EXPECT_THAT(submit(), is_refused_for("catalogue_changed"));
}

TEST_F(SelfCheck, TheDocumentMustBeThereAndReadable) {
    EXPECT_THAT(village_.tries("submit_self_check", {{"answers", std::string(64, 'a')}}),
                is_refused_for("document_unknown"));
    EXPECT_THAT(village_.tries("submit_self_check", {{"answers", village_.district().upload("no json")}}),
                is_refused_for("answers_unreadable"));
}

TEST_F(SelfCheck, KeepsTheDigestNotTheAnswers) {
    answer("ORG-01") = {{"value", 5}, {"evidence", {village_.district().evidence}}};
    village_.does("submit_self_check", {{"answers", village_.district().upload(answers_.dump())}});
    EXPECT_EQ(village_.facts().at("red_indicators"), Json({"ORG-01"}));
    EXPECT_EQ(village_.facts().at("self_check").at("answered"), 45);
    EXPECT_LT(village_.facts().dump().size(), 2000U);
}

// ---- screening ----------------------------------------------------------------------------------------------------

TEST(TownScreening, NominationEntersTheMonitoringPool) {
    Case village = a_village().in("town_screening").since("2025-03-05");
    EXPECT_THAT(village.tries("nominate", {{"study_record", nullptr}}), is_refused_for("missing"));
    EXPECT_THAT(village.tries("nominate", {{"category", "disputes"}, {"secondary_categories", {"disputes"}}}),
                is_refused_for("secondary_repeats_primary"));
    EXPECT_THAT(village.does("nominate", {{"category", "disputes"}, {"secondary_categories", {"economy"}}}),
                moves_to("department_review"));
    EXPECT_EQ(village.facts().at("monitoring_pool"), true);
    EXPECT_EQ(village.facts().at("monitoring_pool_on"), "2025-03-05");
    EXPECT_EQ(village.district().row(village.id()).summary.category, "disputes");
    EXPECT_EQ(village.tasks().size(), 7U) << "five departments, an interview, a courtyard meeting";
}

TEST(TownScreening, StaysInThePoolWhenDeclinedLater) {
    Case village = a_village().in("department_review").with({{"monitoring_pool_on", "2025-01-01"}});
    village.does("return_to_town");
    village.on("2025-05-05").does("nominate");
    EXPECT_EQ(village.facts().at("monitoring_pool_on"), "2025-01-01") << "since the first proposal";
    village.does("decline");
    EXPECT_EQ(village.facts().at("monitoring_pool"), true);
}

TEST(TownScreening, ReturningAndDecliningNeedAReason) {
    for (const auto* command : {"return_to_village", "decline"}) {
        EXPECT_THAT(a_village().in("town_screening").tries(command, {{"reason", "  "}}), is_refused_for("missing"));
        EXPECT_THAT(a_village().in("town_screening").tries(command), is_accepted());
    }
}

// ---- a returned self-check (version 2) ----------------------------------------------------------------------------

TEST(ReturnedSelfCheck, IsDueOnTheDayThatTheTownNames) {
    Case village = a_village().in("town_screening").with({{"due", {{"self_check_due_on", "2025-02-20"}}}});
    village.does("return_to_village", {{"new_due_on", "2025-03-14"}});
    EXPECT_EQ(village.facts().at("due").at("self_check_due_on"), "2025-03-14");
    EXPECT_EQ(village.district().row(village.id()).summary.due_on, "2025-03-14");
    EXPECT_EQ(village.district().tasks(village.id()).front().due_on, "2025-03-14");
    EXPECT_EQ(village.facts().at("returns"), 1);
    const auto& notice = village.district().store.memory.notices.back();
    EXPECT_EQ(notice.topic, "self_check_returned");
    EXPECT_EQ(notice.params, (Json{{"reason", "示例"}, {"due_on", "2025-03-14"}}));
}

TEST(ReturnedSelfCheck, IsNotDueInThePast) {
    Case village = a_village().in("town_screening");
    EXPECT_THAT(village.tries("return_to_village", {{"new_due_on", "2025-02-28"}}), is_refused_for("in_the_past"));
    EXPECT_THAT(village.tries("return_to_village", {{"new_due_on", "2025-03-01"}}), moves_to("self_check"));
}

TEST(ReturnedSelfCheck, GetsTheDaysOfTheRuleWhenNobodyNamesOne) {
    const auto due = [](const Json& rule, const std::string& stood) {
        Case village = a_village().in("town_screening").with({{"due", {{"self_check_due_on", stood}}}});
        village.district().store.memory.rules["self_check_return"] = rule;
        village.does("return_to_village");
        return village.facts().at("due").at("self_check_due_on");
    };
    EXPECT_EQ(due({{"days", 7}, {"counted", "working"}}, "2025-02-20"), "2025-03-11") << "1 March is a Saturday";
    EXPECT_EQ(due({{"days", 7}, {"counted", "calendar"}}, "2025-02-20"), "2025-03-08");
    EXPECT_EQ(due({{"days", 1}, {"counted", "calendar"}}, "2025-05-01"), "2025-05-01") << "never less than it had";
    EXPECT_EQ(due(nullptr, "2025-02-20"), "2025-03-11") << "a district that was installed before there was the rule";
}

TEST(ReturnedSelfCheck, KeepsWhatWasHandedIn) {
    Case village = a_village().in("town_screening").with({{"self_check", {{"document", "d"}}}});
    village.does("return_to_village");
    EXPECT_EQ(village.facts().at("self_check").at("document"), "d");
}

class FirstVersion : public ::testing::Test {
  protected:
    Case returned(const Json& due, int returns = 1) {
        auto district = std::make_shared<District>();
        return {district, district->place_case("village_lifecycle", village_code, "self_check",
                                               {{"due", due}, {"returns", returns}}, "", 1)};
    }
    std::string due_after_migration(const Case& village) {
        EXPECT_THAT(village.district().service.migrate(village.id(), false), moves_to("self_check"));
        EXPECT_EQ(village.district().row(village.id()).definition_version, 2);
        return village.facts().at("due").value("self_check_due_on", "");
    }
};

TEST_F(FirstVersion, GoesOnAsItWasUntilItIsMigrated) {
    auto district = std::make_shared<District>();
    const Case village{district, district->place_case("village_lifecycle", village_code, "town_screening",
                                                      {{"due", {{"self_check_due_on", "2025-02-20"}}}}, "", 1)};
    EXPECT_THAT(village.tries("return_to_village", {{"new_due_on", "2025-03-14"}}), is_refused_for("unknown_field"));
    village.does("return_to_village");
    EXPECT_EQ(village.facts().at("due").at("self_check_due_on"), "2025-02-20");
    EXPECT_EQ(due_after_migration(village), "2025-03-11");
}

TEST_F(FirstVersion, AReturnThatCameBackOverdueGetsItsTimeWhenItIsMigrated) {
    EXPECT_EQ(due_after_migration(returned({{"self_check_due_on", "2025-02-28"}})), "2025-03-11");
    EXPECT_EQ(due_after_migration(returned({{"self_check_due_on", "2025-03-01"}})), "2025-03-01") << "due today";
    EXPECT_EQ(due_after_migration(returned({{"self_check_due_on", "2025-02-28"}}, 0)), "2025-02-28") << "just late";
    EXPECT_EQ(due_after_migration(returned(Json::object())), "");
}

// ---- review -------------------------------------------------------------------------------------------------------

TEST(DepartmentReview, AReviewerSignsForTheirOwnDepartmentOnly) {
    const Case village = a_village().in("department_review");
    const auto reviewer = village.as("dr-discipline");
    EXPECT_THAT(reviewer.tries("sign_opinion", {{"department", "organisation"}}),
                is_refused_for("not_your_department"));
    EXPECT_THAT(reviewer.tries("sign_opinion", {{"department", "discipline"}}), is_accepted());
}

TEST(DepartmentReview, EveryRequiredDepartmentMustHaveSigned) {
    const Case village = a_village().in("department_review").with({{"opinions", {{"discipline", nullptr}}}});
    const auto outcome = village.tries("endorse");
    EXPECT_THAT(outcome, is_refused_for("opinion_missing"));
    EXPECT_EQ(facts_of(outcome, "opinion_missing"), Json({{"department", "discipline"}}));
    EXPECT_THAT(village.tasks(), ElementsAre("sign_opinion department_reviewer discipline"));
    village.as("dr-discipline").does("sign_opinion", {{"department", "discipline"}, {"opinion", "oppose"}});
    EXPECT_THAT(village.tasks(), ElementsAre("endorse panel_leader"));
    EXPECT_THAT(village.tries("endorse"), moves_to("committee_approval")) << "an opposing opinion is an opinion";
}

TEST(DepartmentReview, WhichDepartmentsAreRequiredIsTheDistrictsRule) {
    const Case village = a_village().in("department_review");
    village.district().store.memory.rules["required_departments"].push_back("justice");
    EXPECT_THAT(village.tries("endorse"), is_refused_for("opinion_missing"));
    village.as("dr-justice").does("sign_opinion", {{"department", "justice"}});
    EXPECT_THAT(village.tries("endorse"), moves_to("committee_approval"));
}

TEST(DepartmentReview, NeedsWorkHoldsUntilTheDepartmentReplacesItsOpinion) {
    const Case village = a_village().in("department_review");
    const auto reviewer = village.as("dr-organisation");
    reviewer.does("sign_opinion", {{"department", "organisation"}, {"opinion", "needs_work"}});
    EXPECT_THAT(village.tries("endorse"), is_refused_for("opinion_needs_work"));
    reviewer.does("sign_opinion", {{"department", "organisation"}, {"opinion", "endorse"}});
    EXPECT_THAT(village.tries("endorse"), moves_to("committee_approval"));
    EXPECT_EQ(village.district().store.memory.events[village.id()].size(), 2U)
        << "the old opinion stays in the history";
}

TEST(DepartmentReview, NeedsAnInterviewAndACourtyardMeeting) {
    const Case village =
        a_village().in("department_review").with({{"visits", {{"interviews", 0}, {"courtyard_meetings", nullptr}}}});
    EXPECT_THAT(village.tries("endorse"), is_refused_for("interviews_missing"));
    EXPECT_THAT(village.tries("endorse"), is_refused_for("courtyard_meetings_missing"));
    village.does("record_interview");
    EXPECT_THAT(village.tries("endorse"), Not(is_refused_for("interviews_missing")));
    village.does("record_consultation");
    EXPECT_THAT(village.tries("endorse"), is_refused_for("courtyard_meetings_missing"));
    village.does("record_courtyard_meeting");
    EXPECT_THAT(village.tries("endorse"), moves_to("committee_approval"));
}

TEST(DepartmentReview, AVisitCantLieInTheFuture) {
    const Case village = a_village().in("department_review").since("2025-03-01");
    EXPECT_THAT(village.tries("record_interview", {{"held_on", "2025-03-02"}}), is_refused_for("date_in_future"));
    EXPECT_THAT(village.tries("record_interview", {{"held_on", "2025-03-01"}}), is_accepted());
}

TEST(DepartmentReview, AVisitLiesAfterTheNominationOrTheRelapse) {
    const Case village = a_village().in("town_screening").since("2025-03-05");
    village.does("nominate");
    village.does("return_to_town");
    village.on("2025-03-20").does("nominate");
    for (const auto* command : {"record_interview", "record_courtyard_meeting", "record_consultation"}) {
        EXPECT_EQ(facts_of(village.tries(command, {{"held_on", "1999-01-01"}}), "date_before_review"),
                  Json({{"since", "2025-03-05"}}));
        EXPECT_THAT(village.tries(command, {{"held_on", "2025-03-05"}}), is_accepted()) << "since the first nomination";
    }
    const Case relapsed = a_village().in("follow_up").with({{"review_since", "2024-01-01"}});
    relapsed.on("2025-06-01").as("ts").does("report_relapse");
    EXPECT_THAT(relapsed.tries("record_interview", {{"held_on", "2025-05-31"}}), is_refused_for("date_before_review"));
    EXPECT_THAT(relapsed.tries("record_interview", {{"held_on", "2025-06-01"}}), is_accepted());
}

TEST(DepartmentReview, DeferredNeedsSomethingNewBeforeItIsEndorsedAgain) {
    for (const auto* what : {"record_consultation", "sign_opinion"}) {
        Case village = a_village().in("committee_approval").with_ballot({"ch", "m1", "m2", "m3", "m4"});
        for (const auto* person : {"ch", "m1", "m2", "m3", "m4"})
            village.as(person).does("cast_vote", {{"choice", "abstain"}, {"reason", "示例"}});
        EXPECT_THAT(village.on("2025-03-05").does("close_ballot"), moves_to("department_review"));
        EXPECT_EQ(facts_of(village.tries("endorse"), "not_supplemented"), Json({{"on", "2025-03-05"}}));
        EXPECT_THAT(village.tasks(), ElementsAre("record_interview department_reviewer"));
        village.as("dr-organisation").does(what);
        EXPECT_THAT(village.tries("endorse"), moves_to("committee_approval")) << what;
    }
}

TEST(DepartmentReview, WhoNominatedDoesNotEndorseNeitherThemselvesNorThroughADelegate) {
    const Case village = a_village().in("department_review").with({{"nominated_by", {"pl"}}});
    EXPECT_THAT(village.as("pl").tries("endorse"), is_refused_for("own_nomination"));
    EXPECT_THAT(village.as("pl2").tries("endorse"), moves_to("committee_approval"));
    auto& memory = village.district().store.memory;
    const auto now = village.district().clock.now();
    memory.delegations = {{{"pl"}, {"pl2"}, "panel_leader", now.plus_seconds(-60), now.plus_seconds(60)},
                          {{"pl2"}, {"pl"}, "panel_leader", now.plus_seconds(-60), now.plus_seconds(60)}};
    EXPECT_THAT(village.as("pl2").for_("pl").tries("endorse"), is_refused_for("own_nomination"));
    EXPECT_THAT(village.as("pl").for_("pl2").tries("endorse"), is_refused_for("own_nomination"));
}

TEST(DepartmentReview, ADelegatedNominationCountsForBoth) {
    const Case village = a_village().in("town_screening");
    auto& district = village.district();
    district.grant("pl", "town_supervisor", "/990100/990100001/");
    const auto now = district.clock.now();
    district.store.memory.delegations = {
        {{"ts"}, {"pl"}, "town_supervisor", now.plus_seconds(-60), now.plus_seconds(60)}};
    village.as("pl").for_("ts").does("nominate");
    EXPECT_EQ(village.facts().at("nominated_by"), Json({"pl", "ts"}));
}

TEST(DepartmentReview, ANewProposalIsSignedAnew) {
    const Case village = a_village().in("department_review");
    village.does("return_to_town");
    village.as("ts2").does("nominate");
    EXPECT_TRUE(village.facts().at("opinions").empty());
    EXPECT_EQ(village.facts().at("nominated_by"), Json({"ts", "ts2"})) << "whoever ever nominated can't endorse";
}

// ---- always -------------------------------------------------------------------------------------------------------

class InEveryOpenState : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Village, InEveryOpenState,
                         ::testing::Values("self_check", "town_screening", "department_review", "committee_approval",
                                           "managed", "exit_review", "exit_approval", "follow_up"),
                         [](const auto& each) { return std::string(each.param); });

TEST_P(InEveryOpenState, ThePanelMayTerminateWithTheCommitteesMinutes) {
    Case village = a_village().in(GetParam());
    EXPECT_THAT(village.tries("terminate", {{"minutes", nullptr}}), is_refused_for("missing"));
    EXPECT_THAT(village.tries("terminate", {{"minutes", std::string(64, 'b')}}), is_refused_for("document_unknown"));
    EXPECT_THAT(village.tries("terminate"), moves_to("terminated"));
}

TEST_P(InEveryOpenState, TerminatingWithdrawsTheOpenPrescriptions) {
    Case village = a_village().in(GetParam());
    auto& district = village.district();
    const auto open = district.place_case("prescription", village_code, "in_progress", {{"parent", village.id()}});
    const auto closed = district.place_case("prescription", village_code, "closed", {{"parent", village.id()}});
    village.facts()["prescriptions"][open.text] = {{"state", "in_progress"}, {"title", "甲"}};
    village.facts()["prescriptions"][closed.text] = {{"state", "closed"}, {"title", "乙"}};
    village.does("terminate");
    EXPECT_EQ(district.row(open).state, "cancelled");
    EXPECT_EQ(district.row(closed).state, "closed");
    EXPECT_EQ(village.facts().at("prescriptions").at(open.text).at("state"), "cancelled");
}

TEST(EveryState, HasATaskForSomebodyOrIsFinal) {
    for (const auto* state : {"self_check", "town_screening", "department_review", "committee_approval", "managed",
                              "exit_review", "exit_approval", "follow_up"})
        EXPECT_FALSE(Case(a_village().in(state)).tasks().empty()) << state;
    for (const auto* state : {"graduated", "not_listed", "terminated"})
        EXPECT_TRUE(Case(a_village().in(state)).tasks().empty()) << state;
}

} // namespace
} // namespace cunmai::workflows::test
