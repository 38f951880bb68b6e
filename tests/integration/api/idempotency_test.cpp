// Repeating is safe: the same key with the same command gives the first answer, whatever happens at the same moment.
#include "engine/fingerprint.hpp"
#include "tests/integration/api/district.hpp"

#include <gtest/gtest.h>

#include <future>

namespace cunmai::test {
namespace {

std::int64_t version_of(const std::string& id) { return as("auditor").get("/cases/" + id).json().at("version"); }

TEST(Idempotency, AReplayGivesTheFirstAnswerAndDoesNothing) {
    const auto id = case_in("town_screening", village_a);
    const Json payload{{"category", "disputes"}, {"study_record", "示例"}};
    const auto key = fresh_key();
    const auto first = as("s-a").give_at(2, id, "nominate", payload, key);
    const auto again = as("s-a").give_at(2, id, "nominate", payload, key);
    EXPECT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_FALSE(first.json().at("replayed"));
    EXPECT_TRUE(again.json().at("replayed"));
    EXPECT_EQ(again.json().at("version"), 3);
    EXPECT_EQ(version_of(id), 3);
}

TEST(Idempotency, TheSameKeyWithAnotherBodyIsAnError) {
    const auto id = case_in("town_screening", village_a);
    const auto key = fresh_key();
    EXPECT_EQ(as("s-a").give_at(2, id, "nominate", {{"category", "disputes"}, {"study_record", "示例"}}, key).status,
              200);
    const auto other = as("s-a").give_at(2, id, "nominate", {{"category", "economy"}, {"study_record", "示例"}}, key);
    EXPECT_EQ(other.status, 422);
    EXPECT_EQ(other.code(), "key_reused");
    EXPECT_EQ(version_of(id), 3);
}

TEST(Idempotency, ARefusalStaysOneWhenItsCauseIsGone) {
    const auto id = case_in("self_check", village_a);
    const auto content = some_pdf("minutes that come later");
    const Json payload{{"minutes", sha256_hex(content)}, {"reason", "示例"}};
    const auto key = fresh_key();
    const auto end = [&](const std::string& under) { return as("panel").give_at(1, id, "terminate", payload, under); };
    const auto first = end(key);
    EXPECT_EQ(first.status, 422);
    EXPECT_TRUE(first.has_reason("document_unknown")) << first.body;
    as("panel").upload("minutes.pdf", "application/pdf", content);
    const auto again = end(key);
    EXPECT_EQ(again.status, 422);
    EXPECT_EQ(again.json().at("reasons"), first.json().at("reasons"));
    EXPECT_EQ(version_of(id), 1);
    EXPECT_EQ(end(fresh_key()).status, 200);
}

TEST(Idempotency, OpeningTwiceWithOneKeyOpensOneCase) {
    const auto ended = case_in("self_check", village_a); // opening it has ended the village's former case
    const auto minutes = as("panel").upload("minutes.pdf", "application/pdf", some_pdf("minutes"));
    as("panel").give(ended, "terminate", {{"minutes", minutes}, {"reason", "示例"}});
    const Json body{{"definition", "village_lifecycle"}, {"place", village_a}, {"payload", Json::object()}};
    const auto key = fresh_key();
    const auto first = as("panel").post("/cases", body, {{"Idempotency-Key", key}});
    const auto again = as("panel").post("/cases", body, {{"Idempotency-Key", key}});
    EXPECT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(again.status, 201) << again.body;
    EXPECT_EQ(first.json().at("case_id"), again.json().at("case_id"));
    const auto other = as("panel").post("/cases", body, {{"Idempotency-Key", fresh_key()}});
    EXPECT_EQ(other.status, 422);
    EXPECT_TRUE(other.has_reason("already_open")) << other.body;
}

TEST(Idempotency, ADoubleClickHasOneEffect) {
    for (int round = 0; round < 5; ++round) {
        const auto id = case_in("town_screening", village_a);
        const auto key = fresh_key();
        const auto click = [&] {
            return as("s-a").give_at(2, id, "nominate", {{"category", "disputes"}, {"study_record", "示例"}}, key);
        };
        District::the().token("s-a");
        auto other = std::async(std::launch::async, click);
        const auto one = click(), two = other.get();
        EXPECT_EQ(one.status, 200) << one.body;
        EXPECT_EQ(two.status, 200) << two.body;
        EXPECT_NE(one.json().at("replayed"), two.json().at("replayed"));
        EXPECT_EQ(version_of(id), 3);
    }
}

TEST(Conflicts, TheSecondOfTwoOfficersIsToldTheCurrentVersion) {
    const auto id = case_in("department_review", village_a);
    const Json reason{{"reason", "示例"}};
    District::the().token("panel");
    District::the().token("panel-2");
    auto other = std::async(std::launch::async,
                            [&] { return as("panel-2").give_at(3, id, "return_to_town", reason, fresh_key()); });
    const auto one = as("panel").give_at(3, id, "return_to_town", reason, fresh_key());
    const auto two = other.get();
    const auto& lost = one.status == 409 ? one : two;
    EXPECT_EQ(std::min(one.status, two.status), 200) << one.body << two.body;
    EXPECT_EQ(lost.status, 409) << lost.body;
    EXPECT_EQ(lost.json().at("version"), 4);
    EXPECT_EQ(lost.json().at("state"), "town_screening");
    EXPECT_EQ(lost.header("ETag"), "\"4\"");
}

TEST(Conflicts, AStalePageIsToldSo) {
    const auto id = case_in("department_review", village_a);
    const auto stale = as("panel").give_at(1, id, "return_to_town", {{"reason", "示例"}}, fresh_key());
    EXPECT_EQ(stale.status, 409);
    EXPECT_EQ(stale.json().at("version"), 3);
    EXPECT_EQ(version_of(id), 3);
}

} // namespace
} // namespace cunmai::test
