// There are deadlines for the whole head, the whole body and the whole answer: a client that sends or reads drop by
// drop is cut off like one that does nothing at all.
#include "tests/integration/http/server_fixture.hpp"

namespace cunmai::test {

namespace {

using std::chrono::milliseconds;

class Slow : public HttpTest {
  protected:
    // Sends a byte now and then, so that a time-out for a single read would never fire, until the server answers.
    static Reply drip(Wire& wire, char drop) {
        for (int drops = 0; drops < 5000 && !wire.hears_within(milliseconds(10)); ++drops)
            wire.send(std::string_view(&drop, 1));
        return wire.read();
    }
    bool no_connection_is_open() {
        return eventually([this] { return metric("cunmai_http_connections") == 0; });
    }
};

TEST_F(Slow, AHeadThatComesDropByDropHasADeadline) {
    limits.head = milliseconds(200);
    restart(false);
    Wire wire(server->port());
    wire.send("GET /hello HTTP/1.1\r\nHost: a\r\nX-Slow: ");
    const auto reply = drip(wire, 'a');
    EXPECT_EQ(reply.status, 408);
    EXPECT_EQ(reply.code(), "too_slow");
    EXPECT_TRUE(reply.closed);
    EXPECT_TRUE(no_connection_is_open());
}

TEST_F(Slow, ABodyThatComesDropByDropHasADeadlineAndIsNoAction) {
    limits.body = milliseconds(200);
    restart(false);
    Wire wire(server->port());
    wire.send(
        "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{");
    const auto reply = drip(wire, ' ');
    EXPECT_EQ(reply.status, 408);
    EXPECT_EQ(reply.code(), "too_slow");
    EXPECT_TRUE(reply.closed);
    EXPECT_TRUE(no_connection_is_open());
    EXPECT_EQ(changes_made(), 0);
}

TEST_F(Slow, AnUploadThatStopsHasADeadlineAndIsNoAction) {
    limits.body = milliseconds(200);
    restart(false);
    add_person("a");
    const auto program = as_program(signed_in("a", "bearer"));
    const auto reply = raw("POST /api/v1/upload HTTP/1.1\r\nHost: a\r\n" + lines_of(program) +
                           "Content-Length: 4000\r\n\r\nfirst bytes");
    EXPECT_EQ(reply.status, 408);
    EXPECT_EQ(changes_made(), 0);
}

// The time that a slow line may take counts from bytes that came, not from those that were announced; bytes that came
// at once give no time to be idle in afterwards.
TEST_F(Slow, WhatIsAnnouncedGivesNoTime) {
    limits.body = milliseconds(200);
    restart(false);
    add_person("a");
    const auto program = as_program(signed_in("a", "bearer"));
    for (const std::size_t sent : {0, 3'000'000}) {
        const auto began = std::chrono::steady_clock::now();
        Wire wire(server->port());
        wire.send("POST /api/v1/upload HTTP/1.1\r\nHost: a\r\n" + lines_of(program) +
                  "Content-Length: 20000000\r\n\r\n" + std::string(sent, 'x'));
        EXPECT_EQ(wire.read().status, 408);
        EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10)) << sent;
    }
    EXPECT_EQ(changes_made(), 0);
}

// A line of 40 KiB a second is slow, and good enough for ever.
TEST_F(Slow, ABodyThatKeepsComingIsTaken) {
    limits.body = milliseconds(500);
    restart(false);
    add_person("a");
    constexpr std::size_t piece = 4096, pieces = 12;
    Wire wire(server->port());
    wire.send("POST /api/v1/upload HTTP/1.1\r\nHost: a\r\n" + lines_of(as_program(signed_in("a", "bearer"))) +
              "Content-Length: " + std::to_string(piece * pieces) + "\r\n\r\n");
    for (std::size_t one = 0; one < pieces; ++one) {
        EXPECT_FALSE(wire.hears_within(milliseconds(100)));
        wire.send(std::string(piece, 'x'));
    }
    EXPECT_EQ(wire.read().json()["size"], piece * pieces);
}

TEST_F(Slow, AReaderWhoReadsGetsEverything) {
    Wire wire(server->port(), "127.0.0.1", 4096);
    wire.send("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(wire.read(true).header("content-length"), std::to_string(large_bytes));
    EXPECT_EQ(wire.rest(), large_bytes);
}

TEST_F(Slow, AReaderWhoDoesNotReadIsLetGo) {
    limits.answer = milliseconds(200);
    restart(false);
    Wire wire(server->port(), "127.0.0.1", 4096);
    wire.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(eventually([&] { return metric("cunmai_http_connections") == 1; }));
    EXPECT_TRUE(no_connection_is_open()); // the thread is free, though the client has not read a byte
    EXPECT_LT(wire.rest(), large_bytes);
    EXPECT_EQ(get("/hello").status, 200);
}

TEST_F(Slow, ManyWhoDoNotReadDoNotStarveTheOthers) {
    auto config = app->config;
    config.threads = 2;
    start(config);
    std::vector<std::unique_ptr<Wire>> deaf;
    for (int one = 0; one < 12; ++one) {
        deaf.push_back(std::make_unique<Wire>(server->port(), "127.0.0.1", 4096));
        deaf.back()->send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    EXPECT_EQ(get("/hello").status, 200); // sending takes no seat
}

} // namespace

} // namespace cunmai::test
