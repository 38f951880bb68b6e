// trust.md §3: heads that Poco would accept are refused, and no body is ever treated as the next request.
#include "tests/integration/http/server_fixture.hpp"

#include "adapters/http/wire/framing.hpp"

#include <gmock/gmock.h>

#include <random>
#include <sstream>

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
        {"a chunk with an extension", post + "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n", 400},
        {"a chunk beyond any number", post + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{}", 400},
        {"a chunk without a size", post + "Transfer-Encoding: chunked\r\n\r\n\r\n{}", 400},
        {"a chunk's size with a sign", post + "Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n", 400},
        {"a chunk's size in C", post + "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n", 400},
        {"a chunk's size and a blank", post + "Transfer-Encoding: chunked\r\n\r\n2 \r\n{}\r\n0\r\n\r\n", 400},
        {"bare LF behind a chunk's size", post + "Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n", 400},
        {"bare LF behind a chunk", post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\n0\r\n\r\n", 400},
        {"a chunk longer than it says", post + "Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n", 400},
        {"a trailer", post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nContent-Length: 2\r\n\r\n{}", 400},
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
        {"absolute target of another kind", "GET ftp://a/hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"absolute target with a name and password", "GET http://a:b@c/hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"absolute target without a host", "GET http:///hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"absolute target without a field Host", "GET http://a/hello HTTP/1.1\r\n\r\n", 400},
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

// Random bytes cause no crash, and every head that is accepted has one meaning.
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
        ASSERT_LE(times["transfer-encoding"] + times["content-length"], 1);
        ASSERT_EQ(times["transfer-encoding"] == 1, head->content_length == -1);
        ASSERT_LE(times["host"], 1);
        ASSERT_EQ(head->target.front(), '/');
    }
    EXPECT_GT(taken, 1000); // the test does not refuse everything
}

TEST_F(Framing, ATargetMayBeAbsolute) {
    const auto ask_for = [&](const std::string& target) {
        return raw("GET " + target + " HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n");
    };
    EXPECT_EQ(ask_for("http://" + host() + "/things/1?q=a").json(), (Json{{"id", "1"}, {"q", "a"}}));
    EXPECT_EQ(ask_for("HTTPS://[::1]:80/things/2").json()["id"], "2");
    EXPECT_EQ(ask_for("http://a").status, 404); // of "/", which is none of our routes here
    EXPECT_EQ(ask_for("http://a?x=1").status, 404);
    const auto read = http::read_head("GET http://b.example:81?x=1 HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto& head = std::get<http::Head>(read);
    EXPECT_EQ(head.target, "/?x=1");
    EXPECT_EQ(head.field("host"), "b.example:81"); // what the target says counts
}

class InChunks : public Framing {
  protected:
    const std::string head = "POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n";
    static std::string chunked(const std::string& body, std::size_t piece) {
        std::ostringstream text;
        for (std::size_t at = 0; at < body.size(); at += piece) {
            const auto part = body.substr(at, piece);
            text << std::hex << part.size() << "\r\n" << part << "\r\n";
        }
        text << "0\r\n\r\n";
        return text.str();
    }
};

TEST_F(InChunks, ABodyIsTakenAndEndsWhereItEnds) {
    const std::string body = R"({"a": "示例"})";
    Wire wire(server->port());
    for (const std::size_t piece : {1u, 3u, 100u}) {
        wire.send(head + chunked(body, piece) + "GET /things/next HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_EQ(wire.read().json()["got"]["a"], "示例");
        EXPECT_EQ(wire.read().json()["id"], "next");
    }
    for (const char byte : head + chunked(body, 4)) wire.send(std::string_view(&byte, 1));
    EXPECT_EQ(wire.read().json()["got"]["a"], "示例");
    wire.send(head + "000a\r\n[1,2,3,4,5\r\nA\r\n,6,7,8,9,0\r\n1\r\n]\r\n0\r\n\r\n");
    EXPECT_EQ(wire.read().json()["got"].size(), 10u);
    EXPECT_EQ(changes_made(), 5);
}

TEST_F(InChunks, TheLimitsHold) {
    add_person("a");
    const auto program = lines_of(as_program(signed_in("a", "bearer")));
    const auto json = [](std::size_t bytes) { return "\"" + std::string(bytes - 2, 'a') + "\""; };
    EXPECT_EQ(raw(head + chunked(json(8192), 1000)).status, 200);
    EXPECT_EQ(raw(head + chunked(json(8193), 1000)).status, 413);
    const auto known = head.substr(0, head.size() - 2) + program + "\r\n";
    EXPECT_EQ(raw(known + chunked(json(1 << 20), 5000)).status, 200);
    EXPECT_EQ(raw(known + chunked(json((1 << 20) + 1), 5000)).status, 413);
    const auto upload = "POST /api/v1/upload HTTP/1.1\r\nHost: a\r\n" + program + "Transfer-Encoding: chunked\r\n\r\n";
    EXPECT_EQ(raw(upload + chunked(std::string(3'000'000, 'x'), 70'000)).json()["size"], 3'000'000);
    EXPECT_EQ(raw(upload + chunked(std::string(30'000'000, 'x'), 70'000)).status, 413);
    EXPECT_EQ(changes_made(), 3);
}

TEST_F(InChunks, WhatIsCutShortOrTooSlowIsNoAction) {
    const auto whole = head + chunked("[1,2,3]", 3);
    for (std::size_t length = head.size(); length < whole.size(); ++length) {
        Wire wire(server->port());
        wire.send(std::string_view(whole).substr(0, length));
        wire.end();
        EXPECT_EQ(wire.read().code(), "body_truncated") << length;
    }
    limits.body = std::chrono::milliseconds(200);
    restart(false);
    EXPECT_EQ(raw(head + "5\r\n[1").status, 408);
    EXPECT_EQ(changes_made(), 0);
}

// What is refused unread is read to its end, or the connection ends: never is a body the next request.
TEST_F(InChunks, WhatNobodyReadIsNotTheNextRequest) {
    Wire wire(server->port());
    const std::string smuggled = "GET /things/smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    wire.send("POST /no/such/route HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(smuggled, 7) +
              "GET /things/second HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(wire.read().status, 404);
    EXPECT_EQ(wire.read().json()["id"], "second");
}

TEST(ChunkReader, OfRandomBytesEndsAtTheSamePlaceHoweverTheyCome) {
    std::mt19937 random(20251130);
    const auto below = [&](std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
    };
    int whole = 0;
    for (int round = 0; round < 50'000; ++round) {
        std::string text = "3\r\nabc\r\n1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\nGET /";
        for (auto edits = below(3); edits-- > 0;) text[below(text.size())] = "0123\r\n;aF x"[below(11)];
        http::Chunks at_once, in_pieces;
        const auto taken = at_once.take(text);
        std::size_t same = 0;
        while (same < text.size() && in_pieces.state() == http::Chunks::State::more)
            same += in_pieces.take(std::string_view(text).substr(same, 1 + below(5)));
        ASSERT_EQ(taken, same);
        ASSERT_EQ(at_once.state(), in_pieces.state());
        whole += at_once.state() == http::Chunks::State::whole;
    }
    EXPECT_GT(whole, 1000);
}

// A browser that sends too much is told so in words; a program gets its document.
TEST_F(Framing, APersonWhoSendsTooMuchGetsAPage) {
    const std::string browser = "Host: a\r\nAccept: text/html,application/xhtml+xml\r\nAccept-Language: ";
    const std::string cookie = "Cookie: x=" + std::string(9000, 'a') + "\r\n\r\n";
    const auto page = [&](const std::string& bytes, int status) {
        const auto reply = raw(bytes);
        EXPECT_EQ(reply.status, status);
        EXPECT_EQ(reply.header("content-type"), "text/html; charset=utf-8");
        EXPECT_TRUE(reply.closed);
        return reply.body;
    };
    EXPECT_THAT(page("GET /hello HTTP/1.1\r\n" + browser + "zh-CN\r\n" + cookie, 431),
                ::testing::HasSubstr("清除本地址的 Cookie"));
    EXPECT_THAT(page("GET /hello HTTP/1.1\r\n" + browser + "en\r\n" + cookie, 431),
                ::testing::HasSubstr("Delete the cookies of this address"));
    EXPECT_THAT(page("GET /cases?text=" + std::string(9000, 'a') + " HTTP/1.1\r\n" + browser + "en\r\n\r\n", 414),
                ::testing::HasSubstr("shorten what you searched for"));
    EXPECT_THAT(page("GET /hello HTTP/1.1\r\n" + browser +
                         "en\r\nCookie: __Host-cunmai-lang=zh-CN\r\nX-A: " + std::string(70'000, 'a'),
                     431),
                ::testing::HasSubstr("lang=\"zh-CN\""));
    const auto program = raw("GET /api/v1/me HTTP/1.1\r\n" + browser + "en\r\n" + cookie);
    EXPECT_EQ(program.status, 431);
    EXPECT_EQ(program.code(), "header_too_large");
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
