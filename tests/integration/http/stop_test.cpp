// A stop finishes everything accepted: requests under way, bodies that are still coming, connections already made.
#include "tests/integration/http/server_fixture.hpp"

#include <future>

namespace cunmai::test {

namespace {

class Stopping : public HttpTest {
  protected:
    // Begins the stop and returns when no new client is let in.
    std::future<void> begin_stop() {
        const int port = server->port();
        auto stopped = std::async(std::launch::async, [this] { server->stop(); });
        EXPECT_TRUE(eventually([&] {
            try {
                Wire late(port);
                return late.at_end(); // it had connected before the stop, and is silent
            } catch (const std::runtime_error&) { return true; }
        }));
        return stopped;
    }
    static bool is_over(const std::future<void>& stopped) {
        return stopped.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    }
};

TEST_F(Stopping, ARequestUnderWayIsAnswered) {
    Wire wire(server->port());
    wire.send("POST /api/v1/wait HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    gate().wait_for(1);
    auto stopped = begin_stop();
    EXPECT_FALSE(is_over(stopped));
    gate().open();
    const auto reply = wire.read();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.json()["waited"], true);
    EXPECT_TRUE(reply.closed); // so that the client does not send another request
    EXPECT_TRUE(wire.at_end());
    stopped.get();
    EXPECT_EQ(changes_made(), 1);
    EXPECT_THROW(Wire(server->port()), std::runtime_error);
}

TEST_F(Stopping, ABodyThatIsStillComingIsReadToItsEndAndAnswered) {
    Wire wire(server->port());
    wire.send(
        "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\"");
    EXPECT_TRUE(eventually([&] { return metric("cunmai_http_connections_working") == 1; }));
    auto stopped = begin_stop();
    EXPECT_FALSE(is_over(stopped));
    wire.send(":1}");
    const auto reply = wire.read();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.json()["got"]["a"], 1);
    stopped.get();
    EXPECT_EQ(changes_made(), 1);
}

// Otherwise a large body on a slow line could delay the stop for over an hour.
TEST_F(Stopping, ABodyThatDoesNotEndIsNotWaitedForLong) {
    limits.stopping = std::chrono::milliseconds(500);
    start(app->config);
    add_person("a");
    Wire wire(server->port());
    wire.send("POST /api/v1/upload HTTP/1.1\r\nHost: a\r\n" + lines_of(as_program(signed_in("a", "bearer"))) +
              "Content-Length: 20000000\r\n\r\nsome");
    EXPECT_TRUE(eventually([&] { return metric("cunmai_http_connections_working") == 1; }));
    auto stopped = begin_stop();
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(wire.read().status, 408);
    stopped.get();
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
    EXPECT_EQ(changes_made(), 0);
}

TEST_F(Stopping, WhoWaitsForASeatIsAnswered) {
    auto config = app->config;
    config.threads = 1;
    start(config);
    const std::string change = "POST /api/v1/wait HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    Wire first(server->port()), second(server->port());
    first.send(change);
    gate().wait_for(1);
    second.send(change);
    EXPECT_TRUE(eventually([&] { return metric("cunmai_http_waiting") == 1; }));
    auto stopped = begin_stop();
    gate().open();
    EXPECT_EQ(first.read().status, 200);
    EXPECT_EQ(second.read().status, 200);
    stopped.get();
    EXPECT_EQ(changes_made(), 2);
}

TEST_F(Stopping, AnIdleConnectionEndsAndHalfAHeadIsNoRequest) {
    Wire idle(server->port()), half(server->port());
    idle.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(idle.read().status, 200);
    half.send("POST /api/v1/echo HTTP/1.1\r\nHost: a\r\n");
    server->stop();
    EXPECT_TRUE(idle.at_end());
    EXPECT_TRUE(half.at_end());
    EXPECT_EQ(changes_made(), 0);
}

} // namespace

} // namespace cunmai::test
