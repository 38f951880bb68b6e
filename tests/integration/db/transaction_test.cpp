// What a command reads and writes: everything comes back as it was put in, all of it or nothing.
#include "tests/integration/db/fixture.hpp"

#include "db/kernel/database_impl.hpp"

#include <barrier>
#include <thread>

namespace cunmai::db::test {

class TransactionTest : public DatabaseTest {
  protected:
    std::optional<CaseRow> load(const CaseId& id) {
        std::optional<CaseRow> row;
        database.read([&](Transaction& tx) { row = tx.load(id); });
        return row;
    }
    std::vector<WorkItem> tasks_of_town_1() { return cases.worklist(of_place(town(1)), {}, "2025-03-01").items; }
};
ON_BOTH_DATABASES(TransactionTest);

TEST_P(TransactionTest, ACaseComesBackAsItWasWritten) {
    auto row = a_case("c1", village(1, 1));
    row.parent = {"c0"};
    row.batch = "round-1";
    row.one_open_per_place = true;
    row.summary.due_on = "";
    row.facts["quote"] = "it's \"so\" \\ :name 示例😀";
    database.write([&](Transaction& tx) { tx.insert(row); });

    const auto back = load({"c1"});
    ASSERT_TRUE(back);
    EXPECT_EQ(back->facts, row.facts);
    EXPECT_EQ(back->summary, row.summary);
    EXPECT_EQ(back->place.path, row.place.path);
    EXPECT_EQ(back->place.name, row.place.name);
    EXPECT_EQ(back->place.parent, row.place.parent);
    EXPECT_EQ(back->place.level, row.place.level);
    EXPECT_EQ(back->parent, row.parent);
    EXPECT_EQ(back->batch, row.batch);
    EXPECT_EQ(back->head_hash, first_previous_hash);
    EXPECT_EQ(back->opened_at, row.opened_at);
    EXPECT_TRUE(back->one_open_per_place);
    EXPECT_FALSE(back->final);
    EXPECT_FALSE(load({"c2"}));
}

TEST_P(TransactionTest, EventsComeBackWithTheSameHash) {
    open_case("c1", village(1, 1));
    const auto events = cases.events({"c1"});
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0], event_of(a_case("c1", village(1, 1)), {"opener"}, "open"));
    EXPECT_EQ(hash_of(events[0]), events[0].hash);
}

TEST_P(TransactionTest, AnExceptionTakesEverythingBack) {
    const auto row = a_case("c1", village(1, 1));
    const auto work = [&](Transaction& tx) {
        tx.insert(row);
        tx.append(event_of(row, {"a"}, "open"));
        tx.set_tasks(row, {{"nominate", "town_officer", "", {}, ""}});
        tx.post(row, event_of(row, {"a"}, "open"), {"topic", {"town_officer"}, "", {}, {}});
        throw std::runtime_error("the workflow found a contradiction");
    };
    EXPECT_THROW(database.write(work), std::runtime_error);

    EXPECT_FALSE(load({"c1"}));
    EXPECT_TRUE(cases.events({"c1"}).empty());
    EXPECT_TRUE(tasks_of_town_1().empty());
    EXPECT_TRUE(Outbox(database).claim(10, clock.now(), 60).empty());
}

TEST_P(TransactionTest, WhatIsReadIsNotWritten) {
    try { // SQLite refuses to write in a read, MariaDB as well
        database.read([&](Transaction& tx) { tx.insert(a_case("c1", village(1, 1))); });
        ADD_FAILURE() << "a read wrote";
    } catch (const std::exception&) {}
    EXPECT_FALSE(load({"c1"}));
    open_case("c2", village(1, 1)); // and the store goes on
}

TEST_P(TransactionTest, OfTwoOfficersOneMovesTheCase) {
    const auto before = open_case("c1", village(1, 1));
    constexpr int officers = 4, rounds = 10;
    std::atomic<int> won{0}, lost{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < officers; ++i)
        threads.emplace_back([&] {
            for (int moves = 0; moves < rounds;) {
                std::optional<CaseRow> seen;
                database.read([&](Transaction& tx) { seen = tx.load(before.id); });
                bool moved_it = false;
                database.write([&](Transaction& tx) { moved_it = tx.move(*seen, moved(*seen, "self_check")); });
                ++(moved_it ? won : lost);
                if (moved_it) ++moves;
            }
        });
    threads.clear();
    EXPECT_EQ(won, officers * rounds);
    EXPECT_EQ(load({"c1"})->version, 1 + officers * rounds); // no update was lost
}

TEST_P(TransactionTest, ALoadedCaseStaysAsItIsUntilCommit) {
    open_case("c1", village(1, 1));
    std::atomic<int> inside{0};
    bool overlapped = false;
    const auto increment = [&] {
        for (int i = 0; i < 20; ++i)
            database.write([&](Transaction& tx) {
                const auto row = tx.load({"c1"});
                if (++inside != 1) overlapped = true;
                ASSERT_TRUE(tx.move(*row, moved(*row, "self_check"))); // nobody was first: it was locked
                --inside;
            });
    };
    std::jthread other(increment);
    increment();
    other.join();
    EXPECT_FALSE(overlapped);
    EXPECT_EQ(load({"c1"})->version, 41);
}

TEST_P(TransactionTest, OnlyOneCaseIsOpenForAPlace) {
    std::atomic<int> opened{0}, refused{0};
    std::barrier start(4);
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&, i] {
            auto row = a_case("c" + std::to_string(i), village(1, 1));
            row.one_open_per_place = true;
            start.arrive_and_wait();
            try {
                database.write([&](Transaction& tx) { tx.insert(row); });
                ++opened;
            } catch (const AlreadyOpen&) { ++refused; }
        });
    threads.clear();
    EXPECT_EQ(opened, 1);
    EXPECT_EQ(refused, 3);
}

TEST_P(TransactionTest, AClosedCaseLeavesThePlaceFree) {
    auto row = a_case("c1", village(1, 1));
    row.one_open_per_place = true;
    database.write([&](Transaction& tx) { tx.insert(row); });
    auto next = a_case("c2", village(1, 1));
    next.one_open_per_place = true;
    EXPECT_THROW(database.write([&](Transaction& tx) { tx.insert(next); }), AlreadyOpen);

    auto closed = moved(row, "graduated");
    closed.final = true;
    database.write([&](Transaction& tx) {
        EXPECT_TRUE(tx.has_open_case("village_lifecycle", row.place.code));
        EXPECT_TRUE(tx.move(row, closed));
        EXPECT_FALSE(tx.has_open_case("village_lifecycle", row.place.code));
        tx.insert(next);
    });
    EXPECT_TRUE(load({"c2"}));
}

TEST_P(TransactionTest, TheSameKeyAtTheSameMomentHappensOnce) {
    const auto row = open_case("c1", village(1, 1));
    std::atomic<int> done{0}, replayed{0};
    std::barrier start(4);
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&, i] {
            bool replay = false;
            start.arrive_and_wait();
            database.write([&](Transaction& tx) {
                const auto stored = tx.reply({"a"}, "key-1");
                replay = stored.has_value();
                if (replay) {
                    EXPECT_EQ(stored->body_hash, "hash");
                    return;
                }
                tx.keep_refusal({row.id,
                                 row.definition,
                                 row.place.path,
                                 "effect",
                                 row.state,
                                 clock.now(),
                                 {"a"},
                                 {},
                                 Json::array(),
                                 "r" + std::to_string(i)});
                tx.keep_reply({"a"}, "key-1", row.id, {"hash", {{"state", "x"}}});
            });
            ++(replay ? replayed : done);
        });
    threads.clear();
    EXPECT_EQ(done, 1);
    EXPECT_EQ(replayed, 3);
    EXPECT_EQ(cases.refusals(of_place(town(1)), row.id, 10).size(), 1U); // the effect is there once
    database.read([&](Transaction& tx) {
        EXPECT_EQ(tx.reply({"a"}, "key-1")->outcome, (Json{{"state", "x"}}));
        EXPECT_FALSE(tx.reply({"b"}, "key-1")); // another actor's key is another key
    });
}

TEST_P(TransactionTest, TasksAreReplacedAndAnUnchangedOneKeepsWhoTookIt) {
    const auto row =
        open_case("c1", village(1, 1),
                  {{"nominate", "town_officer", "", {}, "2025-03-10"}, {"decline", "town_officer", "", {}, ""}});
    const auto officer = of_place(town(1));
    ASSERT_TRUE(cases.claim(officer, row.id, "nominate", true));
    const auto next = moved(row, "town_screening");
    database.write([&](Transaction& tx) {
        ASSERT_TRUE(tx.move(row, next));
        tx.set_tasks(next,
                     {{"nominate", "town_officer", "", {}, "2025-03-12"}, {"return", "town_officer", "", {}, ""}});
    });
    const auto items = tasks_of_town_1();
    EXPECT_THAT(names_of(items, [](const auto& i) { return i.command + ' ' + i.due_on + ' ' + i.claimed_by.text; }),
                testing::ElementsAre("nominate 2025-03-12 somebody", "return  "));
    EXPECT_EQ(items[0].since, row.updated_at); // it waits since then, not since the due date moved

    database.write([&](Transaction& tx) { tx.set_tasks(next, {}); });
    EXPECT_TRUE(tasks_of_town_1().empty());
}

TEST_P(TransactionTest, AnUnchangedSetWritesNothing) {
    const auto row = open_case("c1", village(1, 1));
    const std::vector<Task> tasks{{"nominate", "town_officer", "", {}, ""}, {"nominate", "town_officer", "", {}, ""}};
    const std::vector<Involvement> involved{{{"a"}, "coordinator"}, {{"a"}, "responsible"}, {{"b"}, "responsible"}};
    const auto set_all = [&](Transaction& tx) {
        tx.set_tasks(row, tasks);
        tx.set_involved(row, involved);
    };
    database.write(set_all);
    const auto before = database.impl().counters().write_statements.load();
    database.write(set_all);
    EXPECT_EQ(database.impl().counters().write_statements.load(), before);
}

TEST_P(TransactionTest, AUsualTransitionTakesSixWrites) {
    const auto row = open_case("c1", village(1, 1), {{"submit", "village_officer", "", {}, ""}});
    const auto next = moved(row, "town_screening");
    const auto before = database.impl().counters().write_statements.load();
    database.write([&](Transaction& tx) {
        tx.keep_reply({"a"}, "key", row.id, {"hash", {}});
        ASSERT_TRUE(tx.move(row, next));
        tx.append(event_of(next, {"a"}, "submit"));
        tx.set_tasks(next, {{"nominate", "town_supervisor", "", {}, ""}, {"decline", "town_supervisor", "", {}, ""}});
        tx.set_involved(next, {});
        tx.post(next, event_of(next, {"a"}, "submit"), {"submitted", {"town_officer"}, "", {}, {}});
    });
    EXPECT_LE(database.impl().counters().write_statements.load() - before, 6);
}

TEST_P(TransactionTest, AChangedPartOfAPersonReplacesOnlyTheirs) {
    const auto row = open_case("c1", village(1, 1));
    const auto a = PersonId{"a"}, b = PersonId{"b"};
    database.write([&](Transaction& tx) { tx.set_involved(row, {{a, "x"}, {a, "y"}, {b, "x"}}); });
    database.write([&](Transaction& tx) { tx.set_involved(row, {{a, "y"}, {a, "z"}, {b, "x"}}); });
    using Row = std::pair<CaseId, std::string>;
    EXPECT_THAT(people.involvements(a), testing::ElementsAre(Row{row.id, "y"}, Row{row.id, "z"}));
    EXPECT_THAT(people.involvements(b), testing::ElementsAre(Row{row.id, "x"}));
}

TEST_P(TransactionTest, TimersFireOldestFirstOnceAndGoWithTheirLease) {
    const auto row = open_case("c1", village(1, 1));
    const auto now = clock.now();
    database.write([&](Transaction& tx) {
        tx.add_timers(row, {{"late", now.plus_seconds(-10), "escalate"},
                            {"earlier", now.plus_seconds(-20), "remind"},
                            {"future", now.plus_seconds(5), "remind"}});
    });
    Timers timers(database);
    EXPECT_EQ(timers.next_due(), now.plus_seconds(-20));
    EXPECT_THAT(names_of(timers.claim(10, now, 60), [](const auto& t) { return t.key + ':' + t.command; }),
                testing::ElementsAre("earlier:remind", "late:escalate"));
    EXPECT_TRUE(timers.claim(10, now, 60).empty()); // leased
    EXPECT_THAT(names_of(timers.claim(10, now.plus_seconds(61), 60), [](const auto& t) { return t.key; }),
                testing::ElementsAre("earlier", "late", "future")); // who held them died
    database.write([&](Transaction& tx) {
        tx.finish_timer(row.id, "late", now);
        tx.finish_timer(row.id, "future", now); // wanted again, later
    });
    EXPECT_EQ(timers.next_due(), now.plus_seconds(-20));
    database.write([&](Transaction& tx) {
        tx.add_timers(row, {{"earlier", now.plus_seconds(9), "remind"}, {"new", now.plus_seconds(12), "remind"}});
    });
    EXPECT_EQ(timers.next_due(), now.plus_seconds(5)); // "earlier" is wanted later
    database.write([&](Transaction& tx) {
        for (const auto* key : {"future", "earlier"}) tx.finish_timer(row.id, key, now.plus_seconds(9));
    });
    EXPECT_EQ(timers.next_due(), now.plus_seconds(12));
    EXPECT_THAT(names_of(timers.claim(10, now.plus_seconds(12), 60), [](const auto& t) { return t.key; }),
                testing::ElementsAre("new"));
}

TEST_P(TransactionTest, ASealedBoxCountsAndTellsNothing) {
    const CaseId id{"c1"};
    database.write([&](Transaction& tx) {
        tx.box_put(id, "entry", {"a"}, "approve");
        tx.box_put(id, "entry", {"b"}, "reject");
        tx.box_put(id, "entry", {"c"}, "approve");
        tx.box_put(id, "entry", {"c"}, "abstain"); // a vote may be changed
        tx.box_put(id, "entry", {"d"}, "approve");
        tx.box_remove(id, "entry", {"d"}); // recused
        tx.box_put(id, "exit", {"a"}, "reject");
    });
    database.read([&](Transaction& tx) {
        EXPECT_EQ(tx.box_tally(id, "entry", {}), (Json{{"approve", 1}, {"reject", 1}, {"abstain", 1}}));
        EXPECT_EQ(tx.box_tally(id, "entry", {{"a"}, {"b"}}), (Json{{"abstain", 1}}));
        EXPECT_EQ(tx.box_tally({"c2"}, "entry", {}), Json::object());
    });
    std::vector<std::string> sealed;
    database.impl().read([&](Connection& connection) {
        sealed = connection.all_text<std::string>("SELECT sealed FROM ballot_box", {},
                                                  [](auto& text) { return Outs{text}; });
    });
    ASSERT_EQ(sealed.size(), 4U);
    for (const auto& text : sealed) EXPECT_EQ(text.size(), sealed[0].size());
    EXPECT_EQ(std::set<std::string>(sealed.begin(), sealed.end()).size(), 4U); // equal votes look different

    Database stolen({url, "another secret", 2, 1000}, clock);
    EXPECT_THROW(stolen.read([&](Transaction& tx) { tx.box_tally(id, "entry", {}); }), std::runtime_error);

    sql("UPDATE ballot_box SET case_id = 'c2' WHERE box = 'exit'"); // a vote carried to another case
    EXPECT_THROW(database.read([&](Transaction& tx) { tx.box_tally({"c2"}, "exit", {}); }), std::runtime_error);
    sql("UPDATE ballot_box SET case_id = 'c1' WHERE box = 'exit'");

    database.write([&](Transaction& tx) { tx.box_empty(id, "entry"); });
    database.read([&](Transaction& tx) {
        EXPECT_EQ(tx.box_tally(id, "entry", {}), Json::object());
        EXPECT_EQ(tx.box_tally(id, "exit", {}), (Json{{"reject", 1}}));
    });
}

TEST_P(TransactionTest, TheRecordCantBeChanged) {
    const auto row = open_case("c1", village(1, 1));
    database.write([&](Transaction& tx) {
        tx.keep_refusal(
            {row.id, row.definition, row.place.path, "x", row.state, clock.now(), {"a"}, {}, Json::array(), ""});
    });
    AccessLog(database).add({clock.now(), {"a"}, "GET", "/cases", "c1", "127.0.0.1", "r", 200});
    database.write([&](Transaction& tx) { tx.keep_reply({"a"}, "k", row.id, {"hash", {}}); });
    AdminLog(database).add({clock.now(), {"a"}, "person_added", {}});
    for (const std::string table : {"case_events", "refusals", "access_log", "command_keys", "admin_log"}) {
        EXPECT_ANY_THROW(sql("UPDATE " + table + " SET at = 0")) << table;
        EXPECT_ANY_THROW(sql("DELETE FROM " + table)) << table;
    }
    EXPECT_EQ(cases.events(row.id)[0].at, row.updated_at);
    EXPECT_EQ(cases.refusals(of_place(town(1)), row.id, 5).size(), 1U);
}

TEST_P(TransactionTest, IdsAreShortAndSortByTime) {
    CaseId first, second;
    database.write([&](Transaction& tx) { first = tx.new_case_id(); });
    clock.forward(1);
    database.write([&](Transaction& tx) { second = tx.new_case_id(); });
    EXPECT_THAT(first.text, testing::MatchesRegex("[0-9a-hjkmnp-tv-z]{16}"));
    EXPECT_LT(first, second);
}

TEST_P(TransactionTest, ChildrenThatAreOpenAreKnown) {
    auto child = a_case("k1", village(1, 1));
    child.parent = {"c1"};
    auto closed = child;
    closed.id = {"k2"};
    closed.final = true;
    database.write([&](Transaction& tx) {
        tx.insert(child);
        tx.insert(closed);
        EXPECT_THAT(tx.open_children({"c1"}), testing::ElementsAre(CaseId{"k1"}));
        const auto linked = tx.linked_case({"k1"});
        ASSERT_TRUE(linked);
        EXPECT_EQ(linked->state, "self_check");
        EXPECT_EQ(linked->facts, child.facts);
        EXPECT_EQ(linked->place_path, child.place.path);
        EXPECT_FALSE(tx.linked_case({"k9"}));
        std::vector<std::string> found;
        for (const auto& one : tx.linked_cases({{"k2"}, {"k9"}, {"k1"}})) found.push_back(one.id.text);
        EXPECT_THAT(found, testing::ElementsAre("k1", "k2"));
        EXPECT_TRUE(tx.linked_cases({}).empty());
    });
}

} // namespace cunmai::db::test
