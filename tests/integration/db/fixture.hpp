// Each test of these suites runs on SQLite and on MariaDB, in a fresh, migrated database of its own.
#pragma once

#include "db/cases/cases.hpp"
#include "db/kernel/database.hpp"
#include "db/people/people.hpp"
#include "db/service/service_tables.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>

namespace cunmai::db::test {

using namespace cunmai::engine;

class TestClock final : public Clock {
  public:
    Instant now() const override { return {micros_}; }
    void forward(std::int64_t seconds) { micros_ += seconds * 1'000'000; }

  private:
    std::atomic<std::int64_t> micros_ = 1'740'816'000'000'000; // 2025-03-01 08:00 UTC
};

class Folder { // gone with the test
  public:
    Folder();
    ~Folder();
    std::string file(const std::string& name) const { return (path_ / name).string(); }

  private:
    std::filesystem::path path_;
};

inline const std::string secret = "a secret of the test server";

class DatabaseTest : public testing::TestWithParam<std::string> { // "sqlite" or "mariadb"
  protected:
    DatabaseTest();

    Database open(const std::string& address) { return Database({address, secret, 4, 5000}, clock); }
    std::string new_url(const std::string& kind); // an empty database
    void sql(const std::string& statement) { sql(database, statement); }
    static void sql(Database& on, const std::string& statement);

    static Place district();
    static Place town(int number);
    static Place village(int town_number, int number);
    void import_places(); // the district, 2 towns, 3 villages each

    PersonId person(const std::string& login);
    void grant(const PersonId& who, const std::string& role, const Place& place, const std::string& qualifier = "");
    Viewer viewer(const PersonId& who, std::vector<Grant> grants);
    Viewer of_place(const Place& place, const std::string& role = "town_officer", const PersonId& who = {"somebody"});

    static CaseRow a_case(const std::string& id, const Place& place);
    CaseRow open_case(const std::string& id, const Place& place, const std::vector<Task>& tasks = {});
    CaseRow moved(CaseRow row, const std::string& state);
    static Event event_of(const CaseRow& row, const PersonId& actor, const std::string& command);

    TestClock clock;
    Folder folder;
    std::string url;
    Database database;
    Cases cases{database};
    People people{database};
    Places places{database};
};

#define ON_BOTH_DATABASES(suite)                                                                                       \
    INSTANTIATE_TEST_SUITE_P(Store, suite, testing::Values("sqlite", "mariadb"),                                       \
                             [](const auto& test) { return test.param; })

template <class Rows, class Name> std::vector<std::string> names_of(const Rows& rows, Name name) {
    std::vector<std::string> names;
    for (const auto& row : rows) names.push_back(name(row));
    return names;
}

} // namespace cunmai::db::test
