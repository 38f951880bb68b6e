// Periods hold on their first and on their last day, and not on the day before or after: delegations, rules with a day
// of their own, sessions. The clock of a demo server is moved to the last and to the first second of each of these
// days.
#include "adapters/services/administration.hpp"
#include "adapters/services/sign_in.hpp"
#include "engine/time.hpp"
#include "tests/support/demo_app.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {

namespace {

using engine::Date;
using engine::Instant;

constexpr const char* village = "990100001201";

class Periods : public ::testing::Test {
  protected:
    void go_to(Instant at) { app.move_clock((at.micros - app->clock.now().micros) / 1'000'000 + 1); }
    Date day(int from_now) const { return engine::add_days(*engine::parse_date(first_day_), from_now); }
    std::string text(int from_now) const { return engine::to_text(day(from_now)); }
    // The first and the last seconds of a day; two seconds are enough for a machine that is busy.
    void morning_of(int from_now) { go_to(engine::start_of_day(day(from_now))); }
    void evening_of(int from_now) { go_to(engine::start_of_day(day(from_now + 1)).plus_seconds(-60)); }

    bool may_nominate(const engine::CaseId& id) {
        const auto offers = app->service.offers(id, DemoApp::person("panel2"), DemoApp::person("s-990100001"));
        return offers && std::any_of(offers->offers.begin(), offers->offers.end(), [](const engine::Offer& offer) {
                   return offer.command == "nominate" && offer.by_role;
               });
    }
    engine::Outcome nominate(const engine::CaseId& id) {
        engine::CommandRequest request;
        request.case_id = id;
        request.expected_version = app->cases.row(id)->version;
        request.name = "nominate";
        request.payload = Json::object(); // not enough to nominate: what counts is who may try
        request.actor = DemoApp::person("panel2");
        request.on_behalf_of = DemoApp::person("s-990100001");
        request.idempotency_key = "key-" + std::to_string(++keys_);
        return app->service.execute(request);
    }

    DemoApp app;
    std::string first_day_ = app->today();
    int keys_ = 0;
};

TEST_F(Periods, ADelegationHoldsFromItsFirstDayToTheEndOfItsLast) {
    const auto id = app.opens("panel1", "village_lifecycle", village, "open_targeted", {{"reason", "示例"}});
    const auto given = administration::delegate(*app, DemoApp::person("s-990100001"), DemoApp::person("panel2"),
                                                "town_supervisor", text(2), text(4), "示例出差");
    ASSERT_TRUE(given.refusal.empty()) << engine::to_json(given.refusal).dump();
    const auto expect_in_force = [&](bool in_force, const std::string& when) {
        EXPECT_EQ(may_nominate(id), in_force) << when;
        EXPECT_EQ(nominate(id).kind == engine::Outcome::Kind::forbidden, !in_force) << when;
    };
    expect_in_force(false, "today");
    evening_of(1);
    expect_in_force(false, "the evening before");
    morning_of(2);
    expect_in_force(true, "the first morning");
    evening_of(4);
    expect_in_force(true, "the last evening");
    morning_of(5);
    expect_in_force(false, "the next day");
}

TEST_F(Periods, ADelegationBeginsTodayAtTheEarliestAndIsAtMostAsLongAsTheRuleSays) {
    const int days_max = app->rules.get("delegation_days_max").get<int>();
    const auto delegated = [&](int from, int until) {
        const auto given = administration::delegate(*app, DemoApp::person("s-990100001"), DemoApp::person("panel2"),
                                                    "town_supervisor", text(from), text(until), "示例");
        return given.refusal.empty() ? "" : given.refusal.reasons().front().code;
    };
    EXPECT_EQ(delegated(0, 0), "") << "one day";
    EXPECT_EQ(delegated(-1, 0), "in_the_past");
    EXPECT_EQ(delegated(1, 0), "ends_before_it_starts");
    EXPECT_EQ(delegated(0, days_max - 1), "") << "both days count";
    EXPECT_EQ(delegated(0, days_max), "delegation_too_long");
    EXPECT_EQ(delegated(3, days_max + 2), "");
    EXPECT_EQ(delegated(3, days_max + 3), "delegation_too_long");
}

TEST_F(Periods, ARuleWithADayHoldsFromThatMorning) {
    auto catalogue = app->rules.get("catalogue");
    const int version = catalogue.at("version").get<int>();
    catalogue["version"] = version + 1;
    catalogue["in_force_from"] = text(3);
    app->rules.set("catalogue", catalogue, {"x"}, app->clock.now());
    const auto in_force = [&] {
        Json inside;
        app->database.read([&](engine::Transaction& tx) { inside = tx.rule("catalogue"); });
        const auto outside = app->rules.get("catalogue");
        EXPECT_EQ(inside.at("version"), outside.at("version")) << "commands and pages";
        return outside.at("version").get<int>();
    };
    EXPECT_EQ(in_force(), version);
    evening_of(2);
    EXPECT_EQ(in_force(), version);
    morning_of(3);
    EXPECT_EQ(in_force(), version + 1);
}

TEST_F(Periods, AWorkItemIsDueOnItsDayAndOverdueOnTheNext) {
    const auto id = app.opens("panel1", "village_lifecycle", village, "open",
                              {{"self_check_due_on", text(5)}, {"screening_due_on", text(9)}});
    const auto counts = [&] { return app->cases.counts(app->viewer(DemoApp::person("v-990100001201")), app->today()); };
    const auto expect = [&](std::int64_t soon, std::int64_t overdue, const std::string& when) {
        EXPECT_EQ(counts().due_in_3_days, soon) << when;
        EXPECT_EQ(counts().overdue, overdue) << when;
    };
    evening_of(1);
    expect(0, 0, "four days before");
    morning_of(2);
    expect(1, 0, "three days before");
    evening_of(5);
    expect(1, 0, "on the day");
    morning_of(6);
    expect(0, 1, "on the next");
}

} // namespace

} // namespace cunmai::test
