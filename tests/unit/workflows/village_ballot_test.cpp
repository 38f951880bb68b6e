// Ballots on a village's case: who may vote, recusal, secrecy, and what follows from the result (domain.md §5).
#include "engine/ballot.hpp"
#include "tests/unit/workflows/district.hpp"

namespace cunmai::workflows::test {
namespace {

using engine::Delegation;
using ::testing::ElementsAre;

const std::vector<std::string> everybody{"ch", "m1", "m2", "m3", "m4"}; // five entitled: three make a majority

Outcome vote(const Case& village, const std::string& person, const std::string& choice) {
    Json given{{"choice", choice}};
    if (choice != "approve" && !village.facts().at("ballot").at("secret")) given["reason"] = "示例理由";
    return village.as(person).does("cast_vote", given);
}

// The first approve, the next reject, the next abstain.
void vote(const Case& village, int approve, int reject, int abstain = 0) {
    std::size_t next = 0;
    for (int i = 0; i < approve; ++i) vote(village, everybody.at(next++), "approve");
    for (int i = 0; i < reject; ++i) vote(village, everybody.at(next++), "reject");
    for (int i = 0; i < abstain; ++i) vote(village, everybody.at(next++), "abstain");
}

// Members who have not voted leave before the ballot is closed.
void the_others_leave(const Case& village) {
    const auto& ballot = village.facts().at("ballot");
    auto present = Json::array();
    for (const auto& person : everybody)
        if (engine::ballot::has_voted(ballot, person)) present.push_back(person);
    auto& district = village.district();
    EXPECT_THAT(district.give(district.meeting, "record_attendance", {{"attendance", present}}, "sec"), is_accepted());
}

Json last_ballot(const Case& village) { return village.facts().at("ballots").back(); }
const Json& meeting_facts(const Case& village) { return village.district().row(village.district().meeting).facts; }

// ---- opening ------------------------------------------------------------------------------------------------------

TEST(OpeningABallot, NeedsAMeetingInSessionWithTheCaseOnItsAgenda) {
    Case village = a_village().in("committee_approval");
    auto& district = village.district();
    EXPECT_THAT(village.tries("open_ballot", {{"meeting", "nowhere"}}), is_refused_for("meeting_not_found"));
    EXPECT_THAT(village.tries("open_ballot", {{"meeting", village.id()}}), is_refused_for("meeting_not_found"));
    district.meeting_in_session({}, everybody);
    EXPECT_THAT(village.tries("open_ballot"), is_refused_for("not_on_agenda"));
    district.meeting_in_session({village.id().text}, everybody);
    district.row(district.meeting).state = "convened";
    EXPECT_THAT(village.tries("open_ballot"), is_refused_for("meeting_not_in_session"));
    district.row(district.meeting).state = "in_session";
    EXPECT_THAT(village.tries("open_ballot"), moves_to("committee_approval"));
}

TEST(OpeningABallot, FreezesTheElectorateAndTellsTheMeeting) {
    Case village = a_village().in("committee_approval").with_ballot(everybody);
    const auto& ballot = village.facts().at("ballot");
    EXPECT_EQ(ballot.at("electorate").size(), 5U);
    EXPECT_EQ(ballot.at("purpose"), "entry");
    EXPECT_EQ(ballot.at("chair"), "ch");
    EXPECT_EQ(meeting_facts(village).at("open_ballots"), Json({village.id()}));
    EXPECT_THAT(village.tries("open_ballot"), is_refused_for("ballot_already_open"));
    village.district().grant("late", "committee_member", "/990100/");
    EXPECT_THAT(village.as("late").tries("cast_vote", {{"choice", "approve"}}), is_refused_for("not_in_electorate"));
    EXPECT_THAT(village.tasks(), ElementsAre("cast_vote ch", "cast_vote m1", "cast_vote m2", "cast_vote m3",
                                             "cast_vote m4", "close_ballot committee_secretary"));
}

TEST(OpeningABallot, NeedsACommittee) {
    Case village = a_village().in("committee_approval");
    std::erase_if(village.district().store.memory.grants, [](const auto& grant) {
        return grant.role == "committee_member" || grant.role == "committee_chair";
    });
    village.district().meeting_in_session({village.id().text}, {});
    EXPECT_THAT(village.tries("open_ballot"), is_refused_for("committee_empty"));
}

TEST(OpeningABallot, RecusesWhoHasAnInterestInTheVillage) {
    Case village = a_village().in("committee_approval");
    auto& district = village.district();
    district.store.memory.interests = {{{"m1"}, village_code}, {{"m2"}, "990100009999"}, {{"m5"}, district_code}};
    district.grant("m5", "committee_member", "/990100/");
    district.grant("m3", "town_supervisor", "/990100/990100001/");              // its town
    district.grant("m4", "village_officer", "/990100/990100001/990100001202/"); // another village
    district.grant("ch", "panel_leader", "/990100/");                           // the whole district
    district.meeting_in_session({village.id().text}, everybody);
    village.does("open_ballot");
    EXPECT_THAT(village.as("m1").tries("cast_vote", {{"choice", "approve"}}), is_refused_for("recused"));
    EXPECT_THAT(village.as("m3").tries("cast_vote", {{"choice", "approve"}}), is_refused_for("recused"));
    EXPECT_THAT(village.as("m5").tries("cast_vote", {{"choice", "approve"}}), is_refused_for("recused"));
    for (const auto* person : {"m2", "m4", "ch"})
        EXPECT_THAT(village.as(person).tries("cast_vote", {{"choice", "approve"}}), is_accepted()) << person;
    EXPECT_EQ(village.facts().at("ballot").at("electorate").at(1).at("recused").at("reason"), "declared_interest");
    EXPECT_EQ(village.facts().at("ballot").at("electorate").at(3).at("recused").at("reason"), "role_in_place");
}

Delegation delegation(const Case& village, const char* from, const char* to, const char* role) {
    const auto now = village.district().clock.now();
    return {{from}, {to}, role, now.plus_seconds(-60), now.plus_seconds(60)};
}

TEST(OpeningABallot, RecusesDelegatesNominatorsAndWhoHoldsAPostOfTheVillageOrHasAnInterestInTheDistrict) {
    Case village =
        a_village().in("exit_approval").with({{"nominated_by", {"ts", "m2"}}, {"posts", {{"coordinator", "m3"}}}});
    auto& district = village.district();
    district.store.memory.interests = {{{"m4"}, district_code}};
    district.store.memory.delegations = {delegation(village, "ts", "m1", "town_supervisor"),
                                         delegation(village, "pl", "ch", "panel_leader")}; // the whole district
    district.meeting_in_session({village.id().text}, everybody);
    village.does("open_ballot");
    std::map<std::string, std::string> recused;
    for (const auto& entry : village.facts().at("ballot").at("electorate"))
        if (entry.contains("recused"))
            recused[entry.at("person").get<std::string>()] = entry.at("recused").at("reason").get<std::string>();
    EXPECT_EQ(
        recused,
        (std::map<std::string, std::string>{
            {"m1", "role_in_place"}, {"m2", "nominated"}, {"m3", "post_in_village"}, {"m4", "declared_interest"}}));
}

TEST(OpeningABallot, IsForAMeetingOfTheSameDistrict) {
    Case village = a_village().in("committee_approval");
    auto& district = village.district();
    district.store.memory.places["990200"] = {"990200", "示例乙区", "", "district", "/990200/"};
    district.meeting_in_session({village.id().text}, everybody);
    district.row(district.meeting).place = district.store.memory.places.at("990200");
    EXPECT_THAT(village.tries("open_ballot"), is_refused_for("meeting_not_found"));
}

// ---- voting -------------------------------------------------------------------------------------------------------

// Votes as a form does that was opened at this version.
Outcome vote_at(const Case& village, std::int64_t version, const std::string& person, const std::string& choice,
                const std::string& key, const std::string& command = "cast_vote") {
    engine::CommandRequest request;
    request.case_id = village.id();
    request.expected_version = version;
    request.name = command;
    request.payload = command == "recuse" ? Json{{"reason", "示例"}} : Json{{"choice", choice}};
    request.actor = {person};
    request.idempotency_key = key;
    return village.district().service.execute(request);
}

TEST(Voting, IsNotInTheWayOfAnothersVote) {
    const Case village = a_village().in("committee_approval").with_ballot(everybody);
    const auto version = [&] { return village.district().row(village.id()).version; };
    const auto opened = version();
    EXPECT_THAT(vote_at(village, opened, "m1", "approve", "a"), is_accepted());
    const auto second = vote_at(village, opened, "m2", "approve", "b");
    EXPECT_THAT(second, is_accepted());
    EXPECT_EQ(second.version, opened + 2);
    EXPECT_THAT(vote_at(village, opened, "m2", "approve", "b"), is_accepted()) << "the same form once more";
    EXPECT_EQ(version(), opened + 2);
    EXPECT_THAT(vote_at(village, opened, "m3", "", "c", "recuse"), is_accepted());
    EXPECT_THAT(vote_at(village, opened, "m4", "approve", "d"), is_accepted());
    EXPECT_EQ(village.facts().at("ballot").at("votes").size(), 3U);
}

TEST(Voting, IsInTheBallotThatTheFormShowed) {
    const Case village = a_village().in("committee_approval").with_ballot({"ch"});
    const auto opened = village.district().row(village.id()).version;
    village.does("close_ballot"); // no quorum
    village.district().row(village.district().meeting).facts["present"] = everybody;
    village.does("open_ballot");
    EXPECT_THAT(vote_at(village, opened, "m1", "approve", "a"), is_of_kind(Outcome::Kind::conflict));
    EXPECT_THAT(vote_at(village, opened + 100, "m1", "approve", "b"), is_of_kind(Outcome::Kind::conflict));
}

TEST(Voting, IsForThoseMarkedPresent) {
    const Case village = a_village().in("committee_approval").with_ballot({"ch", "m1", "m2"});
    EXPECT_THAT(village.as("m3").tries("cast_vote", {{"choice", "approve"}}), is_refused_for("not_present"));
    EXPECT_THAT(village.as("m1").tries("cast_vote", {{"choice", "approve"}}), is_accepted());
}

TEST(Voting, IsNotPossibleWithoutAnOpenBallotOrAfterClosing) {
    const Case village = a_village().in("committee_approval");
    for (const auto* command : {"cast_vote", "recuse", "close_ballot"})
        EXPECT_THAT(village.tries(command), is_refused_for("ballot_not_open")) << command;
    const Case other = a_village().in("committee_approval").with_ballot({"ch"});
    other.does("close_ballot"); // void without a quorum, no matter who has voted
    EXPECT_THAT(other.as("ch").tries("cast_vote", {{"choice", "approve"}}), is_refused_for("ballot_not_open"));
    EXPECT_THAT(other.tries("close_ballot"), is_refused_for("ballot_not_open"));
}

TEST(Voting, AgainstOrAbstainingNeedsAReason) {
    const Case village = a_village().in("committee_approval").with_ballot(everybody);
    const auto member = village.as("m1");
    EXPECT_THAT(member.tries("cast_vote"), is_refused_for("missing"));
    EXPECT_THAT(member.tries("cast_vote", {{"choice", "perhaps"}}), is_refused_for("not_a_choice"));
    for (const auto* choice : {"reject", "abstain"}) {
        EXPECT_THAT(member.tries("cast_vote", {{"choice", choice}}), is_refused_for("vote_reason_missing"));
        EXPECT_THAT(member.tries("cast_vote", {{"choice", choice}, {"reason", "证据不足"}}), is_accepted());
    }
    EXPECT_THAT(member.tries("cast_vote", {{"choice", "approve"}}), is_accepted());
}

TEST(Voting, MayBeChangedUntilClosingAndTheHistoryKeepsBoth) {
    const Case village = a_village().in("committee_approval").with_ballot(everybody);
    vote(village, 3, 0);
    vote(village, "m2", "reject");
    EXPECT_EQ(village.facts().at("ballot").at("votes").at("m2").at("choice"), "reject");
    the_others_leave(village);
    EXPECT_THAT(village.does("close_ballot"), moves_to("department_review")) << "2 of 5 is no majority";
    int cast = 0;
    for (const auto& event : village.district().store.memory.events[village.id()]) cast += event.command == "cast_vote";
    EXPECT_EQ(cast, 4);
}

TEST(Voting, CantBeDoneForAnother) {
    const Case village = a_village().in("committee_approval").with_ballot(everybody);
    auto& district = village.district();
    district.store.memory.delegations = {{{"m1"},
                                          {"m2"},
                                          "committee_member",
                                          district.clock.now().plus_seconds(-60),
                                          district.clock.now().plus_seconds(60)}};
    for (const auto* command : {"cast_vote", "recuse"})
        EXPECT_THAT(village.as("m2").for_("m1").tries(command, {{"reason", "代"}}),
                    is_refused_for("vote_not_delegable"));
}

TEST(Voting, AMemberWhoLosesTheRoleKeepsTheVoteAndTheSeatButVotesNoMore) {
    const Case village = a_village().in("committee_approval").with_ballot(everybody);
    vote(village, 3, 0);
    std::erase_if(village.district().store.memory.grants, [](const auto& grant) {
        return (grant.person.text == "m1" || grant.person.text == "m3") && grant.role == "committee_member";
    });
    village.district().grant("m3", "auditor", "/990100/");
    EXPECT_THAT(village.as("m3").tries("cast_vote", {{"choice", "reject"}, {"reason", "x"}}),
                is_refused_for("not_your_role"));
    const auto waiting = village.tries("close_ballot");
    EXPECT_EQ(facts_of(waiting, "votes_outstanding"), Json({{"count", 1}, {"people", {"m4"}}}));
    auto& district = village.district();
    EXPECT_THAT(district.give(district.meeting, "record_attendance", {{"attendance", {"ch", "m1", "m2", "m3"}}}, "sec"),
                is_accepted())
        << "m1 and m3 left office, not the meeting";
    EXPECT_THAT(village.does("close_ballot"), moves_to("managed"));
    EXPECT_EQ(
        last_ballot(village).at("counts"),
        Json({{"electorate", 5}, {"entitled", 5}, {"present", 4}, {"approve", 3}, {"reject", 0}, {"abstain", 0}}));
}

TEST(Voting, WhoeverVotedCountsAsPresentEvenIfTheyLeft) {
    const Case village = a_village().in("committee_approval").with_ballot(everybody);
    vote(village, 3, 0);
    auto& district = village.district();
    EXPECT_THAT(district.give(district.meeting, "record_attendance", {{"attendance", {"ch"}}}, "sec"), is_accepted());
    EXPECT_THAT(village.as("m1").tries("cast_vote", {{"choice", "approve"}}), is_refused_for("not_present"));
    EXPECT_THAT(village.does("close_ballot"), moves_to("managed"));
    EXPECT_EQ(last_ballot(village).at("counts").at("present"), 3);
}

TEST(Voting, IsATaskOfThosePresentOnlyAsTheAttendanceStands) {
    const Case village = a_village().in("committee_approval").with_ballot({"ch", "m1", "m2"});
    EXPECT_THAT(village.tasks(),
                ElementsAre("cast_vote ch", "cast_vote m1", "cast_vote m2", "close_ballot committee_secretary"));
    auto& district = village.district();
    EXPECT_THAT(district.give(district.meeting, "record_attendance", {{"attendance", {"ch", "m3"}}}, "sec"),
                is_accepted());
    EXPECT_THAT(village.tasks(), ElementsAre("cast_vote ch", "cast_vote m3", "close_ballot committee_secretary"));
    EXPECT_THAT(village.as("m3").tries("cast_vote", {{"choice", "approve"}}), is_accepted());
    EXPECT_THAT(village.as("m1").tries("cast_vote", {{"choice", "approve"}}), is_refused_for("not_present"));
}

TEST(Voting, IsOverOnlyWhenEverybodyPresentHasVoted) {
    const Case village = a_village().in("committee_approval").with_ballot(everybody);
    vote(village, 3, 1);
    EXPECT_EQ(facts_of(village.tries("close_ballot"), "votes_outstanding"), Json({{"count", 1}, {"people", {"m4"}}}));
    EXPECT_THAT(village.tries("recuse"), is_accepted());
    EXPECT_EQ(village.state(), "committee_approval");
    vote(village, "m4", "reject");
    EXPECT_THAT(village.tries("close_ballot"), moves_to("managed"));
}

// ---- an interest that comes up while the ballot is open -------------------------------------------------------------

TEST(Interest, OfWhoComesToHaveOneAfterOpeningVotesNoMore) {
    const struct {
        const char* reason;
        std::function<void(const Case&)> comes_up;
    } all[]{{"declared_interest",
             [](const Case& village) {
                 village.district().store.memory.interests = {{{"m1"}, town_code}};
             }},
            {"role_in_place",
             [](const Case& village) { village.district().grant("m1", "town_officer", "/990100/990100001/"); }},
            {"role_in_place",
             [](const Case& village) {
                 village.district().store.memory.delegations = {delegation(village, "ts", "m1", "town_supervisor")};
             }},
            {"post_in_village", [](const Case& village) { village.facts()["posts"]["coordinator"] = "m1"; }},
            {"responsible_for_prescription", [](const Case& village) {
                 village.facts()["prescriptions"]["rx"] = {{"state", "closed"}, {"responsible", "m1"}};
             }}};
    for (const auto& one : all) {
        const Case village = a_village().in("committee_approval").with_ballot(everybody);
        EXPECT_THAT(village.as("m1").tries("cast_vote", {{"choice", "approve"}}), is_accepted());
        one.comes_up(village);
        const auto refused = village.as("m1").tries("cast_vote", {{"choice", "approve"}});
        EXPECT_THAT(refused, is_refused_for("interest_in_village")) << one.reason;
        EXPECT_EQ(facts_of(refused, "interest_in_village"), Json({{"interest", one.reason}}));
        EXPECT_THAT(village.as("m1").tries("recuse"), is_accepted());
    }
}

TEST(Interest, ThatIsWithdrawnWhileTheBallotIsOpenStillCounts) {
    const Case village = a_village().in("committee_approval").with_ballot(everybody);
    auto& memory = village.district().store.memory;
    const auto opened_at = village.facts().at("ballot").at("opened_at").get<std::int64_t>();
    memory.ended_interests[{{"m1"}, village_code}] = engine::Instant{opened_at + 1};
    memory.ended_interests[{{"m2"}, village_code}] = engine::Instant{opened_at}; // before
    village.district().clock.advance_seconds(3600);                              // long after it was withdrawn
    EXPECT_THAT(village.as("m1").tries("cast_vote", {{"choice", "approve"}}), is_refused_for("interest_in_village"));
    EXPECT_THAT(village.as("m2").tries("cast_vote", {{"choice", "approve"}}), is_accepted());
}

TEST(Interest, OfWhoVotedBeforeStrikesTheVoteAtClosing) {
    for (const bool secret : {false, true}) {
        const Case village = a_village().in("committee_approval").with_ballot(everybody, secret);
        vote(village, 3, 1); // ch, m1, m2 approve
        village.district().store.memory.interests = {{{"m1"}, village_code}, {{"m4"}, village_code}};
        EXPECT_THAT(village.does("close_ballot"), moves_to("managed")) << "m4 is not waited for: 2 of 3";
        EXPECT_EQ(
            last_ballot(village).at("counts"),
            Json({{"electorate", 5}, {"entitled", 3}, {"present", 3}, {"approve", 2}, {"reject", 1}, {"abstain", 0}}))
            << secret;
        EXPECT_EQ(last_ballot(village).at("recused"),
                  Json({{{"person", "m1"}, {"by", "system"}}, {{"person", "m4"}, {"by", "system"}}}));
        EXPECT_FALSE(last_ballot(village).contains("votes") && last_ballot(village).at("votes").contains("m1"));
        EXPECT_TRUE(village.district().store.memory.boxes.empty());
    }
}

// ---- recusal ------------------------------------------------------------------------------------------------------

TEST(Recusal, TakesTheMemberOutOfTheCountAndStrikesTheVote) {
    const Case village = a_village().in("committee_approval").with_ballot(everybody);
    vote(village, 2, 0);
    EXPECT_THAT(village.as("m1").tries("recuse", {{"reason", nullptr}}), is_refused_for("missing"));
    village.as("m1").does("recuse", {{"reason", "亲属在该村任职"}});
    EXPECT_FALSE(village.facts().at("ballot").at("votes").contains("m1"));
    EXPECT_THAT(village.as("m1").tries("recuse"), is_refused_for("already_recused"));
    EXPECT_THAT(village.as("m1").tries("cast_vote", {{"choice", "approve"}}), is_refused_for("recused"));
    the_others_leave(village);
    village.does("close_ballot");
    EXPECT_EQ(last_ballot(village).at("counts").at("entitled"), 4);
    EXPECT_EQ(last_ballot(village).at("counts").at("approve"), 1);
}

TEST(Recusal, OfEverybodyLeavesAVoidBallotThatMayBeOpenedAgain) {
    const Case village = a_village().in("committee_approval").with_ballot(everybody);
    for (const auto& person : everybody) village.as(person).does("recuse");
    EXPECT_THAT(village.does("close_ballot"), moves_to("committee_approval"));
    EXPECT_EQ(last_ballot(village).at("result"), "no_quorum");
    EXPECT_THAT(village.tries("open_ballot"), is_accepted());
}

TEST(Recusal, IsForTheElectorateAndBeforeClosing) {
    const Case village = a_village().in("committee_approval").with_ballot(everybody);
    village.district().grant("late", "committee_member", "/990100/");
    EXPECT_THAT(village.as("late").tries("recuse"), is_refused_for("not_in_electorate"));
    vote(village, 3, 0, 2);
    village.does("close_ballot");
    EXPECT_THAT(village.as("m1").tries("recuse"), is_of_kind(Outcome::Kind::not_here));
}

// ---- results ------------------------------------------------------------------------------------------------------

struct Result {
    const char* name;
    const char* from;
    int approve, reject, abstain;
    const char* result;
    const char* to;
};
class EveryResult : public ::testing::TestWithParam<Result> {};
INSTANTIATE_TEST_SUITE_P(
    Ballots, EveryResult,
    ::testing::Values(Result{"entry_passed", "committee_approval", 3, 2, 0, "passed", "managed"},
                      Result{"entry_rejected", "committee_approval", 2, 3, 0, "rejected", "not_listed"},
                      Result{"entry_tied", "committee_approval", 2, 2, 1, "deferred", "department_review"},
                      Result{"entry_abstained", "committee_approval", 0, 0, 5, "deferred", "department_review"},
                      Result{"exit_passed", "exit_approval", 3, 0, 2, "passed", "follow_up"},
                      Result{"exit_rejected", "exit_approval", 0, 3, 2, "rejected", "managed"},
                      Result{"exit_abstained", "exit_approval", 1, 0, 4, "deferred", "exit_review"}),
    [](const auto& each) { return std::string(each.param.name); });

TEST_P(EveryResult, LeadsToItsState) {
    const auto& [name, from, approve, reject, abstain, result, to] = GetParam();
    const Case village = a_village().in(from).with_ballot(everybody);
    vote(village, approve, reject, abstain);
    EXPECT_THAT(village.tries("close_ballot", {{"minutes", "示例纪要"}}), moves_to(to));
    EXPECT_THAT(village.does("close_ballot"), moves_to(to)) << "the meeting has its own minutes";
    EXPECT_EQ(last_ballot(village).at("result"), result);
    EXPECT_FALSE(village.facts().contains("ballot"));
    EXPECT_TRUE(meeting_facts(village).at("open_ballots").empty());
    EXPECT_EQ(meeting_facts(village).at("results").back().at("result"), result);
}

TEST(Quorum, IsReachedWithExactlyHalf) {
    Case village = a_village().in("committee_approval");
    auto& district = village.district();
    district.grant("m5", "committee_member", "/990100/"); // six entitled
    district.meeting_in_session({village.id().text}, {"ch", "m1"});
    village.does("open_ballot");
    EXPECT_THAT(village.tries("close_ballot"), moves_to("committee_approval")) << "2 of 6: nobody is waited for";
    district.give(district.meeting, "record_attendance", {{"attendance", {"ch", "m1", "m2"}}}, "sec");
    EXPECT_THAT(village.tries("close_ballot"), is_refused_for("votes_outstanding")) << "3 of 6";
    vote(village, 3, 0);
    EXPECT_THAT(village.tries("close_ballot"), moves_to("department_review")) << "3 of 6";
}

TEST(ExitVote, StartsAYearToTheDay) {
    Case village = a_village().in("exit_approval").since("2024-02-29").with_ballot(everybody);
    vote(village, 5, 0);
    village.does("close_ballot");
    EXPECT_EQ(village.facts().at("exit_vote_on"), "2024-02-29");
    EXPECT_EQ(village.facts().at("follow_up_until"), "2025-03-01") << "a full year has passed";
}

// ---- secrecy ------------------------------------------------------------------------------------------------------

class SecretBallot : public ::testing::Test {
  protected:
    SecretBallot() : village_(a_village().in("committee_approval").with_ballot(everybody, true)) {}
    std::string whole_record() {
        std::string text = village_.facts().dump();
        for (const auto& event : village_.district().store.memory.events[village_.id()])
            text += event.payload + event.context + event.changes;
        return text;
    }
    Case village_;
};

TEST_F(SecretBallot, TheRecordNeverHoldsAChoice) {
    vote(village_, 3, 1, 1);
    for (const auto* word : {"\"choice\"", "\"approve\"", "\"reject\"", "\"abstain\""})
        EXPECT_EQ(whole_record().find(word), std::string::npos) << word;
    EXPECT_EQ(village_.facts().at("ballot").at("voted").size(), 5U);
}

TEST_F(SecretBallot, IsCountedAtClosingAndTheBoxIsEmptied) {
    vote(village_, 3, 1, 1);
    vote(village_, "m1", "reject"); // changed
    EXPECT_THAT(village_.does("close_ballot"), moves_to("department_review"));
    EXPECT_EQ(last_ballot(village_).at("counts").at("approve"), 2);
    EXPECT_EQ(last_ballot(village_).at("counts").at("reject"), 2);
    EXPECT_TRUE(village_.district().store.memory.boxes.empty());
}

// Not even the secret behind the stored hashes reveals a vote, and the voter has no receipt.
TEST_F(SecretBallot, IsNotToldByARepetition) {
    const auto version = village_.district().row(village_.id()).version;
    const auto first = vote_at(village_, version, "m1", "reject", "receipt");
    ASSERT_THAT(first, is_accepted());
    const auto same_for_all = [&] {
        for (const auto* choice : {"approve", "reject", "abstain"}) {
            const auto again = vote_at(village_, version, "m1", choice, "receipt");
            EXPECT_THAT(again, is_accepted()) << choice;
            EXPECT_TRUE(again.replayed) << choice;
            EXPECT_EQ(again.version, first.version) << choice;
        }
        EXPECT_THAT(vote_at(village_, version, "m1", "", "receipt", "recuse"), is_refused_for("key_reused"));
    };
    same_for_all();
    for (const auto* person : {"ch", "m2", "m3", "m4"}) vote(village_, person, "approve");
    EXPECT_THAT(village_.does("close_ballot"), moves_to("managed"));
    EXPECT_EQ(last_ballot(village_).at("counts").at("reject"), 1) << "as it was cast";
    same_for_all();
}

TEST_F(SecretBallot, IsNotToldByARepetitionOfWhatWasRefused) {
    const auto version = village_.district().row(village_.id()).version;
    const auto first = vote_at(village_, version, "vo", "reject", "receipt");
    ASSERT_EQ(first.kind, Outcome::Kind::forbidden);
    for (const auto* choice : {"approve", "reject", "abstain"}) {
        const auto again = vote_at(village_, version, "vo", choice, "receipt");
        EXPECT_TRUE(again.replayed) << choice;
        EXPECT_EQ(again.kind, first.kind) << choice;
    }
}

TEST(NamedBallot, ARepetitionWithAnotherChoiceIsAnError) {
    const Case village = a_village().in("committee_approval").with_ballot(everybody);
    const auto version = village.district().row(village.id()).version;
    ASSERT_THAT(vote_at(village, version, "m1", "approve", "k"), is_accepted());
    EXPECT_THAT(vote_at(village, version, "m1", "abstain", "k"), is_refused_for("key_reused"));
}

// As after a restore, because backups do not contain the box.
TEST_F(SecretBallot, IsVoidWhenItsBoxIsNotWhole) {
    vote(village_, 3, 1, 1);
    village_.district().store.memory.boxes.erase(village_.district().store.memory.boxes.begin());
    EXPECT_THAT(village_.does("close_ballot"), moves_to("committee_approval"));
    EXPECT_EQ(last_ballot(village_).at("result"), "votes_lost");
    village_.does("open_ballot"); // and is held again
    vote(village_, 3, 1, 1);
    EXPECT_THAT(village_.does("close_ballot"), moves_to("managed"));
}

// Otherwise a secretary could send the others out after the first vote, and the totals would tell it to everybody.
TEST_F(SecretBallot, WithoutAQuorumIsStruckUnread) {
    vote(village_, "m1", "reject");
    auto& district = village_.district();
    district.give(district.meeting, "record_attendance", {{"attendance", {"m1"}}}, "sec");
    EXPECT_THAT(village_.does("close_ballot"), moves_to("committee_approval"));
    EXPECT_EQ(last_ballot(village_).at("result"), "no_quorum");
    EXPECT_EQ(
        last_ballot(village_).at("counts"),
        Json({{"electorate", 5}, {"entitled", 5}, {"present", 1}, {"approve", 0}, {"reject", 0}, {"abstain", 0}}));
    EXPECT_EQ(whole_record().find(R"("reject":1)"), std::string::npos);
    EXPECT_NE(whole_record().find(R"("tally":null)"), std::string::npos);
    EXPECT_TRUE(district.store.memory.boxes.empty());
}

// As when the rest of the box was lost, and one member has voted since.
TEST_F(SecretBallot, WhoseBoxIsNotWholeIsStruckUnread) {
    vote(village_, 3, 1, 0);
    village_.district().store.memory.boxes.clear();
    vote(village_, "m4", "reject");
    EXPECT_THAT(village_.does("close_ballot"), moves_to("committee_approval"));
    EXPECT_EQ(last_ballot(village_).at("result"), "votes_lost");
    EXPECT_EQ(last_ballot(village_).at("counts").at("reject"), 0);
    EXPECT_EQ(whole_record().find(R"("reject":1)"), std::string::npos);
}

TEST_F(SecretBallot, TakesNoReasonAndNoEmptyVote) {
    EXPECT_THAT(village_.as("m1").tries("cast_vote", {{"choice", "reject"}, {"reason", "我反对"}}),
                is_refused_for("reason_reveals_vote"));
    EXPECT_THAT(village_.as("m1").tries("cast_vote"), is_refused_for("missing"));
    EXPECT_TRUE(village_.district().store.memory.boxes.empty());
}

TEST_F(SecretBallot, ARecusalStrikesTheSealedVote) {
    vote(village_, 3, 0);
    village_.as("m1").does("recuse");
    EXPECT_EQ(village_.district().store.memory.boxes.size(), 2U);
    EXPECT_EQ(facts_of(village_.tries("close_ballot"), "votes_outstanding"), Json({{"count", 2}})) << "names nobody";
    the_others_leave(village_);
    EXPECT_THAT(village_.does("close_ballot"), moves_to("department_review")) << "2 of 4";
}

TEST_F(SecretBallot, IsVoidWhenTheCaseEndsBeforeItCloses) {
    vote(village_, 3, 0);
    village_.does("terminate");
    EXPECT_TRUE(village_.district().store.memory.boxes.empty());
    ASSERT_EQ(meeting_facts(village_).at("results").size(), 1U);
    EXPECT_EQ(meeting_facts(village_).at("results").back().at("result"), "void");
    EXPECT_TRUE(meeting_facts(village_).at("open_ballots").empty());
}

TEST_F(SecretBallot, BoxesOfTwoBallotsAreApart) {
    auto& district = village_.district();
    district.give(district.meeting, "record_attendance", {{"attendance", {"ch"}}}, "sec");
    vote(village_, "ch", "approve");
    village_.does("close_ballot"); // no quorum
    district.give(district.meeting, "record_attendance", {{"attendance", everybody}}, "sec");
    village_.does("open_ballot");
    vote(village_, "m1", "approve");
    EXPECT_EQ(std::get<1>(village_.district().store.memory.boxes.begin()->first), "ballot-2");
}

} // namespace
} // namespace cunmai::workflows::test
