// What may be read of a ballot while it is open, and when all of it may.
#include "tests/unit/workflows/district.hpp"

namespace cunmai::workflows::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

const std::vector<std::string> everybody{"ch", "m1", "m2", "m3", "m4"};
const std::string told_reason = "示例：理由只有投票人知道";

class Reading { // what one person reads
  public:
    Reading(const Case& village, const std::string& person)
        : village_(village),
          definition_(*village.district().registry.newest("village_lifecycle")), reader_{{person},
                                                                                         {"committee_member"}} {}

    bool all() const { return definition_.discloses_all(reader_, now()); }

    Json facts() const {
        auto facts = village_.facts();
        if (!all()) definition_.disclose(reader_, now(), facts);
        return facts;
    }

    engine::Readable of(const engine::Event& event) const {
        engine::Readable content{
            Json::parse(event.payload), Json::parse(event.context), Json::parse(event.changes), {}, true};
        if (!all()) definition_.disclose(reader_, now(), event, content);
        return content;
    }

    std::vector<engine::Readable> votes() const { // ordered by seq
        std::vector<engine::Readable> found;
        for (const auto& event : village_.district().store.memory.events.at(village_.id()))
            if (event.command == "cast_vote") found.push_back(of(event));
        return found;
    }

    Json refusals() const { // the reasons of all refused commands
        auto reasons = Json::array();
        for (auto refused : village_.district().store.memory.refused) {
            if (!all()) definition_.disclose(reader_, now(), refused);
            reasons.push_back(refused.reasons);
        }
        return reasons;
    }

    engine::CaseView now() const {
        const auto& row = village_.district().row(village_.id());
        return {row.id, row.place, row.state, row.facts};
    }

  private:
    const Case& village_;
    const engine::Definition& definition_;
    const engine::Reader reader_;
};

std::string told_by(const engine::Readable& content) {
    return content.payload.dump() + content.context.dump() + content.changes.dump();
}

Case voting(bool secret = false) {
    Case village = a_village().in("committee_approval").with_ballot(everybody, secret);
    return village;
}

TEST(Disclosure, WhileABallotByNameIsOpenOneReadsWhoVotedAndOnesOwnVote) {
    const auto village = voting();
    village.as("m1").does("cast_vote", {{"choice", "reject"}, {"reason", told_reason}});
    village.as("m2").does("cast_vote", {{"choice", "approve"}});
    for (const auto* other : {"m2", "ch", "sec", "au", "vo"}) {
        const Reading reading(village, other);
        const auto facts = reading.facts();
        const auto& vote = facts.at("ballot").at("votes").at("m1"); // that m1 voted is no secret
        EXPECT_FALSE(vote.contains("choice")) << other;
        EXPECT_EQ(vote.at("withheld"), "until_ballot_closes");
        EXPECT_THAT(facts.dump(), Not(HasSubstr(told_reason))) << other;
        const auto event = reading.votes().at(0);
        EXPECT_EQ(event.withheld, "until_ballot_closes") << other;
        EXPECT_THAT(told_by(event), Not(HasSubstr("reject"))) << other;
        EXPECT_THAT(told_by(event), Not(HasSubstr(told_reason))) << other;
        EXPECT_TRUE(event.is_known);
    }
    const Reading own(village, "m1");
    EXPECT_EQ(own.facts().at("ballot").at("votes").at("m1").at("reason"), told_reason);
    EXPECT_EQ(own.votes().at(0).payload.at("choice"), "reject");
    EXPECT_TRUE(own.votes().at(0).withheld.empty());
    EXPECT_FALSE(own.votes().at(1).withheld.empty());
}

TEST(Disclosure, AChangedVoteTellsNeitherTheOldNorTheNewOne) {
    const auto village = voting();
    village.as("m1").does("cast_vote", {{"choice", "reject"}, {"reason", told_reason}});
    village.as("m1").does("cast_vote", {{"choice", "approve"}});
    village.as("m2").does("cast_vote", {{"choice", "abstain"}, {"reason", "示例"}});
    village.as("m2").does("recuse", {{"reason", "示例亲属"}}); // which removes the vote
    for (const auto& content : Reading(village, "au").votes())
        for (const auto* word : {"approve", "reject", "abstain"}) EXPECT_THAT(told_by(content), Not(HasSubstr(word)));
}

TEST(Disclosure, WhatElseHappensMeanwhileIsWhole) {
    const auto village = voting();
    village.as("m2").does("recuse", {{"reason", "示例亲属"}});
    const Reading reading(village, "au");
    for (const auto& event : village.district().store.memory.events.at(village.id()))
        EXPECT_TRUE(reading.of(event).withheld.empty()) << event.command;
}

TEST(Disclosure, WhenTheBallotIsClosedEverythingMayBeRead) {
    const auto village = voting();
    village.as("m1").does("cast_vote", {{"choice", "reject"}, {"reason", told_reason}});
    for (const auto* person : {"ch", "m2", "m3", "m4"}) village.as(person).does("cast_vote", {{"choice", "approve"}});
    village.does("close_ballot");
    const Reading reading(village, "au");
    EXPECT_TRUE(reading.all());
    EXPECT_EQ(reading.facts(), village.facts());
    EXPECT_THAT(told_by(reading.votes().at(0)), HasSubstr(told_reason));
}

TEST(Disclosure, VotesOfAnEarlierBallotStayReadableWhileTheNextIsOpenEvenIfTheClockStoodStill) {
    const auto village = voting();
    auto& district = village.district();
    village.as("m1").does("cast_vote", {{"choice", "reject"}, {"reason", told_reason}});
    district.give(district.meeting, "record_attendance", {{"attendance", {"m1"}}}, "sec");
    village.does("close_ballot"); // without quorum, so it is void
    district.give(district.meeting, "record_attendance", {{"attendance", everybody}}, "sec");
    village.does("open_ballot");
    village.as("m1").does("cast_vote", {{"choice", "abstain"}, {"reason", "示例：第二次"}});
    const auto votes = Reading(village, "au").votes();
    EXPECT_TRUE(votes.at(0).withheld.empty());
    EXPECT_EQ(votes.at(0).payload.at("reason"), told_reason);
    EXPECT_FALSE(votes.at(1).withheld.empty());
    EXPECT_THAT(told_by(votes.at(1)), Not(HasSubstr("abstain")));
}

TEST(Disclosure, AVoteThatDoesNotSayOfWhichBallotItIsCountsAsOneOfTheOpenOne) {
    const auto village = voting();
    village.as("m1").does("cast_vote", {{"choice", "reject"}, {"reason", told_reason}});
    auto event = village.district().store.memory.events.at(village.id()).back();
    auto context = Json::parse(event.context);
    EXPECT_EQ(context.at("ballot"), 1);
    context.erase("ballot"); // as older programs recorded it
    event.context = context.dump();
    EXPECT_EQ(Reading(village, "au").of(event).withheld, "until_ballot_closes");
}

TEST(Disclosure, WhyAVoteWasRefusedDoesNotTellWhatWasTried) {
    const auto village = voting();
    village.as("m1").district().give(village.id(), "cast_vote", {{"choice", "reject"}}, "m1"); // without a reason
    const auto own = Reading(village, "m1").refusals(), others = Reading(village, "au").refusals();
    EXPECT_THAT(own.dump(), HasSubstr("vote_reason_missing"));
    EXPECT_THAT(others.dump(), Not(HasSubstr("vote_reason_missing")));
    EXPECT_THAT(others.dump(), Not(HasSubstr("reject")));
    EXPECT_EQ(others.back().at(0).at("code"), "until_ballot_closes");
}

TEST(Disclosure, OfASecretBallotThereIsNothingToWithhold) {
    const auto village = voting(true);
    village.as("m1").does("cast_vote", {{"choice", "reject"}});
    const Reading reading(village, "au");
    EXPECT_TRUE(reading.all());
    EXPECT_THAT(reading.facts().dump(), Not(HasSubstr("\"reject\"")));
}

TEST(Disclosure, TasksAndSummaryAreTheSameWhateverWasVoted) {
    const auto village = voting();
    village.as("m1").does("cast_vote", {{"choice", "reject"}, {"reason", told_reason}});
    const auto& definition = *village.district().registry.newest("village_lifecycle");
    const Reading reading(village, "au");
    const auto facts = reading.facts();
    const auto whole = reading.now();
    const engine::CaseView cut{whole.id, whole.place, whole.state, facts};
    EXPECT_EQ(definition.tasks(cut), definition.tasks(whole));
    EXPECT_EQ(definition.summary(cut), definition.summary(whole));
}

} // namespace
} // namespace cunmai::workflows::test
