// Migrations are applied once, in order, and a changed one is found; definitions keep their tables.
#include "tests/integration/db/fixture.hpp"

#include "db/kernel/database_impl.hpp"
#include "db/operations/backup_file.hpp"
#include "db/operations/definitions.hpp"
#include "db/operations/migrations.hpp"
#include "engine/fingerprint.hpp"

#include <thread>

namespace cunmai::db::test {

class MigrationTest : public DatabaseTest {
  protected:
    std::vector<std::string> tables() {
        return database.impl().reading<std::vector<std::string>>([](Connection& connection) {
            return connection.all<std::string>("tables", {}, [](std::string& name) { return Outs{name}; });
        });
    }
};
ON_BOTH_DATABASES(MigrationTest);

TEST_P(MigrationTest, TwiceIsOnce) {
    const auto before = tables();
    migrate(database);
    EXPECT_EQ(tables(), before);
    for (const auto& status : migration_status(database)) {
        EXPECT_TRUE(status.applied) << status.name;
        EXPECT_EQ(status.applied_at, "2025-03-01T08:00:00.000000Z");
    }
}

TEST_P(MigrationTest, AnEmptyDatabaseHasNoneApplied) {
    auto empty = open(new_url(GetParam()));
    const auto status = migration_status(empty);
    ASSERT_GE(status.size(), 4U);
    for (const auto& one : status) EXPECT_FALSE(one.applied);
}

TEST_P(MigrationTest, AChangedFileIsAnError) {
    sql("UPDATE schema_migrations SET sha256 = 'of another text' WHERE number = 2");
    try {
        migrate(database);
        ADD_FAILURE() << "a changed migration was accepted";
    } catch (const std::runtime_error& error) { EXPECT_THAT(error.what(), testing::HasSubstr("0002_cases.sql")); }
}

TEST_P(MigrationTest, ANewerDatabaseIsLeftAlone) {
    sql("INSERT INTO schema_migrations VALUES (999, '0999_future.sql', 'x', 0, -1)");
    EXPECT_THROW(migrate(database), std::runtime_error);
}

// A rolling upgrade: the newer program has expanded the schema, and an old server starts again.
TEST_P(MigrationTest, ANewersExpansionIsNoObstacle) {
    sql("INSERT INTO schema_migrations VALUES (999, '0999_future_expand.sql', 'x', 0, -1)");
    EXPECT_NO_THROW(migrate(database));
    for (const auto& status : migration_status(database)) EXPECT_TRUE(status.applied) << status.name;
}

TEST_P(MigrationTest, AnInterruptedMigrationGoesOn) {
    if (database.is_sqlite()) { // one transaction: as if it had never begun
        sql("DROP TRIGGER admin_log_no_delete");
        sql("DROP TRIGGER admin_log_no_update");
        sql("DROP TRIGGER access_log_no_delete");
        sql("DROP TRIGGER access_log_no_update");
        sql("DROP TRIGGER refusals_no_delete");
        sql("DROP TRIGGER refusals_no_update");
        sql("DROP TRIGGER case_events_no_delete");
        sql("DROP TRIGGER case_events_no_update");
        sql("DELETE FROM schema_migrations WHERE number = 4");
    } else { // stopped after the third table, which was made but not yet noted
        for (const auto* table : {"mails", "inbox", "document_links", "document_chunks", "documents", "drafts",
                                  "settings", "rules", "admin_log"})
            sql(std::string("DROP TABLE ") + table);
        sql("UPDATE schema_migrations SET statements_done = 2 WHERE number = 3");
        sql("DELETE FROM schema_migrations WHERE number IN (4, 15)"); // the latter has added to a table that is gone
        for (const auto* trigger : {"case_events_no_update", "case_events_no_delete", "refusals_no_update",
                                    "refusals_no_delete", "access_log_no_update", "access_log_no_delete"})
            sql(std::string("DROP TRIGGER ") + trigger);
    }
    migrate(database);
    AdminLog(database).add({clock.now(), {"a"}, "x", {}});
    EXPECT_ANY_THROW(sql("DELETE FROM admin_log"));
    for (const auto& status : migration_status(database)) EXPECT_TRUE(status.applied) << status.name;
}

TEST_P(MigrationTest, TwoServersAtOnceMigrateOnce) {
    const auto fresh = new_url(GetParam());
    auto one = open(fresh), two = open(fresh);
    std::jthread other([&] { migrate(two); });
    migrate(one);
    other.join();
    EXPECT_TRUE(migration_status(one).back().applied);
}

TEST_P(MigrationTest, EveryTableIsInTheBackupAndHasAKey) {
    // These are not in a backup: a restore makes the schema anew, and triggers count again.
    std::set<std::string> kept{"schema_migrations", "knowledge_state", "work_counts", "case_counts"};
    kept.insert("ballot_box"); // secret votes: left out
    for (const auto& table : kept_tables()) kept.emplace(table.name);
    const auto all = tables();
    EXPECT_EQ(kept, std::set<std::string>(all.begin(), all.end()));
}

TEST_P(MigrationTest, TheKeysOfSecretVotesAreForgotten) {
    import_places();
    const auto a = person("a"), b = person("b");
    auto row = open_case("c1", village(1, 1)), other = open_case("c2", village(1, 2));
    database.write([&](Transaction& tx) {
        auto vote = event_of(moved(row, "s"), a, "cast_vote");
        vote.seq = 7;
        vote.context = R"({"roles":["committee_member"],"sealed":true})";
        tx.append(vote);
        auto named = event_of(moved(other, "s"), b, "cast_vote");
        named.seq = 7;
        tx.append(named);
        tx.keep_reply(a, "secret", row.id, {"hash", {{"version", 1}}});
        tx.keep_reply(b, "another's", row.id, {"hash", {{"version", 1}}});
        tx.keep_reply(b, "named", other.id, {"hash", {{"version", 1}}});
    });
    for (const auto* later : {"command_keys_no_update", "command_keys_no_delete"})
        sql(std::string("DROP TRIGGER ") + later);
    sql("DELETE FROM schema_migrations WHERE number = 9");
    migrate(database);
    database.read([&](Transaction& tx) {
        EXPECT_FALSE(tx.reply(a, "secret"));
        EXPECT_TRUE(tx.reply(b, "another's"));
        EXPECT_TRUE(tx.reply(b, "named"));
    });
}

class OneTable final : public Definition {
  public:
    OneTable(int version, const std::string& fingerprint) {
        info_.key = "village_lifecycle";
        info_.version = version;
        info_.fingerprint = fingerprint;
    }
    const DefinitionInfo& info() const override { return info_; }
    Verdict decide(const Ask&) const override { return {}; }

  private:
    DefinitionInfo info_;
};

TEST_P(MigrationTest, AChangedTableNeedsANewVersion) {
    const OneTable first(1, sha256_hex("a")), changed(1, sha256_hex("b")), second(2, sha256_hex("b"));
    check_definitions(database, {&first});
    check_definitions(database, {&first});
    try {
        check_definitions(database, {&changed});
        ADD_FAILURE() << "a changed table was accepted";
    } catch (const std::runtime_error& error) { EXPECT_THAT(error.what(), testing::HasSubstr("version 2")); }
    check_definitions(database, {&first, &second});
}

TEST_P(MigrationTest, AChangedBodyOfAConditionNeedsANewVersion) {
    DefinitionInfo info;
    info.key = "village_lifecycle";
    info.rows.push_back({"managed", "request_exit", "exit_review", {"town_supervisor"}, {}, {"no_red_warning"}, {}});
    const OneTable first(1, fingerprint_of(info));
    check_definitions(database, {&first});
    info.revisions = {{"if no_red_warning", 2}};
    const OneTable changed(1, fingerprint_of(info)), second(2, fingerprint_of(info));
    EXPECT_THROW(check_definitions(database, {&changed}), std::runtime_error);
    EXPECT_THROW(check_definitions(database, {&second, &changed}), std::runtime_error);
    check_definitions(database, {&first, &second});
}

} // namespace cunmai::db::test
