// Rounds: one receipt per village, nothing opened twice, progress town by town. And the demo clock.
#include "tests/integration/api/district.hpp"

#include "engine/time.hpp"

#include <gtest/gtest.h>

namespace cunmai::test {
namespace {

std::string in_days(int days) {
    return engine::to_text(engine::add_days(*engine::parse_date(District::the().app().today()), days));
}

Json round_of(const std::string& place) {
    return {{"place", place},
            {"title", "示例摸排批次"},
            {"self_check_due_on", in_days(15)},
            {"screening_due_on", in_days(30)},
            {"review_due_on", in_days(50)}};
}

TEST(Rounds, OpenACasePerVillageAndPassOverThoseThatHaveOne) {
    const auto existing = case_in("self_check", village_a);
    auto body = round_of(district_a);
    body["towns"] = {town_a};
    const auto key = fresh_key();
    const auto before = as("panel")
                            .get(std::string("/cases?definition=village_lifecycle&status=open&place=") + village_a2)
                            .json()
                            .at("items");
    const auto opened = as("panel").post("/rounds", body, {{"Idempotency-Key", key}});
    ASSERT_EQ(opened.status, 201) << opened.body;
    std::map<std::string, Json> receipts;
    for (const auto& receipt : opened.list("receipts")) receipts[receipt.at("place_code")] = receipt;
    ASSERT_EQ(receipts.size(), 2U);
    EXPECT_EQ(receipts.at(village_a).at("passed_over"), "already_open");
    if (before.empty()) { EXPECT_TRUE(receipts.at(village_a2).at("case_id").is_string()); }

    const auto again = as("panel").post("/rounds", body, {{"Idempotency-Key", key}});
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.json().at("receipts"), opened.json().at("receipts"));
    EXPECT_EQ(again.json().at("case_id"), opened.json().at("case_id"));

    const std::string id = opened.json().at("case_id");
    const auto progress = as("panel").get("/rounds/" + id).json();
    EXPECT_EQ(progress.at("case").at("title"), "示例摸排批次");
    std::int64_t count = 0;
    for (const auto& one : progress.at("progress")) count += one.at("count").get<std::int64_t>();
    EXPECT_EQ(count, before.empty() ? 1 : 0);
}

TEST(Rounds, AreRefusedToOthersAndWithBadDates) {
    EXPECT_EQ(as("secretary").post("/rounds", round_of(district_a), {{"Idempotency-Key", fresh_key()}}).status, 403);
    EXPECT_EQ(as("s-a").post("/rounds", round_of(district_a), {{"Idempotency-Key", fresh_key()}}).status,
              404); // not their district
    EXPECT_EQ(as("panel").post("/rounds", round_of(district_x), {{"Idempotency-Key", fresh_key()}}).status, 404);
    auto body = round_of(district_a);
    body["screening_due_on"] = in_days(1);
    EXPECT_EQ(as("panel").post("/rounds", body, {{"Idempotency-Key", fresh_key()}}).status, 422);
    body = round_of(district_a);
    body["towns"] = {town_x};
    EXPECT_TRUE(as("panel").post("/rounds", body, {{"Idempotency-Key", fresh_key()}}).has_reason("unknown_place"));
    body["towns"] = Json::array();
    body.erase("review_due_on");
    EXPECT_EQ(as("panel").post("/rounds", body, {{"Idempotency-Key", fresh_key()}}).status, 422);
}

TEST(DemoClock, MovesForwardsOnly) {
    const auto before = as("panel").get("/demo/clock").json();
    const auto moved = as("panel").put("/demo/clock", {{"advance_days", 1}});
    ASSERT_EQ(moved.status, 200) << moved.body;
    EXPECT_GT(moved.json().at("today"), before.at("today"));
    District::the().forget_tokens(); // sessions age with the clock
    EXPECT_TRUE(as("panel").put("/demo/clock", {{"now", before.at("now")}}).has_reason("clock_backwards"));
    EXPECT_TRUE(as("panel").put("/demo/clock", {{"now", "2199-01-01T00:00:00Z"}}).has_reason("clock_too_far"));
    EXPECT_EQ(as("panel").put("/demo/clock", {{"now", "yesterday"}}).status, 422);
    EXPECT_EQ(as("panel").put("/demo/clock", {{"advance_days", 0}}).status, 422);
    EXPECT_EQ(as("panel").post("/demo/settle", nullptr).status, 200);
}

TEST(DemoClock, IsRefusedByAServerThatIsNoDemo) {
    auto& app = District::the().app();
    app.config.demo = false;
    EXPECT_EQ(as("panel").put("/demo/clock", {{"advance_days", 1}}).status, 403);
    EXPECT_EQ(as("panel").get("/demo/clock").status, 403);
    EXPECT_EQ(as("panel").post("/demo/settle", nullptr).status, 403);
    app.config.demo = true;
}

TEST(Notifications, ArriveAfterTheCommandAndAreReadOnce) {
    const auto id = case_in("town_screening", village_a);
    as("panel").post("/demo/settle", nullptr);
    const auto list = as("s-a").get("/notifications?limit=100&unread=true").json();
    std::string notice;
    for (const auto& item : list.at("items"))
        if (item.at("case_id") == id) notice = item.at("id");
    ASSERT_FALSE(notice.empty()) << list.dump();
    const auto unread = list.at("unread").get<int>();
    EXPECT_EQ(as("s-b").post("/notifications/" + notice + "/read", nullptr).status, 204); // not theirs: nothing happens
    EXPECT_EQ(as("s-a").get("/notifications").json().at("unread"), unread);
    EXPECT_EQ(as("s-a").post("/notifications/" + notice + "/read", nullptr).status, 204);
    EXPECT_EQ(as("s-a").get("/notifications").json().at("unread"), unread - 1);
    EXPECT_EQ(as("s-a").post("/notifications/read", nullptr).status, 204);
    EXPECT_EQ(as("s-a").get("/notifications").json().at("unread"), 0);
}

} // namespace
} // namespace cunmai::test
