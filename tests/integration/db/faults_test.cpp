// A database that is locked, full, gone or broken gives a clear fault, nothing is half-written, and the store goes on
// when the trouble is over.
#include "tests/integration/db/fixture.hpp"

#include "db/kernel/database_impl.hpp"
#include "db/kernel/database_url.hpp"
#include "db/operations/migrations.hpp"
#include "tests/support/mariadb.hpp"

#include <soci/mysql/soci-mysql.h>

#include <sys/stat.h>

#include <barrier>
#include <fstream>
#include <sstream>
#include <thread>

namespace cunmai::db::test {

class FaultTest : public DatabaseTest {};
ON_BOTH_DATABASES(FaultTest);

TEST_P(FaultTest, ASwallowedErrorDoesNotBecomeHalfATransaction) {
    const auto work = [&](Connection& connection) {
        connection.run("service.put_setting", {{"setting_key", "half"}, {"value", "1"}});
        try {
            connection.run_text("UPDATE no_such_table SET x = 1");
        } catch (const std::exception&) { // swallowed
        }
        EXPECT_THROW(connection.run("service.put_setting", {{"setting_key", "half"}, {"value", "2"}}),
                     StoreUnavailable);
    };
    EXPECT_THROW(database.impl().write(work), StoreUnavailable);
    EXPECT_FALSE(Rules(database).setting("half"));
}

TEST_P(FaultTest, ADuplicateIsOnlyItsStatement) {
    Rules rules(database);
    rules.set("a", 1, {"x"}, clock.now());
    database.impl().write([&](Connection& connection) {
        const Params again{{"rule_key", "a"}, {"version", 1}, {"value", "2"}, {"by_person", "x"}, {"at", 0}};
        EXPECT_THROW(connection.run("service.add_rule", again), Duplicate);
        connection.run("service.put_setting", {{"setting_key", "after"}, {"value", "kept"}});
    });
    EXPECT_EQ(rules.get("a"), Json(1));
    EXPECT_EQ(rules.setting("after"), "kept");
}

TEST_P(FaultTest, ATransactionThatMustBeRetriedIsAtMostFiveTimes) {
    int runs = 0;
    const auto never = [&](Connection&) {
        ++runs;
        throw TryAgain("deadlock");
    };
    EXPECT_THROW(database.impl().write(never), StoreUnavailable);
    EXPECT_EQ(runs, 5);
    runs = 0;
    database.impl().write([&](Connection& connection) {
        connection.run("service.put_setting", {{"setting_key", "n" + std::to_string(++runs)}, {"value", ""}});
        if (runs < 3) throw TryAgain("deadlock");
    });
    EXPECT_FALSE(Rules(database).setting("n1")); // the failed attempts left nothing
    EXPECT_TRUE(Rules(database).setting("n3"));
}

TEST_P(FaultTest, AWrongReaderOfColumnsIsFoundAtOnce) {
    std::string one;
    EXPECT_THROW(database.impl().read([&](Connection& connection) {
        connection.first_text("SELECT number, name FROM schema_migrations", {}, {one});
    }),
                 std::logic_error);
}

TEST_P(FaultTest, ManyReadersAndWritersAtOnce) {
    open_case("c1", village(1, 1));
    std::vector<std::jthread> threads;
    std::atomic<int> errors{0};
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            try {
                for (int i = 0; i < 20; ++i) {
                    if (t % 2)
                        Rules(database).put_setting("k" + std::to_string(t), std::to_string(i));
                    else if (cases.list(of_place(district()), {}).total != 1)
                        ++errors;
                }
            } catch (const std::exception& error) {
                ++errors;
                ADD_FAILURE() << error.what();
            }
        });
    threads.clear();
    EXPECT_EQ(errors, 0);
}

TEST(SqliteFaultTest, ALockedFileIsUnavailableAndThenServesAgain) {
    Folder folder;
    TestClock clock;
    const auto url = "sqlite:" + folder.file("a.db");
    Database ours({url, secret, 2, 100}, clock), other({url, secret, 2, 100}, clock);
    migrate(ours);
    other.impl().write([&](Connection&) {
        EXPECT_THROW(Rules(ours).put_setting("a", "1"), StoreUnavailable);
        EXPECT_FALSE(Rules(ours).setting("a")); // reading goes on
    });
    Rules(ours).put_setting("a", "2");
    EXPECT_EQ(Rules(ours).setting("a"), "2");
}

TEST(SqliteFaultTest, AFullFileTakesNothingAndThenServesAgain) {
    Folder folder;
    TestClock clock;
    Database database({"sqlite:" + folder.file("a.db"), secret, 2, 100}, clock);
    migrate(database);
    Rules rules(database);
    const auto limit = [&](const char* pragma) {
        database.impl().write([&](Connection& connection) { connection.run_script(pragma); });
    };
    limit("PRAGMA max_page_count = 1"); // SQLite takes the present size
    EXPECT_THROW(rules.put_setting("big", std::string(1'000'000, 'x')), StoreUnavailable);
    EXPECT_FALSE(rules.setting("big"));
    rules.put_setting("big", std::string(1'000'000, 'x')); // a new session, without the limit
    EXPECT_EQ(rules.setting("big")->size(), 1'000'000U);
}

TEST(SqliteFaultTest, AFileThatCantBeOpenedOrIsNoDatabase) {
    Folder folder;
    TestClock clock;
    Database nowhere({"sqlite:" + folder.file("no/such/folder.db"), secret, 2, 100}, clock);
    EXPECT_THROW(migrate(nowhere), StoreUnavailable);
    std::filesystem::create_directory(folder.file("is_a_folder"));
    Database is_folder({"sqlite:" + folder.file("is_a_folder"), secret, 2, 100}, clock);
    EXPECT_THROW(Rules(is_folder).setting("a"), StoreUnavailable);
}

TEST(SqliteFaultTest, TheFileIsItsOwnersOnly) {
    Folder folder;
    TestClock clock;
    Database database({"sqlite:" + folder.file("a b.db"), secret, 2, 100}, clock);
    migrate(database);
    struct stat info {};
    ASSERT_EQ(::stat(folder.file("a b.db").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 077U, 0U);
}

// One server of its own: these tests stop it.
TEST(MariaDbFaultTest, AServerThatGoesAwayIsUnavailableAndThenServesAgain) {
    cunmai::test::MariaDbServer server;
    cunmai::test::run_on_mariadb(server.url(""), "CREATE DATABASE gone");
    TestClock clock;
    Database database({server.url("gone"), secret, 3, 1000}, clock);
    migrate(database);
    Rules rules(database);
    rules.put_setting("a", "1");

    // Killed between a statement and COMMIT: nobody knows whether it was kept.
    try {
        database.impl().write([&](Connection& connection) {
            connection.run("service.put_setting", {{"setting_key", "a"}, {"value", "2"}});
            server.kill();
        });
        ADD_FAILURE() << "a commit without a server";
    } catch (const StoreUnavailable& fault) { EXPECT_TRUE(fault.outcome_unknown); }
    try {
        rules.put_setting("a", "3");
        ADD_FAILURE() << "written without a server";
    } catch (const StoreUnavailable& fault) {
        EXPECT_FALSE(fault.outcome_unknown); // nothing was sent
    }
    EXPECT_THROW(rules.setting("a"), StoreUnavailable);

    server.start();
    EXPECT_EQ(rules.setting("a"), "1");
    rules.put_setting("a", "4");

    // A restart while all sessions are idle goes unnoticed.
    server.stop();
    server.start();
    EXPECT_EQ(rules.setting("a"), "4");
    rules.put_setting("a", "5");
    server.stop();
    server.start();
    rules.put_setting("a", "6"); // the first thing is a write
    EXPECT_EQ(rules.setting("a"), "6");
}

TEST(MariaDbFaultTest, ADeadlockIsSettledByRetrying) {
    TestClock clock;
    Database database({cunmai::test::new_mariadb_database(), secret, 4, 5000}, clock);
    migrate(database);
    Rules rules(database);
    rules.put_setting("a", "0");
    rules.put_setting("b", "0");
    std::barrier both_hold_one(2);
    std::atomic<int> runs{0};
    const auto cross = [&](const std::string& first, const std::string& second) {
        bool first_run = true;
        database.impl().write([&](Connection& connection) {
            ++runs;
            const auto bump = [&](const std::string& key) {
                connection.run_text("UPDATE settings SET value = value + 1 WHERE setting_key = :k", {{"k", key}});
            };
            bump(first);
            if (std::exchange(first_run, false)) both_hold_one.arrive_and_wait();
            bump(second);
        });
    };
    std::jthread other([&] { cross("b", "a"); });
    cross("a", "b");
    other.join();
    EXPECT_GT(runs, 2); // one of them was the victim and ran again
    EXPECT_EQ(rules.setting("a"), "2");
    EXPECT_EQ(rules.setting("b"), "2");
}

// ---- error codes of MariaDB (trust.md §2) ---------------------------------------------------------------------------

class ErrorCodeTest : public testing::TestWithParam<int> {
  protected:
    ErrorCodeTest() {
        Database::Options options{cunmai::test::new_mariadb_database(), secret, 4, 5000};
        options.probe = [this](std::string_view what) {
            if (what == "COMMIT" && at_commit && faults-- > 0) throw soci::mysql_soci_error("planted", GetParam());
        };
        database = std::make_unique<Database>(options, clock);
        migrate(*database);
    }

    // Writes. The first `faults` times the database gives this error, at the statement or at COMMIT.
    void put() {
        database->impl().write([&](Connection& connection) {
            connection.run("service.put_setting", {{"setting_key", "run" + std::to_string(++runs)}, {"value", ""}});
            if (!at_commit && faults-- > 0)
                connection.run_text("SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = " + std::to_string(GetParam()));
        });
    }
    bool is_there(int run) { return Rules(*database).setting("run" + std::to_string(run)).has_value(); }
    void expect_fault(bool unknown) {
        try {
            put();
            ADD_FAILURE() << "no fault";
        } catch (const StoreUnavailable& fault) { EXPECT_EQ(fault.outcome_unknown, unknown) << fault.what(); }
    }

    TestClock clock;
    std::unique_ptr<Database> database;
    bool at_commit = false;
    int faults = 0, runs = 0;
};

using TryAgainCodeTest = ErrorCodeTest;    // nothing was kept: the whole command runs again
using SessionCodeTest = ErrorCodeTest;     // this session is of no use, another may be
using UnavailableCodeTest = ErrorCodeTest; // the caller must come back later

TEST_P(TryAgainCodeTest, IsRetriedAtAStatement) {
    faults = 2;
    put();
    EXPECT_EQ(runs, 3);
    EXPECT_FALSE(is_there(1) || is_there(2));
    EXPECT_TRUE(is_there(3));
}

TEST_P(TryAgainCodeTest, IsRetriedAtCommit) {
    at_commit = true;
    faults = 2;
    put();
    EXPECT_EQ(runs, 3);
    EXPECT_FALSE(is_there(1) || is_there(2));
    EXPECT_TRUE(is_there(3));
}

TEST_P(TryAgainCodeTest, IsToldAfterFiveTimes) {
    for (const bool commit : {false, true}) {
        at_commit = commit;
        faults = 100;
        runs = 0;
        expect_fault(false);
        EXPECT_EQ(runs, 5);
        faults = 0;
    }
    EXPECT_FALSE(is_there(1) || is_there(5));
}

// A deadlock and a failed certification; a lock wait that took too long; a row that changed since the snapshot.
INSTANTIATE_TEST_SUITE_P(MariaDb, TryAgainCodeTest, testing::Values(1213, 1205, 1020));

TEST_P(SessionCodeTest, AnotherSessionIsTakenAtAStatement) {
    faults = 1;
    put();
    EXPECT_EQ(runs, 2);
    EXPECT_FALSE(is_there(1));
    EXPECT_TRUE(is_there(2));
}

TEST_P(SessionCodeTest, IsUnknownAtCommit) {
    at_commit = true;
    faults = 1;
    expect_fault(true);
    EXPECT_EQ(runs, 1) << "perhaps it was kept: not for the executor to do it again";
    put();
    EXPECT_TRUE(is_there(2));
}

// A node without a majority; a server that went away, before the statement and during it.
INSTANTIATE_TEST_SUITE_P(MariaDb, SessionCodeTest, testing::Values(1047, 2006, 2013));

TEST_P(UnavailableCodeTest, IsToldAtOnce) {
    for (const bool commit : {false, true}) {
        at_commit = commit;
        faults = 1;
        runs = 0;
        expect_fault(commit);
        EXPECT_EQ(runs, 1);
        EXPECT_FALSE(is_there(1));
    }
    faults = 0;
    put();
    EXPECT_TRUE(is_there(2));
}

// "Got error during COMMIT"; the disk is full.
INSTANTIATE_TEST_SUITE_P(MariaDb, UnavailableCodeTest, testing::Values(1180, 1021));

TEST(MariaDbFaultTest, AServerThatMayLoseCommitsIsRefused) {
    cunmai::test::MariaDbServer server;
    cunmai::test::run_on_mariadb(server.url(""), "CREATE DATABASE weak");
    cunmai::test::run_on_mariadb(server.url(""), "SET GLOBAL innodb_flush_log_at_trx_commit = 2");
    TestClock clock;
    Database database({server.url("weak"), secret, 2, 1000}, clock);
    EXPECT_THROW(migrate(database), std::runtime_error);
}

// A damaged trigger file, as here, gives the error that was seen in a cluster with intact files.
TEST(MariaDbFaultTest, ATableWhoseTriggerCouldNotBeReadIsOpenedAnew) {
    cunmai::test::MariaDbServer server;
    cunmai::test::run_on_mariadb(server.url(""), "CREATE DATABASE spoilt CHARACTER SET utf8mb4");
    TestClock clock;
    Database database({server.url("spoilt"), secret, 2, 1000}, clock);
    migrate(database);
    const auto file = server.data_folder() + "/spoilt/access_log.TRG";
    std::ostringstream right;
    right << std::ifstream(file).rdbuf();
    auto wrong = right.str();
    wrong.replace(wrong.find("SIGNAL"), 6, "SIGN");
    const auto row_by_another = [&](const std::string& id) {
        cunmai::test::run_on_mariadb(server.url("spoilt"), "INSERT INTO spoilt.access_log VALUES ('" + id +
                                                               "', 0, '', '', '', '', '', 0, '')");
    };
    cunmai::test::run_on_mariadb(server.url("spoilt"), "FLUSH TABLES spoilt.access_log");
    std::ofstream(file) << wrong;
    EXPECT_THROW(row_by_another("1"), std::runtime_error);
    std::ofstream(file) << right.str();
    EXPECT_THROW(row_by_another("2"), std::runtime_error) << "it remembers";

    AccessLog log(database);
    log.add({clock.now(), {}, "GET", "/x", "", "", "", 200});
    EXPECT_EQ(log.list({}).size(), 1U);
    row_by_another("3");
}

TEST(DatabaseUrlTest, NamesThePartsAndNeverThePassword) {
    const auto url = parse_database_url("mysql://us%40er:p%3Aa%2Fs's%5C@db.example:3307/cun%20mai");
    EXPECT_EQ(url.user, "us@er");
    EXPECT_EQ(url.password, "p:a/s's\\");
    ASSERT_EQ(url.hosts.size(), 1U);
    EXPECT_EQ(url.hosts[0].name, "db.example");
    EXPECT_EQ(url.hosts[0].port, 3307);
    EXPECT_EQ(url.schema, "cun mai");
    EXPECT_EQ(parse_database_url("sqlite:/a b.db").file, "/a b.db");
    for (const std::string bad : {"", "sqlite:", "sqlite::memory:", "postgres://x/y", "mysql://u:geheim@host",
                                  "mysql://u:geheim@host:99999/x", "mysql://u:geheim@/x", "mysql://u:%zz@host/x"})
        try {
            parse_database_url(bad);
            ADD_FAILURE() << bad;
        } catch (const std::invalid_argument& error) {
            EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("geheim")));
        }
}

// Another server, with another database of the same name, may be behind the Unix socket.
TEST(DatabaseUrlTest, AnyHostWithAPortIsReachedAtThatPort) {
    EXPECT_THAT(soci_parameters(parse_database_url("mysql://u@localhost/x")), testing::HasSubstr("host='localhost'"));
    cunmai::test::MariaDbServer one, two;
    TestClock clock;
    for (const auto* server : {&one, &two}) {
        cunmai::test::run_on_mariadb(server->url(""), "CREATE DATABASE cunmai");
        Database database({"mysql://root@localhost:" + std::to_string(server->port()) + "/cunmai", secret, 2, 1000},
                          clock);
        int port = 0;
        database.impl().read([&](Connection& connection) { connection.first_text("SELECT @@port", {}, {port}); });
        EXPECT_EQ(port, server->port());
    }
}

TEST(DatabaseUrlTest, APasswordOfAnySignsSignsIn) {
    cunmai::test::MariaDbServer server;
    cunmai::test::run_on_mariadb(server.url(""), "CREATE DATABASE cunmai");
    cunmai::test::run_on_mariadb(server.url(""),
                                 R"(CREATE USER 'cun mai'@'127.0.0.1' IDENTIFIED BY 'p:a/s"s @x\\\'y')");
    cunmai::test::run_on_mariadb(server.url(""), "GRANT ALL ON cunmai.* TO 'cun mai'@'127.0.0.1'");
    TestClock clock;
    const auto port = std::to_string(server.port());
    Database right({"mysql://cun%20mai:p%3Aa%2Fs%22s%20%40x%5C'y@127.0.0.1:" + port + "/cunmai", secret, 2, 1000},
                   clock);
    migrate(right);
    Database wrong({"mysql://cun%20mai:geheim@127.0.0.1:" + port + "/cunmai", secret, 2, 1000}, clock);
    try {
        migrate(wrong);
        ADD_FAILURE() << "signed in with a wrong password";
    } catch (const StoreUnavailable& fault) { EXPECT_THAT(fault.what(), testing::Not(testing::HasSubstr("geheim"))); }
}

} // namespace cunmai::db::test
