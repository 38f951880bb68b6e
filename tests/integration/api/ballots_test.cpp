// A ballot through the API, from the meeting to the result. With a secret ballot nobody can read who chose what,
// neither while it is open nor after it was closed.
#include "tests/integration/api/objects.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {
namespace {

void done(const Answer& answer) { ASSERT_THAT(answer.status, testing::AnyOf(200, 201)) << answer.body; }

TEST(Ballots, ANamedOneShowsWhoChoseWhat) {
    const auto id = case_with_open_ballot(false);
    done(as("m1").give(id, "cast_vote", {{"choice", "approve"}}));
    const auto vote_of_m1 = [&](const char* reader) {
        return as(reader).get("/cases/" + id + "/ballots").json().at("open").at("votes").at(District::id("m1"));
    };
    EXPECT_EQ(vote_of_m1("m1").at("choice"), "approve");
    EXPECT_EQ(vote_of_m1("auditor").value("choice", "withheld"), "withheld");
    EXPECT_EQ(as("s-a").give(id, "cast_vote", {{"choice", "approve"}}).status, 403);
    done(as("m2").give(id, "cast_vote", {{"choice", "approve"}}));
    const auto early = as("secretary").give(id, "close_ballot", {{"minutes", "示例会议纪要"}});
    EXPECT_TRUE(early.has_reason("votes_outstanding")) << early.body;
    done(as("chair").give(id, "cast_vote", {{"choice", "approve"}}));
    done(as("secretary").give(id, "close_ballot", {{"minutes", "示例会议纪要"}}));
    const auto closed = as("auditor").get("/cases/" + id + "/ballots").json();
    EXPECT_TRUE(closed.at("open").is_null());
    EXPECT_EQ(closed.at("closed")[0].at("result"), "passed");
    EXPECT_EQ(closed.at("closed")[0].at("votes").at(District::id("m1")).at("choice"), "approve");
    EXPECT_EQ(as("m1").give(id, "cast_vote", {{"choice", "reject"}, {"reason", "示例"}}).status, 422); // it is over
}

TEST(Ballots, OfASecretOneNoChoiceIsEverToBeSeen) {
    const auto id = case_with_open_ballot(true);
    done(as("m1").give(id, "cast_vote", {{"choice", "reject"}}));
    done(as("m2").give(id, "cast_vote", {{"choice", "approve"}}));
    const auto nothing_to_see = [&] {
        for (const auto* who : {"auditor", "chair", "secretary", "m1", "m2"})
            for (const auto* part : {"", "/ballots", "/history?limit=100", "/commands", "/refusals"}) {
                const auto answer = as(who).get("/cases/" + id + part);
                EXPECT_EQ(answer.body.find("\"choice\":\"reject\""), std::string::npos) << who << part;
                EXPECT_EQ(answer.body.find("\"choice\":\"approve\""), std::string::npos) << who << part;
            }
    };
    nothing_to_see();
    const auto open = as("auditor").get("/cases/" + id + "/ballots").json().at("open");
    EXPECT_THAT(open.at("voted"), testing::UnorderedElementsAre(District::id("m1"), District::id("m2")));
    done(as("m1").give(id, "cast_vote", {{"choice", "approve"}})); // changed before it closes
    done(as("chair").give(id, "cast_vote", {{"choice", "approve"}}));
    done(as("secretary").give(id, "close_ballot", {{"minutes", "示例会议纪要"}}));
    nothing_to_see();
    const auto closed = as("auditor").get("/cases/" + id + "/ballots").json().at("closed")[0];
    EXPECT_EQ(closed.at("result"), "passed") << closed;
}

TEST(Ballots, AVoteIsNotInTheWayOfAnothersAndItsRepetitionTellsNothing) {
    const auto id = case_with_open_ballot(true);
    const auto version = as("m1").get("/cases/" + id).json().at("version").get<std::int64_t>();
    const auto key = fresh_key();
    done(as("m1").give_at(version, id, "cast_vote", {{"choice", "approve"}}, key));
    const auto second = as("m2").give_at(version, id, "cast_vote", {{"choice", "approve"}}, fresh_key());
    EXPECT_EQ(second.status, 200) << second.body;
    EXPECT_EQ(second.header("ETag"), '"' + std::to_string(version + 2) + '"');
    EXPECT_EQ(as("secretary").give_at(version, id, "close_ballot", {{"minutes", "示例"}}, fresh_key()).status, 409);
    const auto same = as("m1").give_at(version, id, "cast_vote", {{"choice", "approve"}}, key);
    const auto other = as("m1").give_at(version, id, "cast_vote", {{"choice", "reject"}}, key);
    EXPECT_EQ(same.status, 200) << same.body;
    EXPECT_EQ(same.json(), other.json());
    done(as("chair").give(id, "cast_vote", {{"choice", "approve"}}));
    done(as("secretary").give(id, "close_ballot", {{"minutes", "示例会议纪要"}}));
    EXPECT_EQ(as("m1").give_at(version, id, "cast_vote", {{"choice", "abstain"}}, key).json(), same.json());
}

TEST(Ballots, AVoteIsNeverGivenForAnother) {
    const auto id = case_with_open_ballot(false);
    const auto today = District::the().app().today();
    const auto given = as("m1").post("/delegations", {{"delegate", District::id("m2")},
                                                      {"role", "committee_member"},
                                                      {"from_on", today},
                                                      {"until_on", today},
                                                      {"reason", "示例"}});
    const auto version = as("m2").get("/cases/" + id).json().at("version").get<int>();
    const auto vote = as("m2").raw("POST", "/cases/" + id + "/commands/cast_vote", R"({"choice":"approve"})",
                                   {{"Content-Type", "application/json"},
                                    {"If-Match", '"' + std::to_string(version) + '"'},
                                    {"Idempotency-Key", fresh_key()},
                                    {"On-Behalf-Of", District::id("m1")}});
    EXPECT_EQ(vote.status, 403) << vote.body;
    EXPECT_TRUE(vote.has_reason("vote_not_delegable")) << vote.body;
    if (given.status == 201) {
        EXPECT_EQ(as("m1").remove("/delegations/" + given.json().at("id").get<std::string>()).status, 204);
    }
}

} // namespace
} // namespace cunmai::test
