// Three Galera nodes, written to by servers that prefer the same node or different ones. A test that takes a node away
// brings it back.
#include "db/kernel/database_url.hpp"
#include "db/operations/migrations.hpp"
#include "db/operations/settings_check.hpp"
#include "db/service/rules.hpp"
#include "tests/integration/cluster/tally.hpp"
#include "tests/support/galera.hpp"
#include "tests/support/mariadb.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>

#include <iostream>

namespace cunmai::test {

namespace {

using namespace std::chrono_literals;
using engine::StoreUnavailable;
using Steady = std::chrono::steady_clock;

const engine::SystemClock system_clock;

GaleraCluster& cluster() { return GaleraCluster::shared(); }

// A migrated database with a clerk; through node 0.
std::string tally_database(const std::string& name) {
    cluster().run(0, "CREATE DATABASE " + name);
    Server server(cluster().url(name), system_clock);
    prepare_tally(server);
    return name;
}

TEST(ClusterTest, ReadsItsOwnWritesOnAnotherNode) {
    const auto name = tally_database("own_writes");
    Server here(cluster().url(name, {0, 1, 2}), system_clock), there(cluster().url(name, {1, 2, 0}), system_clock),
        reader(cluster().url(name, {0, 1, 2}) + "?reads=any", system_clock);
    db::Rules writes(here.database), reads(there.database), also_reads(reader.database);
    int stale = 0;
    for (int i = 0; i < 200; ++i) {
        writes.put_setting("n", std::to_string(i));
        if (reads.setting("n") != std::to_string(i)) ++stale;
        if (also_reads.setting("n") != std::to_string(i)) ++stale;
    }
    EXPECT_EQ(stale, 0);
}

TEST(ClusterTest, TwoServersThatWriteToTwoNodesLoseNoUpdate) {
    const auto name = tally_database("two_writers");
    Server one(cluster().url(name, {0, 1, 2}), system_clock), other(cluster().url(name, {1, 0, 2}), system_clock);
    const std::vector<engine::CaseId> cases{open_tally(one, "a"), open_tally(other, "b")};
    Clients clients({&one, &other}, cases, 6);
    ASSERT_TRUE(clients.acknowledges(200, 60s));
    clients.stop();
    for (auto* server : {&one, &other}) clients.expect_all_kept(*server);
}

TEST(ClusterTest, ACommandGivenToTwoServersAtOnceHappensOnce) {
    const auto name = tally_database("same_key");
    Server one(cluster().url(name, {0, 1, 2}), system_clock), other(cluster().url(name, {1, 0, 2}), system_clock);
    for (int i = 0; i < 20; ++i) {
        const auto key = "same-" + std::to_string(i);
        engine::CaseId here, there;
        std::jthread at_the_same_time([&] { there = open_tally(other, key); });
        here = open_tally(one, key);
        at_the_same_time.join();
        EXPECT_EQ(here, there);
    }
}

TEST(ClusterTest, TheSettingsOfAClusterAreLookedAt) {
    const auto name = tally_database("settings");
    Server server(cluster().url(name), system_clock);
    std::map<std::string, db::Finding> findings;
    for (const auto& finding : db::check_settings(server.database)) findings[finding.what] = finding;
    for (const auto* what : {"innodb_flush_log_at_trx_commit", "transaction_isolation", "character_set_client",
                             "wsrep_cluster_size", "wsrep_local_state", "wsrep_sync_wait", "innodb_snapshot_isolation"})
        EXPECT_EQ(findings[what].severity, db::Finding::Severity::good) << what << " is " << findings[what].value;
    const auto nodes = [&] {
        std::vector<std::string> all;
        for (const auto& finding : db::check_settings(server.database))
            if (finding.what == "node")
                all.push_back((finding.severity == db::Finding::Severity::good ? "good: " : "fault: ") + finding.value);
        return all;
    };
    const auto good = testing::HasSubstr("good: ");
    EXPECT_THAT(nodes(), testing::ElementsAre(good, good, good));
    cluster().run(1, "SET GLOBAL innodb_flush_log_at_trx_commit = 0"); // not the writer
    const auto seen = nodes();
    cluster().run(1, "SET GLOBAL innodb_flush_log_at_trx_commit = 1");
    EXPECT_THAT(seen, testing::ElementsAre(good, testing::HasSubstr("may lose commits"), good));
}

TEST(ClusterTest, ANodeThatIsNotSyncedIsLeft) {
    const auto name = tally_database("not_synced");
    Server server(cluster().url(name, {2, 1, 0}), system_clock);
    const auto id = open_tally(server, "a");
    Clients clients({&server}, {id}, 2);
    ASSERT_TRUE(clients.acknowledges(20, 10s));
    cluster().run(2, "SET GLOBAL wsrep_desync = ON"); // Donor/Desynced: answers, but lags without limit
    EXPECT_TRUE(clients.acknowledges(50, 10s));
    cluster().run(2, "SET GLOBAL wsrep_desync = OFF");
    clients.stop();
    clients.expect_all_kept(server);
}

TEST(ClusterTest, AFrozenWriterIsLeftWithinTenSeconds) {
    const auto name = tally_database("frozen");
    Server one(cluster().url(name, {0, 1, 2}), system_clock), other(cluster().url(name, {0, 1, 2}), system_clock);
    const std::vector<engine::CaseId> cases{open_tally(one, "a"), open_tally(one, "b"), open_tally(one, "c")};
    Clients clients({&one, &other}, cases, 6);
    ASSERT_TRUE(clients.acknowledges(100, 10s));
    cluster().freeze(0);
    EXPECT_TRUE(clients.acknowledges(100, 10s));
    cluster().thaw(0);
    EXPECT_TRUE(clients.acknowledges(100, 10s));
    clients.stop();
    EXPECT_LE(clients.longest_silence(), 10s);
    RecordProperty("longest_silence_ms", static_cast<int>(clients.longest_silence().count()));
    std::cout << "longest silence: " << clients.longest_silence().count() << " ms\n";
    for (auto* server : {&one, &other}) clients.expect_all_kept(*server);
    cluster().wait_until_whole(); // the node rejoins by itself
    Server back(cluster().url(name, {0}), system_clock);
    clients.expect_all_kept(back);
}

TEST(ClusterTest, AKilledWriterIsLeftAtOnceAndNothingIsLost) {
    const auto name = tally_database("killed");
    Server one(cluster().url(name, {1, 2, 0}), system_clock), other(cluster().url(name, {1, 2, 0}), system_clock);
    const std::vector<engine::CaseId> cases{open_tally(one, "a"), open_tally(one, "b"), open_tally(one, "c")};
    Clients clients({&one, &other}, cases, 6);
    ASSERT_TRUE(clients.acknowledges(100, 10s));
    cluster().kill(1);
    EXPECT_TRUE(clients.acknowledges(200, 10s));
    clients.stop();
    EXPECT_LE(clients.longest_silence(), 10s);
    RecordProperty("longest_silence_ms", static_cast<int>(clients.longest_silence().count()));
    std::cout << "longest silence: " << clients.longest_silence().count() << " ms\n";
    for (const int node : {0, 2}) {
        Server on(cluster().url(name, {node}), system_clock);
        clients.expect_all_kept(on);
    }
    cluster().start(1); // it fetches from the others what it missed
    cluster().wait_until_whole();
    Server back(cluster().url(name, {1}), system_clock);
    clients.expect_all_kept(back);
}

// Shows that the clients' log notices a command that happened twice.
TEST(OracleTest, SeesAnEffectThatNobodyWasPromised) {
    MariaDbServer server;
    run_on_mariadb(server.url(""), "CREATE DATABASE oracle");
    Server one(server.url("oracle"), system_clock);
    prepare_tally(one);
    const auto id = open_tally(one, "a");
    Clients clients({&one}, {id}, 2);
    ASSERT_TRUE(clients.acknowledges(10, 10s));
    clients.stop();
    clients.expect_all_kept(one);
    count_once(one, id, "again");
    EXPECT_NONFATAL_FAILURE(clients.expect_all_kept(one), "acknowledged commands and the record differ");
}

TEST(DatabaseUrlTest, NamesSeveralHostsInTheirOrder) {
    const auto url = db::parse_database_url("mysql://u:p@one,two:3307,[fd00::3]:3308/cunmai?reads=any");
    ASSERT_EQ(url.hosts.size(), 3U);
    EXPECT_EQ(url.hosts[0].name, "one");
    EXPECT_EQ(url.hosts[0].port, std::nullopt); // none is written: the server's own
    EXPECT_EQ(url.hosts[1].port, 3307);
    EXPECT_EQ(url.hosts[2].name, "fd00::3");
    EXPECT_EQ(url.hosts[2].port, 3308);
    EXPECT_EQ(url.schema, "cunmai");
    EXPECT_TRUE(url.reads_any);
    for (const std::string bad : {"mysql://u:geheim@one,/x", "mysql://u:geheim@one,two:0/x", "mysql://u:geheim@[one/x",
                                  "mysql://u:geheim@one/x?reads=none", "mysql://u:ge%0Aheim@one/x"})
        try {
            db::parse_database_url(bad);
            ADD_FAILURE() << bad;
        } catch (const std::invalid_argument& error) {
            EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("heim")));
        }
}

TEST(SingleServerTest, AFrozenServerHoldsNobodyForLong) {
    MariaDbServer server;
    run_on_mariadb(server.url(""), "CREATE DATABASE frozen");
    db::Database database({.url = server.url("frozen"), .secret = "a secret of the test server"}, system_clock);
    db::migrate(database);
    db::Rules rules(database);
    rules.put_setting("a", "1");
    server.freeze();
    for (const bool writing : {false, true}) {
        const auto start = Steady::now();
        EXPECT_THROW(writing ? rules.put_setting("a", "2") : static_cast<void>(rules.setting("a")), StoreUnavailable);
        EXPECT_LE(Steady::now() - start, 10s);
    }
    server.thaw();
    const auto start = Steady::now();
    EXPECT_EQ(rules.setting("a"), "1");
    rules.put_setting("a", "3");
    EXPECT_LE(Steady::now() - start, 5s);
}

} // namespace

} // namespace cunmai::test
