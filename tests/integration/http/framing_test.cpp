// trust.md §3: what Poco lets through is refused, and no body is ever run as the next request.
#include "tests/integration/http/server_fixture.hpp"

#include "adapters/http/wire/framing.hpp"

#include <gmock/gmock.h>

#include <random>

namespace cunmai::test {

namespace {

class Framing : public HttpTest {};

TEST_F(Framing, FaultyHeadsAreRefusedAndTheConnectionEnds) {
    struct Case {
        const char* what;
        std::string bytes;
        int status;
    };
    const std::string post = "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    const std::string get = "GET /hello HTTP/1.1\r\n";
    const std::vector<Case> cases{
        {"Content-Length twice, the same", post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400},
        {"Content-Length twice, different", post + "Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}", 400},
        {"Content-Length as a list", post + "Content-Length: 2, 2\r\n\r\n{}", 400},
        {"Content-Length with a plus", post + "Content-Length: +2\r\n\r\n{}", 400},
        {"Content-Length negative", post + "Content-Length: -1\r\n\r\n{}", 400},
        {"Content-Length in hex", post + "Content-Length: 0x2\r\n\r\n{}", 400},
        {"Content-Length empty", post + "Content-Length:\r\n\r\n{}", 400},
        {"Content-Length beyond any number", post + "Content-Length: 99999999999999999999\r\n\r\n{}", 400},
        {"Content-Length and Transfer-Encoding",
         post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"Transfer-Encoding chunked", post + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411},
        {"a chunk with an extension", post + "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n", 411},
        {"a chunk beyond any number", post + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{}", 411},
        {"a trailer", post + "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 2\r\n\r\n{}", 411},
        {"a chunk that hides a request",
         post + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nPOST /api/v1/echo HTTP/1.1\r\nHost: a\r\n\r\n", 411},
        {"Transfer-Encoding chunked twice", post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 501},
        {"Transfer-Encoding folded", post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400},
        {"Transfer-Encoding behind a control", post + "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n", 400},
        {"Transfer-Encoding empty", post + "Transfer-Encoding:\r\nContent-Length: 2\r\n\r\n{}", 400},
        {"Transfer-Encoding unknown", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
        {"Transfer-Encoding twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n", 400},
        {"Transfer-Encoding in HTTP/1.0", "POST /api/v1/echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        {"space before the colon", post + "Content-Length : 2\r\n\r\n{}", 400},
        {"bare LF after a header", get + "Host: a\n\r\n\r\n", 400},
        {"bare LF everywhere", "GET /hello HTTP/1.1\nHost: a\n\n", 400},
        {"bare CR in a value", get + "Host: a\r\nX-A: b\rc\r\n\r\n", 400},
        {"CR CR LF", get + "Host: a\r\r\n\r\n", 400},
        {"a tab before the colon", post + "Content-Length\t: 2\r\n\r\n{}", 400},
        {"Content-Length with a letter behind", post + "Content-Length: 2a\r\n\r\n{}", 400},
        {"NUL in a value", get + std::string("Host: a\r\nX-A: b\0c\r\n\r\n", 21), 400},
        {"folded line", get + "Host: a\r\nX-A: b\r\n c\r\n\r\n", 400},
        {"a line without a colon", get + "Host: a\r\nnonsense\r\n\r\n", 400},
        {"an empty name", get + "Host: a\r\n: b\r\n\r\n", 400},
        {"no Host", get + "X-A: b\r\n\r\n", 400},
        {"Host twice", get + "Host: a\r\nHost: b\r\n\r\n", 400},
        {"Host with a path", get + "Host: a/b\r\n\r\n", 400},
        {"HTTP/9.9", "GET /hello HTTP/9.9\r\nHost: a\r\n\r\n", 400},
        {"HTTP/1.1 in lower case", "GET /hello http/1.1\r\nHost: a\r\n\r\n", 400},
        {"no version", "GET /hello\r\nHost: a\r\n\r\n", 400},
        {"a space in the target", "GET /hel lo HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"absolute target", "GET http://a/hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"the target of OPTIONS", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"the target of CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"fragment in the target", "GET /hello#x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"bytes above ASCII in the target", "GET /\xE6\x9D\x91 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"a TLS greeting", std::string("\x16\x03\x01\x02\x00\x01\x00\x01", 8), 400},
        {"an empty line first", "\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"an unknown expectation", post + "Expect: miracles\r\nContent-Length: 2\r\n\r\n{}", 417},
        {"Authorization twice", get + "Host: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", 400},
        {"a long target", "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
        {"a long header", get + "Host: a\r\nX-A: " + std::string(9000, 'a') + "\r\n\r\n", 431},
        {"endless headers", get + "Host: a\r\nX-A: " + std::string(70'000, 'a'), 431},
    };
    for (const auto& one : cases) {
        SCOPED_TRACE(one.what);
        Wire wire(server->port());
        wire.send(one.bytes);
        const auto reply = wire.read();
        EXPECT_EQ(reply.status, one.status);
        EXPECT_TRUE(reply.closed);
        EXPECT_EQ(reply.header("content-type"), "application/problem+json; charset=utf-8");
        EXPECT_EQ(reply.header("x-content-type-options"), "nosniff");
        EXPECT_FALSE(reply.code().empty()) << reply.body;
        EXPECT_TRUE(wire.at_end());
    }
    EXPECT_EQ(changes_made(), 0);
}

// Whatever bytes come: no crash, and a head that is taken has one meaning.
TEST(Head, OfRandomBytesIsRefusedOrUnambiguous) {
    const std::string good =
        "POST /api/v1/x?y=1 HTTP/1.1\r\nHost: a.example:80\r\nContent-Type: application/json\r\nContent-Length: 12\r\n"
        "Transfer-Encoding: chunked\r\nX-Other: b\r\nExpect: 100-continue\r\n\r\n";
    const std::string without_coding = "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\n";
    const std::vector<std::string> pieces{"\r\n",
                                          "\n",
                                          "\r",
                                          " ",
                                          ":",
                                          std::string(1, '\0'),
                                          "Content-Length: 5\r\n",
                                          "Host: b\r\n",
                                          "Transfer-Encoding: x\r\n",
                                          "\t",
                                          "+",
                                          "-1",
                                          "\xFF",
                                          "HTTP/1.1"};
    std::mt19937 random(20251122);
    const auto below = [&](std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
    };
    int taken = 0;
    for (int round = 0; round < 100'000; ++round) {
        auto text = round % 3 == 0 ? good : without_coding;
        for (auto edits = below(3); edits-- > 0;) {
            const auto at = below(text.size() - 4);
            switch (below(3)) {
            case 0: text.erase(at, 1 + below(4)); break;
            case 1: text.insert(at, pieces[below(pieces.size())]); break;
            default: text[at] = static_cast<char>(below(256));
            }
        }
        const auto read = http::read_head(text);
        const auto* head = std::get_if<http::Head>(&read);
        if (!head) continue;
        ++taken;
        std::map<std::string, int> times;
        for (const auto& [name, value] : head->fields) {
            ++times[name];
            ASSERT_EQ(value.find_first_of(std::string_view("\r\n\0", 3)), std::string::npos);
        }
        ASSERT_EQ(times.count("transfer-encoding"), 0u);
        ASSERT_LE(times["content-length"], 1);
        ASSERT_LE(times["host"], 1);
        ASSERT_GE(head->content_length, 0);
        ASSERT_EQ(head->target.front(), '/');
    }
    EXPECT_GT(taken, 1000); // the test does not refuse everything
}

TEST_F(Framing, ARequestMayComeInPieces) {
    const std::string text =
        "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}";
    Wire wire(server->port());
    for (const char byte : text) wire.send(std::string_view(&byte, 1));
    EXPECT_EQ(wire.read().json()["got"]["a"], 1);
    for (const char byte : text) wire.send(std::string_view(&byte, 1));
    EXPECT_EQ(wire.read().json()["got"]["a"], 1);
}

TEST_F(Framing, ManyHeadersAreRefused) {
    std::string bytes = "GET /hello HTTP/1.1\r\nHost: a\r\n";
    for (int line = 0; line < 200; ++line) bytes += "X-" + std::to_string(line) + ": a\r\n";
    EXPECT_EQ(raw(bytes + "\r\n").status, 431);
}

TEST_F(Framing, ABodyThatNobodyReadIsNotTheNextRequest) {
    Wire wire(server->port());
    const std::string smuggled = "GET /things/smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    wire.send("GET /things/first HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(smuggled.size()) +
              "\r\n\r\n" + smuggled + "GET /things/second HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(wire.read().json()["id"], "first");
    EXPECT_EQ(wire.read().json()["id"], "second");
}

TEST_F(Framing, ABodyThatWasRefusedIsNotTheNextRequest) {
    Wire wire(server->port());
    const std::string smuggled = "GET /things/smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    wire.send("POST /no/such/route HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(smuggled.size()) +
              "\r\n\r\n" + smuggled + "GET /things/second HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(wire.read().status, 404);
    const auto next = wire.read();
    EXPECT_EQ(next.json()["id"], "second");
}

TEST_F(Framing, ATruncatedBodyIsNotAnAction) {
    Wire wire(server->port());
    wire.send(
        "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{}");
    wire.end();
    const auto reply = wire.read();
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.code(), "body_truncated");
    EXPECT_EQ(changes_made(), 0);
}

TEST_F(Framing, PostWithoutLengthHasNoBodyAndDoesNotWaitForOne) {
    const auto reply = raw("POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\r\n");
    EXPECT_EQ(reply.code(), "json_invalid");
}

TEST_F(Framing, SlowClientsAreLetGo) {
    limits.head = std::chrono::milliseconds(300);
    limits.body = std::chrono::milliseconds(300);
    restart(false);
    EXPECT_EQ(raw("GET /hello HTTP/1.1\r\nHost: a\r\nX-Slow: ").status, 408);
    const auto body =
        raw("POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{");
    EXPECT_EQ(body.status, 408);
    EXPECT_EQ(changes_made(), 0);
}

TEST_F(Framing, ManySlowConnectionsDoNotStarveTheOthers) {
    std::vector<std::unique_ptr<Wire>> slow;
    for (int one = 0; one < 120; ++one) {
        slow.push_back(std::make_unique<Wire>(server->port()));
        slow.back()->send("GET /hello HTTP/1.1\r\nX");
    }
    EXPECT_EQ(get("/hello").status, 200);
}

TEST_F(Framing, AnIdleConnectionEnds) {
    limits.idle = std::chrono::milliseconds(200);
    restart(false);
    Wire wire(server->port());
    wire.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(wire.read().status, 200);
    EXPECT_TRUE(wire.at_end());
}

TEST_F(Framing, RequestsFollowEachOtherOnAConnection) {
    Wire wire(server->port());
    for (int one = 0; one < 20; ++one) {
        const auto body = "{\"n\":" + std::to_string(one) + "}";
        wire.send("POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: " +
                  std::to_string(body.size()) + "\r\n\r\n" + body);
        EXPECT_EQ(wire.read().json()["got"]["n"], one);
    }
}

TEST_F(Framing, ContinueIsSaidOnlyWhenTheBodyIsWanted) {
    {
        Wire wire(server->port());
        wire.send("POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nExpect: "
                  "100-continue\r\nContent-Length: 2\r\n\r\n");
        EXPECT_EQ(wire.read_until("\r\n\r\n").substr(0, 12), "HTTP/1.1 100");
        wire.send("{}");
        EXPECT_EQ(wire.read().status, 200);
    }
    Wire wire(server->port());
    wire.send("POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
    EXPECT_EQ(wire.read().status, 413);
    EXPECT_TRUE(wire.at_end());
}

TEST_F(Framing, HeadIsGetWithoutBody) {
    Wire wire(server->port());
    wire.send("HEAD /things/known HTTP/1.1\r\nHost: a\r\n\r\nGET /things/2 HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto head = wire.read(true);
    EXPECT_EQ(head.status, 200);
    EXPECT_GT(std::stoi(head.header("content-length")), 5000);
    EXPECT_EQ(wire.read().json()["id"], "2");
}

TEST_F(Framing, Http10IsAnsweredAndClosed) {
    Wire wire(server->port());
    wire.send("GET /hello HTTP/1.0\r\n\r\n");
    EXPECT_EQ(wire.read().status, 200);
    EXPECT_TRUE(wire.at_end());
}

TEST_F(Framing, StopFinishesWhatWasTaken) {
    Wire idle(server->port());
    idle.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(idle.read().status, 200);
    server->stop();
    EXPECT_TRUE(idle.at_end());
    EXPECT_THROW(Wire(server->port()), std::runtime_error);
}

} // namespace

} // namespace cunmai::test
