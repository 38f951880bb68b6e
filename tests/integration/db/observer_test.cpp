// What is told to those who watch: why something was run again, and that another node is written to.
#include "tests/integration/db/fixture.hpp"

#include "db/kernel/database_impl.hpp"
#include "db/operations/settings_check.hpp"
#include "tests/support/mariadb.hpp"

#include <barrier>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace cunmai::db::test {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Watcher final : public Observer {
  public:
    void batch(int, double) override {}
    void retried(std::string_view cause) override {
        const std::lock_guard lock(mutex_);
        causes_.emplace_back(cause);
    }
    void node_switched(const std::string& from, const std::string& to, const std::string& why) override {
        const std::lock_guard lock(mutex_);
        switches_.push_back(from + " -> " + to + ": " + why);
        changed_.notify_all();
    }
    std::vector<std::string> causes() {
        const std::lock_guard lock(mutex_);
        return causes_;
    }
    std::vector<std::string> switches(std::size_t count) { // waits for so many
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return switches_.size() >= count; });
        return switches_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> causes_, switches_;
};

class RetryTest : public testing::Test {
  protected:
    Database open(int busy_timeout_ms) {
        Database::Options options{url, secret, 4, busy_timeout_ms};
        options.observer = &watcher;
        return Database(options, clock);
    }
    static void bump(Connection& connection, const char* key) {
        connection.run_text("UPDATE settings SET value = value + 1 WHERE setting_key = :k", {{"k", key}});
    }

    Watcher watcher;
    TestClock clock;
    std::string url = cunmai::test::new_mariadb_database();
};

TEST_F(RetryTest, ADeadlockIsCountedAsOne) {
    auto database = open(5000);
    migrate(database);
    Rules rules(database);
    for (const auto* key : {"a", "b"}) rules.put_setting(key, "0");
    std::barrier both_hold_one(2);
    const auto cross = [&](const char* first, const char* second) {
        bool first_run = true;
        database.impl().write([&](Connection& connection) {
            bump(connection, first);
            if (std::exchange(first_run, false)) both_hold_one.arrive_and_wait();
            bump(connection, second);
        });
    };
    std::jthread other([&] { cross("b", "a"); });
    cross("a", "b");
    other.join();
    EXPECT_THAT(watcher.causes(), Contains("deadlock"));
}

TEST_F(RetryTest, WaitingForALockInVainIsCountedAsThat) {
    auto holding = open(5000), waiting = open(1000);
    migrate(holding);
    Rules(holding).put_setting("a", "0");
    std::mutex mutex;
    std::condition_variable changed;
    bool held = false, tried = false; // with the mutex
    std::jthread holder([&] {
        holding.impl().write([&](Connection& connection) {
            bump(connection, "a");
            std::unique_lock lock(mutex);
            held = true;
            changed.notify_all();
            changed.wait_for(lock, std::chrono::seconds(4), [&] { return tried; });
        });
    });
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return held; });
    }
    int runs = 0;
    waiting.impl().write([&](Connection& connection) {
        if (++runs == 2) { // the first waited in vain
            const std::lock_guard lock(mutex);
            tried = true;
            changed.notify_all();
        }
        bump(connection, "a");
    });
    EXPECT_EQ(Rules(waiting).setting("a"), "2");
    EXPECT_THAT(watcher.causes(), ElementsAre("lock_wait"));
}

TEST_F(RetryTest, ASessionThatIsCutIsASessionLost) {
    cunmai::test::MariaDbServer server;
    cunmai::test::run_on_mariadb(server.url(""), "CREATE DATABASE gone");
    url = server.url("gone");
    auto database = open(5000);
    migrate(database);
    int runs = 0;
    database.impl().write([&](Connection& connection) {
        if (++runs == 1) {
            std::int64_t session = 0;
            connection.first_text("SELECT CONNECTION_ID()", {}, {session});
            cunmai::test::run_on_mariadb(server.url(""), "KILL " + std::to_string(session));
        }
        connection.run("service.put_setting", {{"setting_key", "a"}, {"value", "1"}});
    });
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(Rules(database).setting("a"), "1");
    EXPECT_THAT(watcher.causes(), Contains("session_lost"));
}

// Two servers that know nothing of each other stand for the nodes of a cluster.
TEST(NodesTest, ANodeThatMayLoseCommitsOrIsGoneIsLeftAndThatIsTold) {
    cunmai::test::MariaDbServer one, two;
    for (const auto* server : {&one, &two})
        cunmai::test::run_on_mariadb(server->url(""), "CREATE DATABASE nodes CHARACTER SET utf8mb4");
    auto url = one.url("nodes"); // mysql://root@127.0.0.1:PORT/nodes
    url.insert(url.rfind('/'), ",127.0.0.1:" + std::to_string(two.port()));
    const auto at = [](const cunmai::test::MariaDbServer& server) { return "port=" + std::to_string(server.port()); };
    Watcher watcher;
    TestClock clock;
    Database::Options options{url, secret, 4, 5000};
    options.observer = &watcher;
    Database database(options, clock);
    std::int64_t port = 0;
    const auto written_at = [&] {
        database.impl().write([&](Connection& connection) { connection.first_text("SELECT @@port", {}, {port}); });
        return port;
    };
    EXPECT_EQ(written_at(), one.port());

    cunmai::test::run_on_mariadb(one.url(""), "SET GLOBAL innodb_flush_log_at_trx_commit = 2");
    const auto first = watcher.switches(1);
    ASSERT_EQ(first.size(), 1U);
    EXPECT_THAT(first[0], testing::AllOf(HasSubstr(at(one) + " -> "), HasSubstr(at(two) + ": may lose commits")));
    EXPECT_EQ(written_at(), two.port());

    // The doctor names each node, also those that are not written to.
    std::vector<std::string> nodes;
    for (const auto& finding : check_settings(database))
        if (finding.what == "node")
            nodes.push_back((finding.severity == Finding::Severity::good ? "good " : "fault ") + finding.value);
    EXPECT_THAT(nodes, ElementsAre(testing::AllOf(HasSubstr("fault "), HasSubstr(at(one)), HasSubstr("may lose")),
                                   testing::AllOf(HasSubstr("good "), HasSubstr(at(two)), HasSubstr("ready"))));

    cunmai::test::run_on_mariadb(one.url(""), "SET GLOBAL innodb_flush_log_at_trx_commit = 1");
    two.kill();
    const auto second = watcher.switches(2);
    ASSERT_EQ(second.size(), 2U);
    EXPECT_THAT(second[1], HasSubstr(at(two) + " -> "));
    EXPECT_EQ(written_at(), one.port());
}

} // namespace cunmai::db::test
