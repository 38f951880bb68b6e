// The committee's meeting and the round (domain.md §3, §5).
#include "tests/unit/workflows/district.hpp"

namespace cunmai::workflows::test {
namespace {

using ::testing::ElementsAre;

class Meeting : public ::testing::Test {
  protected:
    Meeting() : village_(a_village().in("committee_approval")) {}
    District& district() { return village_.district(); }
    Outcome convene(const Json& given = Json::object()) {
        Json payload{{"title", "示例会议"}, {"meeting_on", "2025-03-10"}, {"chair", "ch"}, {"agenda", {village_.id()}}};
        payload.merge_patch(given);
        return district().open("committee_meeting", district_code, "convene", payload, "sec");
    }
    Case convened(const Json& given = Json::object()) { return {village_.shared(), convene(given).case_id}; }
    Case in_session() {
        auto meeting = convened();
        meeting.does("start_session", {{"attendance", {"ch", "m1", "m2", "m3"}}});
        return meeting;
    }
    void vote() {
        for (const auto* person : {"ch", "m1", "m2", "m3"})
            village_.as(person).does("cast_vote", {{"choice", "abstain"}, {"reason", "示例"}});
    }
    Case village_;
};

TEST_F(Meeting, IsConvenedAtTheDistrictWithAChairOfTheCommittee) {
    EXPECT_THAT(convene(), moves_to("convened"));
    EXPECT_THAT(convene({{"chair", "m2"}}), moves_to("convened"));
    EXPECT_THAT(convene({{"chair", "sec"}}), is_refused_for("chair_not_of_committee"));
    const Json payload{{"title", "x"}, {"meeting_on", "2025-03-10"}, {"chair", "ch"}};
    EXPECT_THAT(district().open("committee_meeting", town_code, "convene", payload, "sec"),
                is_refused_for("not_a_district"));
}

TEST_F(Meeting, HasOnItsAgendaOnlyCasesThatAwaitAVote) {
    district().row(village_.id()).state = "department_review";
    EXPECT_THAT(convene(), is_refused_for("not_awaiting_a_vote"));
    EXPECT_THAT(convene({{"agenda", {"nowhere"}}}), is_refused_for("not_awaiting_a_vote"));
    district().row(village_.id()).state = "exit_approval";
    EXPECT_THAT(convene(), moves_to("convened"));
    EXPECT_THAT(convene({{"agenda", nullptr}}), moves_to("convened"));
}

TEST_F(Meeting, HasOnItsAgendaOnlyCasesOfItsDistrict) {
    district().store.memory.places["990200"] = {"990200", "示例乙区", "", "district", "/990200/"};
    district().grant("sec", "committee_secretary", "/990200/");
    district().grant("ch", "committee_chair", "/990200/");
    const Json payload{
        {"title", "示例会议"}, {"meeting_on", "2025-03-10"}, {"chair", "ch"}, {"agenda", {village_.id()}}};
    EXPECT_THAT(district().open("committee_meeting", "990200", "convene", payload, "sec"),
                is_refused_for("not_awaiting_a_vote"));
    EXPECT_THAT(district().open("committee_meeting", district_code, "convene", payload, "sec"), moves_to("convened"));
}

TEST_F(Meeting, IsSecretWhereTheRuleOrTheSecretarySaysSo) {
    EXPECT_EQ(convened().facts().at("secret"), false);
    EXPECT_EQ(convened({{"secret", true}}).facts().at("secret"), true);
    district().store.memory.rules["committee"]["secret"] = true;
    EXPECT_EQ(convened().facts().at("secret"), true);
    EXPECT_EQ(convened({{"secret", false}}).facts().at("secret"), false);
}

TEST_F(Meeting, OnlyMembersArePresent) {
    const auto meeting = convened();
    EXPECT_THAT(meeting.tries("start_session", {{"attendance", Json::array()}}), is_refused_for("missing"));
    const auto refused = meeting.tries("start_session", {{"attendance", {"ch", "sec", "vo"}}});
    EXPECT_THAT(refused, is_refused_for("not_committee_members"));
    EXPECT_EQ(facts_of(refused, "not_committee_members").at("people"), Json({"sec", "vo"}));
    meeting.does("start_session", {{"attendance", {"ch", "m1", "m1"}}});
    EXPECT_EQ(meeting.facts().at("present"), Json({"ch", "m1"}));
    meeting.does("record_attendance", {{"attendance", {"m2"}}});
    EXPECT_EQ(meeting.facts().at("present"), Json({"m2"})) << "the new list replaces the old one";
}

TEST_F(Meeting, ClosesOnlyWhenNoBallotIsOpen) {
    const auto meeting = in_session();
    village_.does("open_ballot", {{"meeting", meeting.id()}});
    EXPECT_THAT(meeting.tries("close_meeting"), is_refused_for("ballot_still_open"));
    EXPECT_THAT(meeting.tries("set_agenda", {{"agenda", Json::array()}}), is_refused_for("missing"));
    const Case other{village_.shared(),
                     district().place_case("village_lifecycle", village_code, "exit_approval", Json::object())};
    EXPECT_THAT(meeting.tries("set_agenda", {{"agenda", {other.id()}}}), is_refused_for("ballot_still_open"));
    EXPECT_THAT(meeting.tries("set_agenda", {{"agenda", {village_.id(), other.id()}}}), is_accepted());
    vote();
    village_.does("close_ballot");
    EXPECT_THAT(meeting.tries("close_meeting", {{"minutes", nullptr}}), is_refused_for("missing"));
    EXPECT_THAT(meeting.tries("close_meeting"), moves_to("closed"));
}

TEST_F(Meeting, KeepsHeardCasesOnItsAgenda) {
    const auto meeting = in_session();
    village_.does("open_ballot", {{"meeting", meeting.id()}});
    vote();
    village_.does("close_ballot");
    EXPECT_EQ(village_.state(), "department_review");
    EXPECT_THAT(meeting.tries("set_agenda", {{"agenda", {village_.id()}}}), is_accepted());
}

TEST_F(Meeting, IsCancelledOnlyBeforeItBegins) {
    EXPECT_THAT(convened().tries("cancel_meeting"), moves_to("cancelled"));
    EXPECT_THAT(in_session().tries("cancel_meeting"), is_of_kind(Outcome::Kind::not_here));
}

TEST_F(Meeting, AsksTheSecretaryForTheNextStep) {
    EXPECT_THAT(convened().tasks(), ElementsAre("start_session committee_secretary"));
    EXPECT_THAT(in_session().tasks(), ElementsAre("close_meeting committee_secretary"));
}

TEST(Round, HasItsDueDatesInOrder) {
    District district; // 2025-03-01
    const auto announce = [&](const char* self_check, const char* screening, const char* review) {
        const Json payload{{"title", "示例批次"},
                           {"towns", {town_code}},
                           {"self_check_due_on", self_check},
                           {"screening_due_on", screening},
                           {"review_due_on", review}};
        return district.open("screening_round", district_code, "announce", payload, "pl");
    };
    EXPECT_THAT(announce("2025-02-28", "2025-03-20", "2025-04-01"), is_refused_for("due_dates_out_of_order"));
    EXPECT_THAT(announce("2025-03-20", "2025-03-19", "2025-04-01"), is_refused_for("due_dates_out_of_order"));
    EXPECT_THAT(announce("2025-03-10", "2025-03-20", "2025-03-19"), is_refused_for("due_dates_out_of_order"));
    const auto for_the_committee = [&](const char* date) {
        return district.open("screening_round", district_code, "announce",
                             {{"title", "示例批次"},
                              {"self_check_due_on", "2025-03-01"},
                              {"screening_due_on", "2025-03-01"},
                              {"review_due_on", "2025-03-20"},
                              {"committee_due_on", date}},
                             "pl");
    };
    EXPECT_THAT(for_the_committee("2025-03-19"), is_refused_for("due_dates_out_of_order"));
    EXPECT_THAT(for_the_committee("2025-03-20"), moves_to("open"));
    const auto round = announce("2025-03-01", "2025-03-01", "2025-03-01");
    EXPECT_THAT(round, moves_to("open"));
    EXPECT_EQ(district.row(round.case_id).facts.at("towns"), Json({town_code}));
    EXPECT_THAT(district.give(round.case_id, "close_round", Json::object(), "ts"),
                is_of_kind(Outcome::Kind::not_found));
    EXPECT_THAT(district.give(round.case_id, "close_round", Json::object(), "pl"), moves_to("closed"));
}

TEST(Round, WithoutTownsIsForTheWholeDistrict) {
    District district;
    const Json payload{{"title", "示例批次"},
                       {"self_check_due_on", "2025-03-10"},
                       {"screening_due_on", "2025-03-20"},
                       {"review_due_on", "2025-04-01"}};
    const auto round = district.open("screening_round", district_code, "announce", payload, "pl");
    EXPECT_THAT(round, moves_to("open"));
    EXPECT_TRUE(district.row(round.case_id).facts.at("towns").empty());
    EXPECT_THAT(district.open("screening_round", village_code, "announce", payload, "pl"),
                is_refused_for("not_a_district"));
}

} // namespace
} // namespace cunmai::workflows::test
