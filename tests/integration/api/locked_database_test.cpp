// A database that is locked by somebody else: a clear 503 that says when to come back, nothing written, and the server
// goes on by itself.
#include "tests/integration/api/district.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace cunmai::test {
namespace {

class Lock { // another program that holds the file
  public:
    explicit Lock(const std::string& url) {
        EXPECT_EQ(sqlite3_open(url.substr(std::string("sqlite:").size()).c_str(), &database_), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(database_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    }
    ~Lock() { sqlite3_close(database_); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

  private:
    sqlite3* database_ = nullptr;
};

TEST(LockedDatabase, AnswersThatItIsBusyAndGoesOn) {
    const auto id = case_in("department_review", village_a);
    District::the().token("panel");
    const auto key = fresh_key();
    {
        const Lock lock(District::the().app().config.database);
        const auto answer = as("panel").give_at(3, id, "return_to_town", {{"reason", "示例"}}, key);
        EXPECT_EQ(answer.status, 503) << answer.body;
        EXPECT_EQ(answer.code(), "store_unavailable");
        EXPECT_FALSE(answer.header("Retry-After").empty());
        EXPECT_EQ(answer.body.find("sqlite"), std::string::npos) << answer.body;
    }
    EXPECT_EQ(as("auditor").get("/cases/" + id).json().at("version"), 3);
    const auto again = as("panel").give_at(3, id, "return_to_town", {{"reason", "示例"}}, key);
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_FALSE(again.json().at("replayed"));
}

} // namespace
} // namespace cunmai::test
