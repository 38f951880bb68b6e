// Timers: once, in order, never early, whatever happens to the server in between. The workflow is the leave request of
// docs/examples: it reminds the superior two days after it was asked for.
#include "adapters/app/background.hpp"
#include "docs/examples/leave_request.hpp"
#include "tests/support/demo_app.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {

namespace {

constexpr std::int64_t day = 86'400;
constexpr const char* village = "990100001201";

class Timers : public ::testing::Test {
  protected:
    void SetUp() override {
        teach();
        hold("v-990100001201", "employee");
        hold("s-990100001", "superior");
    }

    void teach() { // the program does not know this workflow
        app->registry.add(examples::leave_request());
        app->roles = engine::Roles({{"employee", engine::RoleInfo::Kind::acts, "village"},
                                    {"superior", engine::RoleInfo::Kind::acts, "village"}});
    }
    void hold(const std::string& login, const std::string& role) {
        const auto place = *app->places.find(village);
        app->people.add_grant({login + "-" + role, DemoApp::person(login), role, "", place.code, place.path, place.name,
                               app->clock.now(), engine::system_person});
    }
    engine::CaseId asks_for_leave() {
        return app.opens("v-990100001201", "leave_request", village, "request_leave",
                         {{"from_on", "2030-05-01"}, {"until_on", "2030-05-03"}});
    }
    std::int64_t version(const engine::CaseId& id) {
        const auto row = app->cases.row(id);
        return row ? row->version : 0;
    }

    DemoApp app;
};

TEST_F(Timers, FireOnceWhenTheyAreDueAndNotBefore) {
    const auto id = asks_for_leave();
    app.move_clock(2 * day - 60);
    EXPECT_EQ(settle(*app).timers, 0);
    app.move_clock(61);
    EXPECT_EQ(settle(*app).timers, 1);
    ASSERT_EQ(version(id), 2);
    EXPECT_EQ(app->cases.events(id).back().command, "remind");
    EXPECT_EQ(app->cases.events(id).back().actor, engine::system_person);
    EXPECT_EQ(app->inbox.unread(DemoApp::person("s-990100001")), 1);
    app.move_clock(30 * day);
    EXPECT_EQ(settle(*app).timers, 0);
    EXPECT_EQ(version(id), 2);
}

TEST_F(Timers, OfACaseThatMovedOnStaySilent) {
    const auto id = asks_for_leave();
    app.gives("v-990100001201", id, "withdraw");
    app.move_clock(3 * day);
    settle(*app);
    EXPECT_EQ(version(id), 2) << "withdrawn, not reminded";
}

TEST_F(Timers, AreCaughtUpWithAfterAWeekDown) {
    const auto first = asks_for_leave();
    app.move_clock(3600);
    const auto second = asks_for_leave();
    app.close();
    app.open(); // a demo server keeps its clock only when it was moved through its API
    app.move_clock(7 * day);
    teach();
    EXPECT_EQ(settle(*app).timers, 2);
    EXPECT_LE(app->cases.events(first).back().at, app->cases.events(second).back().at) << "oldest first";
    EXPECT_EQ(version(first), 2);
    EXPECT_EQ(version(second), 2);
}

TEST_F(Timers, HeldByAServerThatDiedFireWhenItsLeaseEnds) {
    const auto id = asks_for_leave();
    app.move_clock(3 * day);
    EXPECT_EQ(app->timers.claim(10, app->clock.now(), 60).size(), 1u); // … and then it is gone
    EXPECT_EQ(settle(*app).timers, 0);
    app.move_clock(61);
    EXPECT_EQ(settle(*app).timers, 1);
    EXPECT_EQ(version(id), 2);
}

} // namespace

} // namespace cunmai::test
