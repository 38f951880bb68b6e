// Everything that a thread reads inside a Snapshot is of one moment, whatever others write meanwhile.
#include "tests/integration/db/fixture.hpp"

#include "db/kernel/database_impl.hpp"
#include "db/kernel/snapshot.hpp"

#include <thread>

namespace cunmai::db::test {

class SnapshotTest : public DatabaseTest {
  protected:
    SnapshotTest() {
        import_places();
        row_ = open_case("c1", village(1, 1));
    }
    void move(const std::string& state) {
        const auto after = moved(row_, state);
        auto event = event_of(after, {"mover"}, "move");
        event.from = row_.state;
        database.write([&](Transaction& tx) {
            tx.move(row_, after);
            tx.append(event);
        });
        row_ = after;
    }
    void move_in_another_thread(const std::string& state) {
        std::thread([&] { move(state); }).join();
    }
    std::string state() { return cases.row({"c1"})->state; }
    std::int64_t transactions() { return database.impl().counters().read_transactions; }

    CaseRow row_;
};
ON_BOTH_DATABASES(SnapshotTest);

TEST_P(SnapshotTest, ShowsOneMomentWhateverIsCommittedMeanwhile) {
    const auto before = state();
    {
        const Snapshot snapshot(database);
        EXPECT_EQ(state(), before);
        move_in_another_thread("elsewhere");
        EXPECT_EQ(state(), before);
        EXPECT_EQ(cases.list(of_place(district()), {}).rows.at(0).state, before);
        EXPECT_EQ(cases.versions({{"c1"}}).at({"c1"}), 1);
        EXPECT_EQ(cases.moves(of_place(district()), {"c1"}).size(), 1U);
        database.read([&](Transaction& tx) { EXPECT_EQ(tx.load({"c1"})->state, before); });
    }
    EXPECT_EQ(state(), "elsewhere");
}

TEST_P(SnapshotTest, IsOneTransactionAndOneInsideItIsTheSame) {
    const auto before = transactions();
    {
        const Snapshot snapshot(database);
        EXPECT_EQ(transactions(), before) << "nothing was read yet";
        static_cast<void>(state());
        {
            const Snapshot inner(database);
            static_cast<void>(state());
        }
        const auto seen = state();
        move_in_another_thread("elsewhere");
        EXPECT_EQ(state(), seen) << "the end of the inner one ended the outer one";
        EXPECT_EQ(transactions(), before + 1);
    }
    static_cast<void>(state());
    EXPECT_EQ(transactions(), before + 2);
}

TEST_P(SnapshotTest, IsOfItsOwnThreadAndDatabase) {
    const Snapshot snapshot(database);
    const auto seen = state();
    move_in_another_thread("elsewhere");
    std::string there, elsewhere;
    std::thread([&] { there = state(); }).join();
    EXPECT_EQ(there, "elsewhere");
    auto other = open(url);
    EXPECT_EQ(Cases(other).row({"c1"})->state, "elsewhere");
    EXPECT_EQ(state(), seen);
}

TEST_P(SnapshotTest, ToWriteInsideOneIsAMistake) {
    const Snapshot snapshot(database);
    static_cast<void>(state());
    EXPECT_THROW(database.write([](Transaction&) { FAIL() << "it was begun"; }), std::logic_error);
    EXPECT_FALSE(state().empty());
}

TEST_P(SnapshotTest, ManyWhoReadDoNotKeepAWriterWaiting) {
    std::atomic<int> reading = 0;
    std::atomic<bool> written = false;
    std::vector<std::thread> readers;
    for (int i = 0; i < 4; ++i) // as many as the pool has sessions
        readers.emplace_back([&] {
            const Snapshot snapshot(database);
            static_cast<void>(state());
            ++reading;
            reading.notify_all();
            written.wait(false);
        });
    for (int seen = reading; seen < 4; seen = reading) reading.wait(seen);
    move_in_another_thread("elsewhere");
    written = true;
    written.notify_all();
    for (auto& reader : readers) reader.join();
    EXPECT_EQ(state(), "elsewhere");
}

TEST_P(SnapshotTest, TheNewestEventsAndTheMovesAreTold) {
    for (const auto* to : {"second", "second", "third"}) move(to);
    const auto who = of_place(district());
    const auto numbers = [](const auto& list) {
        std::vector<std::int64_t> found;
        for (const auto& one : list) found.push_back(one.seq);
        return found;
    };
    EXPECT_THAT(numbers(cases.newest(who, {"c1"}, 100, 2)), testing::ElementsAre(3, 4));
    EXPECT_THAT(numbers(cases.newest(who, {"c1"}, 3, 2)), testing::ElementsAre(2, 3));
    EXPECT_THAT(numbers(cases.newest(who, {"c1"}, 100, 9)), testing::ElementsAre(1, 2, 3, 4));
    EXPECT_THAT(numbers(cases.moves(who, {"c1"})), testing::ElementsAre(1, 2, 4));
    EXPECT_THAT(numbers(cases.newest(of_place(village(2, 1)), {"c1"}, 100, 9)), testing::IsEmpty());
    EXPECT_THAT(numbers(cases.moves(of_place(village(2, 1)), {"c1"})), testing::IsEmpty());
}

} // namespace cunmai::db::test
