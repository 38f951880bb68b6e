// Two servers on one database, both with background work: a page of one server hears of commands given at the other.
// And the access log, which is part of a command.
#include "tests/integration/api/district.hpp"
#include "tests/integration/api/stream.hpp"

#include "adapters/app/background.hpp"
#include "tests/support/mariadb.hpp"
#include "tests/support/tampering.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {
namespace {

using ::testing::ElementsAre;

const Json reason{{"reason", "示例"}};

class TwoServers : public ::testing::TestWithParam<std::string> {};

TEST_P(TwoServers, ACommandAtOneIsHeardOnAPageOfTheOther) {
    District here(GetParam() == "sqlite" ? "" : new_mariadb_database());
    App there(here.app().config, false);
    http::Server server(there, http::whole_site());
    server.start();
    Background background(here.app()), other_background(there);
    background.start();
    other_background.start();

    const auto id = case_in("department_review", village_a);
    Stream stream(server.port(), here.token("auditor"), id);
    ASSERT_EQ(stream.status, 200);
    EXPECT_EQ(stream.next("case"), (Json{{"id", id}, {"version", 3}}));
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(as("panel").give(id, "return_to_town", reason).status, 200); // at `here`
    EXPECT_EQ(stream.next("case"), (Json{{"id", id}, {"version", 4}}));
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));

    // A person who must not know of the case gets the same answer as for an unknown case.
    EXPECT_EQ(Stream(server.port(), here.token("panel-x"), id).status, 404);
    EXPECT_EQ(Stream(server.port(), here.token("auditor"), "no-such-case").status, 404);

    // A person who has lost the role hears of no further change.
    Stream shut_out(server.port(), here.token("reviewer"), id);
    EXPECT_EQ(shut_out.next("case").at("version"), 4);
    auto& people = there.people;
    for (const auto& grant : people.grants_of({District::id("reviewer")}))
        people.remove_grant(grant.id, there.clock.now());
    EXPECT_EQ(as("s-a").give(id, "nominate", {{"category", "organisation"}, {"study_record", "示例"}}).status, 200);
    EXPECT_EQ(stream.next("case").at("version"), 5);
    EXPECT_THROW(shut_out.next("case"), std::exception);

    other_background.stop();
    background.stop();
    server.stop();
}

INSTANTIATE_TEST_SUITE_P(Store, TwoServers, ::testing::Values("sqlite", "mariadb"),
                         [](const auto& test) { return test.param; });

std::vector<std::string> rows_of_request(const std::string& request_id) {
    std::vector<std::string> rows;
    db::AccessLog::Filter newest;
    newest.limit = 100;
    for (const auto& row : District::the().app().access_log.list(newest))
        if (row.access.request_id == request_id)
            rows.push_back(row.access.method + ' ' + row.access.route + ' ' + row.access.object + ' ' +
                           row.access.person.text + ' ' + std::to_string(row.access.status));
    return rows;
}

TEST(AccessLogOfCommands, OneRowWithTheAnswersStatusWhateverItIs) {
    const auto id = case_in("department_review", village_a);
    const auto expect_one = [&](const Answer& answer) {
        EXPECT_THAT(
            rows_of_request(answer.header("X-Request-Id")),
            ElementsAre("POST /api/v1/cases/{id}/commands/{name} " + id + " p-panel " + std::to_string(answer.status)));
    };
    const auto refused = as("panel").give(id, "endorse");
    EXPECT_EQ(refused.status, 422);
    expect_one(refused);
    const auto key = fresh_key();
    const auto accepted = as("panel").give_at(3, id, "return_to_town", reason, key);
    EXPECT_EQ(accepted.status, 200);
    expect_one(accepted);
    expect_one(as("panel").give_at(3, id, "return_to_town", reason, key)); // replayed
    const auto late = as("panel").give_at(3, id, "return_to_town", reason, fresh_key());
    EXPECT_EQ(late.status, 409);
    expect_one(late);
    const auto opened = as("panel").open("village_lifecycle", village_b2);
    EXPECT_EQ(opened.status, 201) << opened.body;
    EXPECT_EQ(rows_of_request(opened.header("X-Request-Id")).size(), 1U);
}

TEST(AccessLogOfCommands, WithoutItsRowNoCommandIsKept) {
    District district;
    const auto id = case_in("department_review", village_a);
    Tampering owner(district.folder() + "/cunmai.db");
    owner.execute("CREATE TRIGGER no_row BEFORE INSERT ON command_keys WHEN NEW.route LIKE '%/commands/%' "
                  "BEGIN SELECT RAISE(ABORT, 'no row'); END");
    const auto key = fresh_key();
    HttpClient panel(district.port()); // the document does not promise a broken database
    EXPECT_EQ(panel
                  .send({"POST",
                         "/api/v1/cases/" + id + "/commands/return_to_town",
                         reason.dump(),
                         {{"Authorization", "Bearer " + district.token("panel")},
                          {"Content-Type", "application/json"},
                          {"If-Match", "\"3\""},
                          {"Idempotency-Key", key}}})
                  .status,
              500);
    EXPECT_EQ(as("auditor").get("/cases/" + id).json().at("version"), 3);
    EXPECT_EQ(as("auditor").get("/cases/" + id + "/history").list().size(), 3U);
    owner.execute("DROP TRIGGER no_row");
    const auto again = as("panel").give_at(3, id, "return_to_town", reason, key);
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_FALSE(again.json().at("replayed"));
}

} // namespace
} // namespace cunmai::test
