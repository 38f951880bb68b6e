// Group commit: what waits shares a transaction, and everybody gets their own outcome (db/kernel/executor.hpp).
#include "tests/integration/db/fixture.hpp"
#include "tests/integration/db/gate.hpp"

#include "db/kernel/database_impl.hpp"
#include "db/kernel/transaction.hpp"
#include "db/operations/migrations.hpp"

#include <thread>

namespace cunmai::db::test {

class ExecutorTest : public DatabaseTest {
  protected:
    ExecutorTest() { open_store(2000); }

    void open_store(std::size_t queue_max) {
        store.reset();
        Database::Options options{url, secret, 8, 5000};
        options.lanes = 1;
        options.queue_max = queue_max;
        options.probe = [this](std::string_view what) { gate(what); };
        store = std::make_unique<Database>(options, clock);
    }

    static void put(Connection& connection, const std::string& key) {
        connection.run("service.put_setting", {{"setting_key", key}, {"value", "1"}});
    }

    static void keep_reply(Connection& connection, const std::string& key) {
        connection.add_later(reply_row, reply_params({"a"}, key, {"c"}, {"h", {{"n", 1}}}));
    }
    static int replies(Connection& connection) {
        int count = 0;
        connection.first_text("SELECT COUNT(*) FROM command_keys", {}, {count});
        return count;
    }
    int replies() {
        int count = 0;
        store->impl().read([&](Connection& c) { count = replies(c); });
        return count;
    }

    // Runs one piece of work that waits at its COMMIT, and the given ones behind it, which thus form one batch.
    std::vector<std::exception_ptr> run_behind_one(const std::vector<Executor::Work>& works) {
        std::vector<std::exception_ptr> outcomes(works.size());
        gate.close();
        std::vector<std::jthread> threads;
        threads.emplace_back([&] { store->impl().write([](Connection& c) { put(c, "first"); }); });
        gate.await_commit();
        for (std::size_t i = 0; i < works.size(); ++i) {
            threads.emplace_back([&, i] {
                try {
                    store->impl().write(works[i]);
                } catch (...) { outcomes[i] = std::current_exception(); }
            });
            await_queue(*store, i + 2); // in this order
        }
        gate.open();
        threads.clear();
        return outcomes;
    }
    bool is_there(const std::string& key) { return Rules(database).setting(key).has_value(); }

    Gate gate;
    std::unique_ptr<Database> store;
};
ON_BOTH_DATABASES(ExecutorTest);

TEST_P(ExecutorTest, WhatWaitsSharesOneCommit) {
    std::vector<Executor::Work> works;
    for (int i = 0; i < 10; ++i) works.push_back([i](Connection& c) { put(c, "k" + std::to_string(i)); });
    for (const auto& outcome : run_behind_one(works)) EXPECT_FALSE(outcome);
    EXPECT_EQ(gate.commits(), 2);
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(is_there("k" + std::to_string(i)));
}

TEST_P(ExecutorTest, AFailingWorkSpoilsNothing) {
    const auto outcomes = run_behind_one({
        [](Connection& c) { put(c, "before"); },
        [](Connection& c) {
            put(c, "half");
            keep_reply(c, "k");
            throw std::out_of_range("a bug of this work");
        },
        [](Connection& c) {
            put(c, "wrong_sql");
            c.run_text("UPDATE no_such_table SET x = 1");
        },
        [](Connection& c) { put(c, "after"); },
    });
    EXPECT_FALSE(outcomes[0]);
    EXPECT_THROW(std::rethrow_exception(outcomes[1]), std::out_of_range);
    EXPECT_THROW(std::rethrow_exception(outcomes[2]), std::logic_error);
    EXPECT_FALSE(outcomes[3]);
    EXPECT_EQ(gate.commits(), 2); // still one for all of them
    EXPECT_TRUE(is_there("before") && is_there("after"));
    EXPECT_FALSE(is_there("half") || is_there("wrong_sql"));
    store->read([](Transaction& tx) { EXPECT_FALSE(tx.reply({"a"}, "k")); });
}

TEST_P(ExecutorTest, ABatchThatFailsIsRunWorkByWork) {
    std::atomic<int> runs{0};
    const std::vector<Executor::Work> works{
        [](Connection& c) { put(c, "k0"); },
        [&](Connection& c) { put(c, "runs" + std::to_string(++runs)); },
        [&, armed = std::make_shared<bool>(true)](Connection& c) {
            if (std::exchange(*armed, false))
                gate.fail_once("COMMIT", [] { throw StoreUnavailable("certification failed"); });
            put(c, "k2");
        },
    };
    for (const auto& outcome : run_behind_one(works)) EXPECT_FALSE(outcome);
    EXPECT_EQ(gate.commits(), 5); // the first, the batch that failed, and each alone
    EXPECT_TRUE(is_there("k0") && is_there("k2") && is_there("runs2"));
    EXPECT_FALSE(is_there("runs1"));
}

TEST_P(ExecutorTest, AFaultInsideAWorkIsTriedAgainAlone) {
    const auto armed = std::make_shared<bool>(true);
    const auto outcomes = run_behind_one({
        [](Connection& c) { put(c, "k0"); },
        [armed](Connection& c) {
            put(c, "k1");
            if (std::exchange(*armed, false)) throw TryAgain("a key is in use");
        },
    });
    EXPECT_FALSE(outcomes[0] || outcomes[1]);
    EXPECT_TRUE(is_there("k0") && is_there("k1"));
    EXPECT_EQ(gate.commits(), 3);
}

TEST_P(ExecutorTest, AnUnknownCommitIsToldToEverybodyInIt) {
    const auto outcomes = run_behind_one({
        [](Connection& c) { put(c, "k0"); },
        [this](Connection& c) {
            gate.fail_once("COMMITTED", [] { throw StoreUnavailable("the line went dead", true); });
            put(c, "k1");
        },
    });
    for (const auto& outcome : outcomes) {
        try {
            std::rethrow_exception(outcome);
        } catch (const StoreUnavailable& fault) { EXPECT_TRUE(fault.outcome_unknown); }
    }
    EXPECT_TRUE(is_there("k0") && is_there("k1")); // as it happens
}

TEST_P(ExecutorTest, AFullQueueRefusesAtOnceAndLosesNothing) {
    open_store(3);
    gate.close();
    std::vector<std::jthread> threads;
    threads.emplace_back([&] { store->impl().write([](Connection& c) { put(c, "k0"); }); });
    gate.await_commit();
    for (int i = 1; i < 3; ++i)
        threads.emplace_back([&, i] { store->impl().write([i](Connection& c) { put(c, "k" + std::to_string(i)); }); });
    await_queue(*store, 3);
    EXPECT_THROW(store->impl().write([](Connection& c) { put(c, "refused"); }), Busy);
    gate.open();
    threads.clear();
    EXPECT_TRUE(is_there("k0") && is_there("k1") && is_there("k2"));
    EXPECT_FALSE(is_there("refused"));
    store->impl().write([](Connection& c) { put(c, "later"); });
    EXPECT_TRUE(is_there("later"));
}

TEST_P(ExecutorTest, AWriteInsideAWriteIsABug) {
    EXPECT_THROW(store->impl().write([&](Connection&) { store->impl().write([](Connection&) {}); }), std::logic_error);
}

TEST_P(ExecutorTest, TheSameCommandTwiceInOneBatchFindsItsReply) {
    std::optional<StoredReply> found;
    std::vector<std::jthread> threads;
    gate.close();
    threads.emplace_back([&] { store->impl().write([](Connection& c) { put(c, "first"); }); });
    gate.await_commit();
    threads.emplace_back([&] { store->impl().write([](Connection& c) { keep_reply(c, "k"); }); });
    await_queue(*store, 2);
    threads.emplace_back([&] { store->write([&](Transaction& tx) { found = tx.reply({"a"}, "k"); }); });
    await_queue(*store, 3);
    gate.open();
    threads.clear();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->body_hash, "h");
    EXPECT_EQ(found->outcome, Json({{"n", 1}}));
}

// ---- rows that wait for COMMIT --------------------------------------------------------------------------------------

TEST_P(ExecutorTest, RowsOfABatchAreWrittenTogether) {
    const auto& written = store->impl().counters().write_statements;
    std::int64_t before = 0;
    std::vector<Executor::Work> works{[&](Connection&) { before = written; }};
    for (int i = 0; i < 10; ++i) works.push_back([i](Connection& c) { keep_reply(c, "k" + std::to_string(i)); });
    for (const auto& outcome : run_behind_one(works)) EXPECT_FALSE(outcome);
    EXPECT_EQ(replies(), 10);
    EXPECT_EQ(written - before, 1);
}

TEST_P(ExecutorTest, WhatWaitsIsSeenByAStatementOnItsTable) {
    const auto outcomes = run_behind_one({
        [](Connection& c) { keep_reply(c, "earlier"); },
        [](Connection& c) {
            keep_reply(c, "own");
            EXPECT_EQ(replies(c), 2);
            keep_reply(c, "later");
            throw std::out_of_range("this work is undone, with what was already written of it");
        },
        [](Connection& c) { EXPECT_EQ(replies(c), 1); },
        [](Connection& c) {
            keep_reply(c, "original");
            c.run_text(
                "INSERT INTO command_keys (actor, command_key, case_id, body_hash, outcome) SELECT actor, 'copy', "
                "case_id, body_hash, outcome FROM command_keys WHERE command_key = 'original'");
        },
    });
    EXPECT_FALSE(outcomes[0] || outcomes[2] || outcomes[3]);
    EXPECT_THROW(std::rethrow_exception(outcomes[1]), std::out_of_range);
    EXPECT_EQ(gate.commits(), 2);
    EXPECT_EQ(replies(), 3);
}

TEST_P(ExecutorTest, MoreIsSaidOnlyInARowOfTheSameWork) {
    const auto outcomes = run_behind_one({
        [](Connection& c) { keep_reply(c, "earlier"); },
        [](Connection& c) { EXPECT_EQ(c.last_waiting(reply_row), nullptr); },
        [](Connection& c) {
            keep_reply(c, "own");
            put(c, "another kind");
            ASSERT_TRUE(c.last_waiting(reply_row));
            EXPECT_EQ(std::get<std::string>(c.last_waiting(reply_row)->at(1).value), "own");
        },
    });
    for (const auto& outcome : outcomes) EXPECT_FALSE(outcome);
}

TEST_P(ExecutorTest, AKeyThatIsThereAlreadyHitsOnlyItsOwnWork) {
    store->impl().write([](Connection& c) { keep_reply(c, "k"); });
    const auto outcomes = run_behind_one({
        [](Connection& c) { put(c, "k0"); },
        [](Connection& c) { keep_reply(c, "k"); },
        [](Connection& c) { put(c, "k1"); },
    });
    EXPECT_FALSE(outcomes[0] || outcomes[2]);
    EXPECT_THROW(std::rethrow_exception(outcomes[1]), StoreUnavailable);
    EXPECT_TRUE(is_there("k0") && is_there("k1"));
}

TEST_P(ExecutorTest, ABatchIsNeverCommittedHalfwayByASchemaChange) {
    const auto outcomes = run_behind_one({
        [](Connection& c) { put(c, "k0"); },
        [](Connection& c) { c.run_text("CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER)"); },
        [this](Connection& c) {
            EXPECT_FALSE(migration_status(*store).empty()); // reads only, on a session of its own
            put(c, "k1");
        },
    });
    EXPECT_FALSE(outcomes[0] || outcomes[2]);
    EXPECT_THROW(std::rethrow_exception(outcomes[1]), std::logic_error);
    EXPECT_EQ(gate.commits(), 2);
    EXPECT_TRUE(is_there("k0") && is_there("k1"));
}

TEST_P(ExecutorTest, ACaseChangedTwiceInOneBatch) {
    CaseRow row;
    row.id.text = "c1";
    row.definition = "leave_request";
    row.definition_version = 1;
    row.version = 1;
    row.state = "asked";
    row.place = {"990101", "示例村", "9901", "village", "/9901/990101/"};
    store->write([&](Transaction& tx) {
        tx.insert(row);
        tx.set_tasks(row, {{"grant", "superior", "", {}, ""}});
    });
    const auto step = [&](const std::string& state, bool fails) {
        return [&, state, fails](Transaction& tx) {
            const auto before = *tx.load(row.id);
            auto after = before;
            after.state = state;
            ++after.version;
            after.facts["by"].push_back(state);
            EXPECT_TRUE(tx.move(before, after));
            tx.set_tasks(after, {{state, "superior", "", {}, ""}});
            tx.add_timers(after, {{"t", {9}, state}});
            if (fails) throw std::out_of_range("undone");
        };
    };
    const Expected expected{"c1", row.id, {"ann"}, "key"};
    gate.close();
    std::vector<std::jthread> threads;
    threads.emplace_back([&] { store->impl().write([](Connection& c) { put(c, "first"); }); });
    gate.await_commit();
    std::size_t waiting = 1;
    for (const auto& [state, fails] : {std::pair{"one", false}, {"undone", true}, {"two", false}, {"three", false}}) {
        threads.emplace_back([&, work = step(state, fails)] {
            try {
                store->write_expecting(expected, work);
            } catch (const std::out_of_range&) {}
        });
        ++waiting;
        await_queue(*store, waiting);
    }
    gate.open();
    threads.clear();
    EXPECT_EQ(gate.commits(), 2);
    store->read([&](Transaction& tx) {
        const auto now = tx.load(row.id);
        ASSERT_TRUE(now);
        EXPECT_EQ(now->version, 4);
        EXPECT_EQ(now->state, "three");
        EXPECT_EQ(now->facts.at("by"), Json({"one", "two", "three"}));
    });
    store->impl().read([](Connection& c) {
        std::string command;
        EXPECT_TRUE(c.first_text("SELECT command FROM work_items WHERE command <> ''", {}, {command}));
        EXPECT_EQ(command, "three");
        EXPECT_TRUE(c.first_text("SELECT command FROM timers", {}, {command}));
        EXPECT_EQ(command, "three");
    });
}

// ---- the cache of people and rules ----------------------------------------------------------------------------------

class KnowledgeTest : public DatabaseTest {
  protected:
    std::size_t grants_seen_by(Database& by, const PersonId& who) {
        std::size_t count = 0;
        by.read([&](Transaction& tx) { count = tx.grants(who).size(); });
        return count;
    }
};
ON_BOTH_DATABASES(KnowledgeTest);

TEST_P(KnowledgeTest, AChangeIsKnownAtOnceOnEveryServer) {
    import_places();
    auto other = open(url);
    const auto ann = person("ann");
    EXPECT_EQ(grants_seen_by(other, ann), 0u);
    grant(ann, "town_officer", town(1));
    EXPECT_EQ(grants_seen_by(database, ann), 1u);
    EXPECT_EQ(grants_seen_by(other, ann), 1u);
    People(other).remove_grant(people.grants_of(ann).at(0).id, clock.now());
    EXPECT_EQ(grants_seen_by(database, ann), 0u);

    const auto rule_on = [](Database& on) {
        Json value;
        on.write([&](Transaction& tx) { value = tx.rule("r"); });
        return value;
    };
    Rules(database).set("r", 1, ann, clock.now());
    EXPECT_EQ(rule_on(other), Json(1));
    Rules(other).set("r", 2, ann, clock.now());
    EXPECT_EQ(rule_on(database), Json(2));
}

TEST_P(KnowledgeTest, WhatIsKnownCostsNoFurtherReads) {
    import_places();
    const auto ann = person("ann");
    grant(ann, "town_officer", town(1));
    const auto know = [&](Transaction& tx) {
        tx.grants(ann);
        tx.delegations_to(ann, clock.now());
        tx.declared_interest(ann, village(1, 1).code, clock.now());
        tx.holders("town_officer", village(1, 1).path);
        tx.rule("r");
    };
    database.write(know);
    const auto before = database.impl().counters().read_statements.load();
    database.write(know);
    EXPECT_EQ(database.impl().counters().read_statements.load() - before, 1); // reads only the state's name
}

TEST_P(KnowledgeTest, WhatATransactionChangedItselfIsNotRemembered) {
    EXPECT_THROW(database.impl().write([&](Connection& connection) {
        connection.run("service.add_rule",
                       {{"rule_key", "r"}, {"version", 1}, {"value", "1"}, {"by_person", "x"}, {"at", 0}});
        EXPECT_FALSE(connection.knowledge_name());
        throw std::runtime_error("undone");
    }),
                 std::runtime_error);
    database.read([](Transaction& tx) { EXPECT_TRUE(tx.rule("r").is_null()); });
}

} // namespace cunmai::db::test
