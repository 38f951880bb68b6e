// What those who run the server see of a command: one request id in the answer, the log and the record; and counts.
#include "tests/integration/api/district.hpp"

#include "adapters/telemetry/log.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <mutex>
#include <sstream>

namespace cunmai::test {
namespace {

class Log { // instead of stderr
  public:
    Log() {
        log::send_to([this](const std::string& line) {
            std::lock_guard lock(mutex_);
            text_ += line;
        });
    }
    ~Log() { log::send_to({}); }
    Log(const Log&) = delete;
    std::vector<Json> of_request(const std::string& id) {
        std::lock_guard lock(mutex_);
        std::vector<Json> found;
        std::istringstream lines(text_);
        for (std::string line; std::getline(lines, line);) {
            const auto record = Json::parse(line);
            if (record.value("request_id", "") == id) found.push_back(record);
        }
        return found;
    }

  private:
    std::mutex mutex_;
    std::string text_;
};

double commands(const std::string& definition, const std::string& outcome) {
    const auto text = District::the().app().metrics.text();
    const auto line = "\ncunmai_commands_total{definition=\"" + definition + "\",outcome=\"" + outcome + "\"} ";
    const auto found = text.find(line);
    return found == std::string::npos ? 0 : std::stod(text.substr(found + line.size()));
}

TEST(Watching, OneRequestIdInAnswerLogAndEvent) {
    const auto id = case_in("department_review", village_a);
    District::the().token("panel");
    Log log;
    const auto answer =
        as("panel").raw("POST", "/cases/" + id + "/commands/return_to_town", Json{{"reason", "示例"}}.dump(),
                        {{"Content-Type", "application/json"},
                         {"If-Match", "\"3\""},
                         {"Idempotency-Key", fresh_key()},
                         {"X-Request-Id", "chosen-by-the-client"}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto request_id = answer.header("X-Request-Id");
    EXPECT_FALSE(request_id.empty());
    EXPECT_NE(request_id, "chosen-by-the-client");
    const auto lines = log.of_request(request_id);
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_EQ(lines[0]["event"], "request");
    EXPECT_EQ(lines[0]["route"], "/api/v1/cases/{id}/commands/{name}");
    EXPECT_EQ(lines[0]["status"], 200);
    const auto events = as("auditor").get("/cases/" + id + "/history").list();
    ASSERT_EQ(events.size(), 4u);
    EXPECT_EQ(events[3].at("request_id"), request_id);
    EXPECT_EQ(events[3].at("command"), "return_to_town");
    for (std::size_t earlier = 0; earlier < 3; ++earlier) EXPECT_NE(events[earlier].at("request_id"), request_id);
}

TEST(Watching, ARefusalHasItsRequestIdToo) {
    const auto id = case_in("department_review", village_a);
    const auto refused = as("panel").give(id, "endorse");
    EXPECT_EQ(refused.status, 422) << refused.body;
    bool found = false;
    for (const auto& one : as("auditor").get("/cases/" + id + "/refusals").list())
        found = found || one.at("request_id") == refused.header("X-Request-Id");
    EXPECT_TRUE(found);
}

TEST(Watching, CommandsAreCountedByDefinitionAndOutcome) {
    const std::string of = "village_lifecycle";
    const auto id = case_in("department_review", village_a);
    const auto accepted = commands(of, "accepted"), conflict = commands(of, "conflict"),
               replayed = commands("unknown", "replayed");
    EXPECT_GE(accepted, 3);
    const auto key = fresh_key();
    const Json reason{{"reason", "示例"}};
    EXPECT_EQ(as("panel").give_at(3, id, "return_to_town", reason, key).status, 200);
    EXPECT_EQ(as("panel").give_at(3, id, "return_to_town", reason, key).status, 200);
    EXPECT_EQ(as("panel").give_at(3, id, "return_to_town", reason, fresh_key()).status, 409);
    EXPECT_EQ(commands(of, "accepted"), accepted + 1);
    EXPECT_EQ(commands("unknown", "replayed"), replayed + 1);
    EXPECT_EQ(commands(of, "conflict"), conflict + 1);
    as("panel").open("no_such_definition", village_a);
    EXPECT_EQ(District::the().app().metrics.text().find("no_such_definition"), std::string::npos);
    EXPECT_EQ(District::the().app().metrics.text().find(id), std::string::npos);
}

} // namespace
} // namespace cunmai::test
