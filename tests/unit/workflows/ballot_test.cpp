// The count of a ballot, and nothing else: every edge of domain.md §5 that is arithmetic.
#include "engine/ballot.hpp"

#include <gtest/gtest.h>

namespace cunmai::engine {
namespace {

using ballot::Result;

class Ballot : public ::testing::Test {
  protected:
    Json of(int members, bool secret = false) {
        ballot::Opening opening;
        opening.purpose = "entry";
        opening.quorum = opening.pass = {1, 2};
        opening.secret = secret;
        for (int i = 1; i <= members; ++i) opening.electorate.push_back({{"person", "m" + std::to_string(i)}});
        return ballot::open(opening);
    }
    static Json first(int people) {
        auto list = Json::array();
        for (int i = 1; i <= people; ++i) list.push_back("m" + std::to_string(i));
        return list;
    }
    // The first members approve, the next reject, the next abstain.
    static void vote(Json& ballot, int approve, int reject, int abstain) {
        int member = 0;
        const auto cast = [&](int count, const char* choice) {
            for (int i = 0; i < count; ++i) ballot::keep_vote(ballot, "m" + std::to_string(++member), choice, "", {});
        };
        cast(approve, "approve");
        cast(reject, "reject");
        cast(abstain, "abstain");
    }
    static Result result(const Json& ballot, int present) { return ballot::count(ballot, first(present), {}).result; }
};

TEST_F(Ballot, PassesWhenApprovalsExceedHalfOfTheEntitled) {
    auto nine = of(9);
    vote(nine, 5, 4, 0);
    EXPECT_EQ(result(nine, 9), Result::passed);
    auto eight = of(8);
    vote(eight, 5, 3, 0);
    EXPECT_EQ(result(eight, 8), Result::passed);
}

TEST_F(Ballot, CountsTheEntitledNotThosePresent) {
    auto nine = of(9);
    vote(nine, 4, 1, 0);
    EXPECT_EQ(result(nine, 5), Result::deferred) << "4 of the 5 present approve, but not more than half of 9";
}

TEST_F(Ballot, HasItsQuorumAtExactlyHalf) {
    EXPECT_EQ(result(of(8), 4), Result::deferred);
    EXPECT_EQ(result(of(8), 3), Result::no_quorum);
    EXPECT_EQ(result(of(9), 5), Result::deferred);
    EXPECT_EQ(result(of(9), 4), Result::no_quorum);
}

TEST_F(Ballot, ExactlyHalfIsNoMajority) {
    auto eight = of(8);
    vote(eight, 4, 2, 2);
    EXPECT_EQ(result(eight, 8), Result::deferred);
}

TEST_F(Ballot, ATieIsDeferred) {
    auto eight = of(8);
    vote(eight, 4, 4, 0);
    EXPECT_EQ(result(eight, 8), Result::deferred);
}

TEST_F(Ballot, ManyAbstentionsAreDeferred) {
    auto nine = of(9);
    vote(nine, 3, 1, 5);
    EXPECT_EQ(result(nine, 9), Result::deferred);
}

TEST_F(Ballot, IsRejectedWhenRejectionsExceedHalfOfTheEntitled) {
    auto nine = of(9);
    vote(nine, 4, 5, 0);
    EXPECT_EQ(result(nine, 9), Result::rejected);
}

TEST_F(Ballot, WithEveryoneRecusedIsVoid) {
    auto two = of(2);
    ballot::recuse(two, "m1", "亲属", "self");
    ballot::recuse(two, "m2", "亲属", "self");
    EXPECT_EQ(result(two, 2), Result::no_quorum);
    EXPECT_TRUE(ballot::entitled(two).empty());
}

TEST_F(Ballot, ARecusedMemberIsOutOfTheCountEntirely) {
    auto four = of(4);
    vote(four, 2, 0, 0);
    EXPECT_EQ(result(four, 4), Result::deferred) << "2 of 4";
    ballot::recuse(four, "m4", "亲属", "self");
    EXPECT_EQ(result(four, 4), Result::passed) << "2 of 3";
    const auto counted = ballot::count(four, first(4), {});
    EXPECT_EQ(counted.entitled, 3);
    EXPECT_EQ(counted.present, 3) << "a recused person who sits there doesn't make the quorum";
}

TEST_F(Ballot, ARecusalStrikesTheVote) {
    auto three = of(3);
    vote(three, 2, 1, 0);
    EXPECT_EQ(result(three, 3), Result::passed);
    ballot::recuse(three, "m1", "亲属", "self");
    EXPECT_FALSE(ballot::has_voted(three, "m1"));
    EXPECT_EQ(ballot::count(three, first(3), {}).approve, 1);
    EXPECT_EQ(result(three, 3), Result::deferred);
}

TEST_F(Ballot, ALaterVoteReplacesTheEarlierOne) {
    auto three = of(3);
    vote(three, 2, 0, 0);
    ballot::keep_vote(three, "m2", "reject", "重新考虑", {7});
    const auto counted = ballot::count(three, first(3), {});
    EXPECT_EQ(counted.approve, 1);
    EXPECT_EQ(counted.reject, 1);
    EXPECT_EQ(three.at("votes").at("m2").at("at"), 7);
}

TEST_F(Ballot, AVoteOfWhoLeftTheMeetingStands) {
    auto four = of(4);
    vote(four, 3, 0, 0);
    const auto counted = ballot::count(four, first(2), {});
    EXPECT_EQ(counted.present, 2);
    EXPECT_EQ(counted.approve, 3);
    EXPECT_EQ(counted.result, Result::passed);
}

TEST_F(Ballot, StrangersAtTheMeetingDontMakeTheQuorum) {
    const auto counted = ballot::count(of(4), {"m1", "guest", "clerk"}, {});
    EXPECT_EQ(counted.present, 1);
    EXPECT_EQ(counted.result, Result::no_quorum);
}

TEST_F(Ballot, ASecretOneCountsTheBoxAndKnowsOnlyWhoVoted) {
    auto secret = of(3, true);
    ballot::keep_sealed_vote(secret, "m1");
    ballot::keep_sealed_vote(secret, "m1");
    ballot::keep_sealed_vote(secret, "m2");
    EXPECT_EQ(secret.at("voted"), Json({"m1", "m2"}));
    EXPECT_FALSE(secret.contains("votes"));
    const auto counted = ballot::count(secret, first(3), {{"approve", 2}});
    EXPECT_EQ(counted.approve, 2);
    EXPECT_EQ(counted.result, Result::passed);
    const auto record = ballot::closed(secret, counted, {9});
    EXPECT_FALSE(record.contains("votes"));
    EXPECT_EQ(record.at("voted"), Json({"m1", "m2"}));
    EXPECT_EQ(record.at("counts").at("approve"), 2);
    EXPECT_EQ(record.at("result"), "passed");
}

TEST_F(Ballot, ASecretOneThatIsVoidIsNotCounted) {
    auto secret = of(3, true);
    ballot::keep_sealed_vote(secret, "m1");
    EXPECT_EQ(ballot::count(secret, first(1), nullptr).result, Result::no_quorum);
    EXPECT_EQ(ballot::count(secret, first(2), nullptr).result, Result::votes_lost);
    // The form that events of former versions have.
    EXPECT_EQ(ballot::count(secret, first(1), {{"approve", 1}}).approve, 1);
    EXPECT_EQ(ballot::count(secret, first(1), {{"approve", 1}}).result, Result::no_quorum);
    EXPECT_EQ(ballot::count(secret, first(1), Json::object()).result, Result::votes_lost);
}

TEST_F(Ballot, TheRulesAreTheDistricts) {
    auto nine = of(9);
    nine["pass"] = {2, 3};
    vote(nine, 6, 3, 0);
    EXPECT_EQ(result(nine, 9), Result::deferred) << "exactly two thirds";
    ballot::keep_vote(nine, "m7", "approve", "", {});
    EXPECT_EQ(result(nine, 9), Result::passed);
    nine["quorum"] = {2, 3};
    EXPECT_EQ(result(nine, 5), Result::no_quorum);
    EXPECT_EQ(result(nine, 6), Result::passed);
}

TEST_F(Ballot, TheRecordOfAClosedOneHasRecusalsAndNamedVotes) {
    auto three = of(3);
    vote(three, 1, 1, 0);
    ballot::recuse(three, "m3", "亲属", "self");
    const auto record = ballot::closed(three, ballot::count(three, first(2), {}), {9});
    EXPECT_EQ(record.at("recused"), Json({{{"person", "m3"}, {"by", "self"}}}));
    EXPECT_EQ(record.at("votes").at("m2").at("choice"), "reject");
    EXPECT_EQ(record.at("counts").at("electorate"), 3);
    EXPECT_EQ(record.at("counts").at("entitled"), 2);
    EXPECT_FALSE(record.contains("electorate"));
}

} // namespace
} // namespace cunmai::engine
