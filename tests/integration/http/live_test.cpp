// Server-Sent Events.
#include "tests/integration/http/server_fixture.hpp"

#include "adapters/http/edge/cookies.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {

namespace {

using ::testing::HasSubstr;

class LiveEvents : public HttpTest {
  protected:
    void SetUp() override {
        limits.live.streams_per_person_max = 1000; // the caps: door_test.cpp
        HttpTest::SetUp();
        person = add_person("a");
        ticket = signed_in("a");
    }
    void notify(const std::string& id) {
        db::Notification notification;
        notification.id = id;
        notification.person = person;
        notification.topic = "example";
        notification.params = Json::object();
        notification.at = app->clock.now();
        app->inbox.add(notification, "outbox-" + id);
    }
    std::unique_ptr<Wire> listen() {
        auto wire = std::make_unique<Wire>(server->port());
        wire->send("GET /api/v1/events HTTP/1.1\r\nHost: " + host() +
                   "\r\nCookie: " + std::string(http::session_cookie_name) + "=" + ticket.token + "\r\n\r\n");
        const auto head = wire->read();
        EXPECT_EQ(head.status, 200);
        EXPECT_THAT(head.header("content-type"), HasSubstr("text/event-stream"));
        return wire;
    }
    engine::PersonId person;
    sign_in::Ticket ticket;
};

TEST_F(LiveEvents, TheNumberIsToldAtOnceAndWhenItChanges) {
    auto wire = listen();
    EXPECT_EQ(wire->read_until("\n\n"), "event: inbox\ndata: {\"unread\":0}\n\n");
    notify("1");
    EXPECT_EQ(wire->read_until("\n\n"), "event: inbox\ndata: {\"unread\":1}\n\n");
    app->inbox.mark_read(person, "");
    EXPECT_EQ(wire->read_until("\n\n"), "event: inbox\ndata: {\"unread\":0}\n\n");
}

TEST_F(LiveEvents, OpenStreamsHoldNoThread) {
    std::vector<std::unique_ptr<Wire>> streams;
    for (int one = 0; one < 300; ++one) streams.push_back(listen());
    EXPECT_EQ(get("/hello").status, 200);
    notify("1");
    for (auto& stream : streams) ASSERT_THAT(stream->read_until("\"unread\":1"), HasSubstr("\"unread\":1"));
}

TEST_F(LiveEvents, ManyArrivalsAreNotManyHeartbeats) {
    auto first = listen();
    std::vector<std::unique_ptr<Wire>> others;
    for (int one = 0; one < 40; ++one) others.push_back(listen());
    notify("1");
    EXPECT_EQ(first->read_until("\"unread\":1}\n\n").find("still here"), std::string::npos);
}

TEST_F(LiveEvents, AnIdleSessionHearsNoMore) {
    limits.live.heartbeat_every = std::chrono::milliseconds(20);
    restart(false);
    auto wire = listen();
    EXPECT_NE(wire->read_until("still here"), "");
    move_clock(app->config.session_idle_minutes * 60 + 1);
    EXPECT_TRUE(eventually([&] { return wire->read_until("\n\n").empty(); })); // the end
}

TEST_F(LiveEvents, StopEndsTheStreams) {
    auto wire = listen();
    wire->read_until("\n\n");
    server->stop();
    EXPECT_TRUE(wire->at_end());
}

TEST_F(LiveEvents, WhoAsksForTheHeadAloneHearsNothing) {
    Wire wire(server->port());
    const auto request = [&](const std::string& method, const std::string& path) {
        wire.send(method + " " + path + " HTTP/1.1\r\nHost: " + host() +
                  "\r\nCookie: " + std::string(http::session_cookie_name) + "=" + ticket.token + "\r\n\r\n");
    };
    request("HEAD", "/api/v1/events");
    EXPECT_EQ(wire.read(true).status, 200);
    request("GET", "/api/v1/me"); // the connection is still one
    EXPECT_EQ(wire.read().status, 200);
    EXPECT_EQ(metric("cunmai_live_streams"), 0);
}

TEST_F(LiveEvents, StrangersHearNothing) { EXPECT_EQ(get("/api/v1/events").status, 401); }

} // namespace

} // namespace cunmai::test
