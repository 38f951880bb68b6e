// Clocks that are wrong, jump, stand still for a week: a prescription's timers fire once each, in order, none early.
#include "db/cases/cases.hpp"
#include "db/service/documents.hpp"
#include "db/service/rules.hpp"
#include "tests/faults/ground.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cunmai::faults {
namespace {

using simulation::world;

constexpr std::int64_t hour = 3600, day = 24 * hour;

class ClockTest : public testing::TestWithParam<std::string> {
  protected:
    ClockTest() : ground(GetParam()) { ground.open(); }
    ~ClockTest() override { ground.close(); }

    static Instant noon(const std::string& date) {
        return engine::start_of_day(*engine::parse_date(date)).plus_seconds(12 * hour);
    }

    // A prescription that is in progress and due on that day, the child of a managed case.
    void issue(const std::string& today, const std::string& deadline) {
        ground.clock.set(noon(today));
        engine::CaseRow row;
        row.id = {"managed-1"};
        row.definition = "village_lifecycle";
        row.definition_version = world().registry.newest("village_lifecycle")->info().version;
        row.state = "managed";
        row.version = 1;
        row.place = world().places.at(world().villages.front());
        row.one_open_per_place = true;
        row.opened_at = row.updated_at = ground.clock.now();
        row.facts = {
            {"category", "economy"},
            {"plan", {{"programme", "示例"}}},
            {"posts", {{"commander", "dc1"}, {"supervisor", "ts1"}, {"coordinator", "vc-industry_supporter"}}}};
        ground.database().write([&](engine::Transaction& tx) { tx.insert(row); });
        ground.execute(command(row.id, 1, "issue_prescription", {{"problem", "示例问题"}}, "ts1", "k1"));
        for (const auto& one : ground.backend().cases())
            if (one.definition == "prescription") id = one.id;
        const auto outcome = ground.execute(command(id, ground.backend().row(id)->version, "issue",
                                                    {{"problem", "示例问题"},
                                                     {"task", "示例任务"},
                                                     {"deadline_on", deadline},
                                                     {"acceptance_criterion", "示例标准"},
                                                     {"responsible_person", "vo-001201"}},
                                                    "ts1", "k2"));
        ASSERT_EQ(outcome.kind, Outcome::Kind::accepted) << engine::to_json(outcome.refusal).dump();
    }

    // Claims and fires due timers as a server does.
    int fire_due() {
        int handled = 0;
        for (;;) {
            std::vector<engine::Firing> due;
            for (const auto& timer : db::Timers(ground.database()).claim(2, ground.clock.now(), 60))
                due.push_back({timer.case_id, timer.key, timer.command});
            if (due.empty()) return handled;
            if (handled > 10'000) throw std::runtime_error("timers without an end");
            handled += static_cast<int>(due.size());
            ground.service().fire_all(due, [](const engine::Firing& timer, const std::exception& error) {
                ADD_FAILURE() << timer.timer_key << ": " << error.what();
            });
        }
    }

    std::vector<std::string> fired() {
        std::vector<std::string> commands;
        for (const auto& event : db::Cases(ground.database()).events(id))
            if (event.actor == engine::system_person && event.request_id.rfind("timer:", 0) == 0)
                commands.push_back(event.command + ' ' + engine::to_local(event.at).substr(0, 10));
        return commands;
    }

    Ground ground;
    CaseId id;
};

using testing::ElementsAre;

TEST_P(ClockTest, AWeekDownFiresEverythingOnceAndInOrder) {
    issue("2025-03-01", "2025-03-20");
    ground.clock.set(noon("2025-04-30"));
    EXPECT_EQ(fire_due(), 3);
    EXPECT_THAT(fired(), ElementsAre("remind 2025-04-30", "fall_overdue 2025-04-30", "escalate 2025-04-30"));
    EXPECT_EQ(fire_due(), 0);
}

TEST_P(ClockTest, NoneIsEarlyByASecond) {
    issue("2025-03-01", "2025-03-20"); // reminded on the 13th, overdue from the 21st, escalated on the 27th
    for (const std::string date : {"2025-03-13", "2025-03-21", "2025-03-27"}) {
        const auto start = engine::start_of_day(*engine::parse_date(date));
        ground.clock.set(start.plus_seconds(-1));
        EXPECT_EQ(fire_due(), 0) << date;
        ground.clock.set(start);
        EXPECT_EQ(fire_due(), 1) << date;
    }
    EXPECT_THAT(fired(), ElementsAre("remind 2025-03-13", "fall_overdue 2025-03-21", "escalate 2025-03-27"));
}

TEST_P(ClockTest, AClockThatGoesBackAndForthFiresNothingTwice) {
    issue("2025-03-01", "2025-03-20");
    ground.clock.set(noon("2025-03-13"));
    EXPECT_EQ(fire_due(), 1);
    for (const auto jump : {-hour, hour, -day, day, day, -day, -hour, hour}) {
        ground.clock.forward(jump);
        EXPECT_EQ(fire_due(), 0);
    }
    EXPECT_THAT(fired(), ElementsAre("remind 2025-03-13"));
    ground.clock.set(noon("2025-03-21"));
    EXPECT_EQ(fire_due(), 1);
    EXPECT_EQ(fired().size(), 2U);
}

// A timer is claimed while the clock is ahead and fired after the clock was set right: it is neither early nor lost.
TEST_P(ClockTest, AClockSetBackBetweenClaimAndFiring) {
    issue("2025-03-01", "2025-03-20");
    const auto due_at = engine::start_of_day(*engine::parse_date("2025-03-13"));
    ground.clock.set(due_at.plus_seconds(hour / 2));
    const auto claimed = db::Timers(ground.database()).claim(5, ground.clock.now(), 60);
    ASSERT_EQ(claimed.size(), 1U);
    ground.clock.set(due_at.plus_seconds(-hour / 2));
    ground.service().fire_all(
        {{claimed[0].case_id, claimed[0].key, claimed[0].command}},
        [](const engine::Firing&, const std::exception& error) { ADD_FAILURE() << error.what(); });
    EXPECT_THAT(fired(), testing::IsEmpty());
    ground.clock.set(due_at.plus_seconds(hour));
    EXPECT_EQ(fire_due(), 1);
    EXPECT_THAT(fired(), ElementsAre("remind 2025-03-13"));
}

TEST_P(ClockTest, TheDayThatOnlyLeapYearsHave) {
    issue("2028-02-10", "2028-02-28"); // overdue from the 29th
    ground.clock.set(engine::start_of_day(*engine::parse_date("2028-02-29")).plus_seconds(-1));
    fire_due();
    EXPECT_THAT(fired(), ElementsAre("remind 2028-02-28"));
    ground.clock.set(engine::start_of_day(*engine::parse_date("2028-02-29")));
    EXPECT_EQ(fire_due(), 1);
    EXPECT_EQ(fired().back(), "fall_overdue 2028-02-29");
    ground.clock.set(noon("2028-03-06"));
    EXPECT_EQ(fire_due(), 1);
    EXPECT_EQ(fired().back(), "escalate 2028-03-06");
}

// Former versions had a setting for the time zone that timers did not follow, so that they were refused until midnight
// in that zone.
TEST_P(ClockTest, TheDayBeginsWhereTheTimersSayWhateverWasSetOnce) {
    issue("2025-03-01", "2025-03-20");
    db::Rules(ground.database()).set("utc_offset_minutes", 7 * 60, {"root"}, ground.clock.now());
    ground.clock.set(engine::start_of_day(*engine::parse_date("2025-03-13")));
    EXPECT_EQ(fire_due(), 1);
    EXPECT_THAT(fired(), ElementsAre("remind 2025-03-13"));
}

// A server dies while it holds a timer: another one gets it when the lease is over, not before.
TEST_P(ClockTest, AServerThatDiesWithATimerInHand) {
    issue("2025-03-01", "2025-03-20");
    ground.clock.set(noon("2025-03-13"));
    EXPECT_EQ(db::Timers(ground.database()).claim(5, ground.clock.now(), 60).size(), 1U);
    EXPECT_EQ(fire_due(), 0);
    ground.clock.forward(61);
    EXPECT_EQ(fire_due(), 1);
    EXPECT_EQ(fired().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Store, ClockTest, testing::Values("sqlite", "mariadb"),
                         [](const auto& test) { return test.param; });

} // namespace
} // namespace cunmai::faults
