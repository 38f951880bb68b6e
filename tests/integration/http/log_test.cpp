// The structured log: one line per record, whatever the input holds; nothing secret in it.
#include "adapters/log.hpp"
#include "tests/integration/http/server_fixture.hpp"

#include <gmock/gmock.h>

#include <mutex>

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

TEST_F(StructuredLog, TheCauseOfAFaultStandsHereOnly) {
    const auto reply = get("/broken");
    server->stop();
    EXPECT_THAT(seen(), HasSubstr("a secret detail"));
    EXPECT_THAT(seen(), HasSubstr(reply.header("x-request-id")));
    EXPECT_THAT(reply.body, Not(HasSubstr("a secret detail")));
}

} // namespace

} // namespace cunmai::test
