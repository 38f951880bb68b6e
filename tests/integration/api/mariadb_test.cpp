// The API over MariaDB: the main steps, and a database server that goes away before a command, after one, and between
// two reads. Afterwards everything acknowledged is there and nothing else, and Cunmai goes on by itself.
#include "tests/integration/api/district.hpp"

#include "tests/support/mariadb.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {
namespace {

using ::testing::HasSubstr;

class OverMariaDb : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { server = std::make_unique<MariaDbServer>(); }
    static void TearDownTestSuite() { server.reset(); }

    void SetUp() override {
        static int number = 0;
        name = "cunmai_api_" + std::to_string(++number);
        run_on_mariadb(server->url(""), "CREATE DATABASE " + name);
        district = std::make_unique<District>(server->url(name));
    }
    void TearDown() override { district.reset(); }

    static void expect_unavailable(const Answer& answer) {
        EXPECT_EQ(answer.status, 503) << answer.body;
        EXPECT_EQ(answer.code(), "store_unavailable") << answer.body;
        EXPECT_FALSE(answer.header("Retry-After").empty());
        EXPECT_EQ(answer.body.find("root"), std::string::npos) << answer.body; // nothing of the account or the driver
    }
    std::string metrics() const {
        HttpClient watcher(district->port());
        const auto answer = watcher.send({"GET", "/metrics", "", {{"Host", "127.0.0.1"}}});
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.body;
    }

    static inline std::unique_ptr<MariaDbServer> server;
    std::unique_ptr<District> district;
    std::string name;
    const Json reason{{"reason", "示例"}};
};

TEST_F(OverMariaDb, TheMainStepsWork) {
    const auto id = case_in("department_review", village_a); // opened, checked and nominated by three people
    const auto seen = as("auditor").get("/cases/" + id);
    EXPECT_EQ(seen.json().at("state"), "department_review");
    EXPECT_EQ(seen.header("ETag"), "\"3\"");
    const auto work = as("reviewer").get("/worklist");
    EXPECT_EQ(work.status, 200);
    EXPECT_THAT(work.body, HasSubstr(id));
    EXPECT_EQ(as("reviewer").get("/worklist/counts").status, 200);

    const auto key = fresh_key();
    const auto returned = as("panel").give_at(3, id, "return_to_town", reason, key);
    EXPECT_EQ(returned.status, 200) << returned.body;
    EXPECT_TRUE(as("panel").give_at(3, id, "return_to_town", reason, key).json().at("replayed"));
    EXPECT_EQ(as("panel").give_at(3, id, "return_to_town", reason, fresh_key()).status, 409);

    const auto events = as("auditor").get("/cases/" + id + "/history").list();
    ASSERT_EQ(events.size(), 4u);
    EXPECT_EQ(events[3].at("command"), "return_to_town");
    EXPECT_EQ(events[3].at("previous_hash"), events[2].at("hash"));
    EXPECT_THAT(as("s-a").get("/worklist").body, HasSubstr(id));
    EXPECT_EQ(as("panel-x").get("/cases/" + id).status, 404);
    std::string long_name; // its row of the access log is cut, but not inside a character
    for (int one = 0; one < 90; ++one) long_name += "%E6%9D%91";
    for (const auto* before : {"", "a", "ab"})
        EXPECT_EQ(as("auditor").get(std::string("/cases/") + before + long_name).status, 404);
}

TEST_F(OverMariaDb, ItGoesAwayBeforeACommand) {
    const auto id = case_in("department_review", village_a);
    District::the().token("panel");
    District::the().token("auditor");
    const auto before = as("auditor").get("/cases/" + id + "/history").json();
    const auto key = fresh_key();
    server->stop();
    for (int attempt = 0; attempt < 2; ++attempt)
        expect_unavailable(as("panel").give_at(3, id, "return_to_town", reason, key));
    expect_unavailable(as("auditor").get("/cases/" + id));
    EXPECT_THAT(metrics(), HasSubstr("\ncunmai_database_up 0\n"));
    HttpClient watcher(district->port());
    EXPECT_EQ(watcher.send({"GET", "/healthz", "", {}}).status, 200);
    EXPECT_EQ(watcher.send({"GET", "/readyz", "", {}}).status, 503);

    server->start();
    EXPECT_EQ(as("auditor").get("/cases/" + id + "/history").json(), before);
    const auto again = as("panel").give_at(3, id, "return_to_town", reason, key);
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_FALSE(again.json().at("replayed"));
    EXPECT_THAT(metrics(), HasSubstr("\ncunmai_database_up 1\n"));
    EXPECT_EQ(watcher.send({"GET", "/readyz", "", {}}).status, 200);
}

TEST_F(OverMariaDb, SomebodyElseHoldsTheCasesRow) {
    const auto id = case_in("department_review", village_a);
    District::the().token("panel");
    const auto key = fresh_key();
    {
        const MariaDbLock lock(server->url(""), "SELECT id FROM " + name + ".cases WHERE id = '" + id + "' FOR UPDATE");
        expect_unavailable(as("panel").give_at(3, id, "return_to_town", reason, key));
    }
    EXPECT_EQ(as("auditor").get("/cases/" + id).json().at("version"), 3);
    const auto again = as("panel").give_at(3, id, "return_to_town", reason, key);
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_FALSE(again.json().at("replayed"));
}

TEST_F(OverMariaDb, ItIsKilledAfterACommandWasAcknowledged) {
    const auto id = case_in("department_review", village_a);
    District::the().token("panel");
    const auto key = fresh_key();
    const auto first = as("panel").give_at(3, id, "return_to_town", reason, key);
    server->kill();
    EXPECT_EQ(first.status, 200) << first.body;
    expect_unavailable(as("panel").give_at(4, id, "return_to_town", reason, fresh_key()));
    server->start();
    EXPECT_EQ(as("auditor").get("/cases/" + id).json().at("version"), 4);
    const auto again = as("panel").give_at(3, id, "return_to_town", reason, key);
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_TRUE(again.json().at("replayed"));
    EXPECT_EQ(as("auditor").get("/cases/" + id + "/history").list().size(), 4u);
}

} // namespace
} // namespace cunmai::test
