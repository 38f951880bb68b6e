// The structured log: one line per record, whatever the input holds; nothing secret in it.
#include "adapters/telemetry/log.hpp"
#include "tests/integration/http/server_fixture.hpp"

#include <gmock/gmock.h>

#include <mutex>
#include <set>
#include <sstream>

namespace cunmai::test {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class StructuredLog : public HttpTest {
  protected:
    void SetUp() override {
        HttpTest::SetUp();
        log::send_to([this](const std::string& line) {
            std::lock_guard lock(mutex);
            text += line;
        });
    }
    std::string seen() {
        std::lock_guard lock(mutex);
        return text;
    }
    std::mutex mutex;
    std::string text;
};

TEST_F(StructuredLog, ALineIsALineWhateverTheInput) {
    log::info("example", {{"what", "a\r\nb\x1b[31m\x7f \xFF 村"}});
    const auto line = seen();
    EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
    for (const char byte : line.substr(0, line.size() - 1))
        EXPECT_TRUE(byte >= 0x20 && byte < 0x7f) << static_cast<int>(byte);
    EXPECT_EQ(Json::parse(line)["level"], "info");
}

TEST_F(StructuredLog, ARequestIsOneLineWithItsPatternAndWithoutItsContent) {
    add_person("secretive");
    const auto ticket = signed_in("secretive");
    const auto reply = get("/things/case-of-somebody?q=private", as(ticket));
    server->stop();
    const auto lines = seen();
    EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1);
    const auto line = Json::parse(lines);
    EXPECT_EQ(line["route"], "/things/{id}");
    EXPECT_EQ(line["status"], 200);
    EXPECT_EQ(line["request_id"], reply.header("x-request-id"));
    for (const auto& hidden :
         {std::string("private"), std::string("case-of-somebody"), std::string("secretive"), ticket.token, ticket.csrf})
        EXPECT_THAT(lines, Not(HasSubstr(hidden)));
}

TEST_F(StructuredLog, WhateverIsSentEachRecordIsALineOfJson) {
    const std::vector<std::string> odd{
        "GET /things/%0d%0a%1b%5b31mred%00x?q=%0a%22%7d HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /nowhere\"}{\\ HTTP/1.1\r\nHost: a\r\n\r\n",
        "G\"ET /hello HTTP/1.1\r\nHost: a\r\n\r\n",
        "MADE-UP /hello HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n\r\n",
        "GET /broken HTTP/1.1\r\nHost: a\r\nUser-Agent: \x1b]0;title\x07\r\n\r\n",
        "GET /broken HTTP/1.1\r\nHost: a\r\nUser-Agent: a\xFF\xFE\r\n\r\n",
        "GET /header-injection?q=%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: a\r\n\r\n",
        std::string("\x16\x03\x01\0\n\n", 6),
    };
    std::vector<std::string> ids;
    for (const auto& bytes : odd) ids.push_back(raw(bytes).header("x-request-id"));
    server->stop();
    std::istringstream lines(seen());
    std::set<std::string> logged;
    for (std::string line; std::getline(lines, line);) {
        const auto record = Json::parse(line, nullptr, false);
        ASSERT_TRUE(record.is_object()) << line;
        for (const char byte : line) ASSERT_TRUE(byte >= 0x20 && byte < 0x7f) << line;
        for (const auto* key : {"at", "level", "event"}) EXPECT_TRUE(record.contains(key)) << line;
        if (record["event"] == "request") { EXPECT_TRUE(logged.insert(record["request_id"]).second) << line; }
    }
    EXPECT_EQ(logged.size(), odd.size());
    for (const auto& id : ids) {
        EXPECT_TRUE(logged.count(id)) << id;
        EXPECT_NE(id, "mine"); // nobody names their own requests
    }
}

TEST_F(StructuredLog, TheCauseOfAFaultStandsHereOnly) {
    const auto reply = get("/broken");
    server->stop();
    EXPECT_THAT(seen(), HasSubstr("a secret detail"));
    EXPECT_THAT(seen(), HasSubstr(reply.header("x-request-id")));
    EXPECT_THAT(reply.body, Not(HasSubstr("a secret detail")));
}

} // namespace

} // namespace cunmai::test
