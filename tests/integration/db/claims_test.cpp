// Two claimers that looked at the same moment and take one after the other: what is claimed is theirs alone. The writer
// is held until both have looked, so it does not depend on time.
#include "tests/integration/db/fixture.hpp"
#include "tests/integration/db/gate.hpp"

#include "db/kernel/database_impl.hpp"

#include <thread>

namespace cunmai::db::test {

class Claims : public DatabaseTest {
  protected:
    Claims() {
        Database::Options options{url, secret, 8, 5000};
        options.lanes = 1;
        options.probe = [this](std::string_view what) { gate(what); };
        server = std::make_unique<Database>(options, clock);
        import_places();
        const auto row = open_case("c1", village(1, 1), {{"nominate", "town_supervisor", "", {}, ""}});
        database.write([&](Transaction& tx) {
            for (int i = 0; i < 3; ++i) tx.post(row, event_of(row, {"a"}, "open"), {"topic", {"town_officer"}, "", {}});
            tx.add_timers(row, {{"t1", clock.now(), "remind"}, {"t2", clock.now(), "remind"}});
        });
        for (const std::string id : {"m1", "m2"})
            Outbox(database).queue_mail({id, "o", "of " + id, "a@b.test", "s", "b"});
    }

    // Both look while a write is being committed, and take when it has been.
    template <class Claim> auto both(const Claim& claim) {
        using Won = decltype(claim(0));
        std::array<Won, 2> won{};
        gate.close();
        std::vector<std::jthread> threads;
        threads.emplace_back([&] { Rules(*server).put_setting("first", "1"); });
        gate.await_commit();
        for (std::size_t i = 0; i < 2; ++i) {
            threads.emplace_back([&, i] { won[i] = claim(static_cast<int>(i)); });
            await_queue(*server, i + 2);
        }
        gate.open();
        threads.clear();
        return won;
    }

    template <class Won, class Name> void expect_shared(const std::array<Won, 2>& won, std::size_t all, Name name) {
        const auto first = names_of(won[0], name), second = names_of(won[1], name);
        EXPECT_EQ(first.size(), all) << "who came first takes all";
        EXPECT_THAT(second, testing::IsEmpty()) << "and the second one nothing";
    }

    Gate gate;
    std::unique_ptr<Database> server;
};
ON_BOTH_DATABASES(Claims);

TEST_P(Claims, OfNoticesAreDividedAndLastForTheirLease) {
    Outbox outbox(*server);
    const auto won = both([&](int) { return outbox.claim(10, clock.now(), 60); });
    expect_shared(won, 3, [](const auto& item) { return item.id; });
    for (const auto& item : won[0]) EXPECT_EQ(item.attempts, 1);
    EXPECT_THAT(outbox.claim(10, clock.now().plus_seconds(59), 60), testing::IsEmpty());
    EXPECT_EQ(outbox.claim(10, clock.now().plus_seconds(60), 60).size(), 3U) << "its server is gone";
}

TEST_P(Claims, OfMailsAreDividedAndLastForTheirLease) {
    Outbox outbox(*server);
    const auto won = both([&](int) { return outbox.claim_mail(10, clock.now(), 60); });
    expect_shared(won, 2, [](const auto& mail) { return mail.id; });
    EXPECT_THAT(outbox.claim_mail(10, clock.now().plus_seconds(59), 60), testing::IsEmpty());
    EXPECT_EQ(outbox.claim_mail(10, clock.now().plus_seconds(60), 60).size(), 2U);
}

TEST_P(Claims, OfTimersAreDividedAndLastForTheirLease) {
    Timers timers(*server);
    const auto won = both([&](int) { return timers.claim(10, clock.now(), 60); });
    expect_shared(won, 2, [](const auto& timer) { return timer.key; });
    EXPECT_THAT(timers.claim(10, clock.now().plus_seconds(59), 60), testing::IsEmpty());
    EXPECT_EQ(timers.claim(10, clock.now().plus_seconds(60), 60).size(), 2U);
}

TEST_P(Claims, OfATaskAreOnePersons) {
    Cases others(*server);
    const std::array<PersonId, 2> officers{PersonId{"a"}, PersonId{"a1"}};
    const auto won = both([&](int i) {
        return others.claim(of_place(town(1), "town_supervisor", officers[static_cast<std::size_t>(i)]), {"c1"},
                            "nominate", true);
    });
    EXPECT_TRUE(won[0]);
    EXPECT_FALSE(won[1]);
    EXPECT_EQ(others.worklist(of_place(town(1), "town_supervisor"), {}, "2025-03-01").items.at(0).claimed_by,
              officers[0]);
}

// A claimer whose lease ended finds that another one works on the item: whatever it does then changes nothing.
TEST_P(Claims, ALostLeaseChangesNothing) {
    Outbox outbox(*server);
    const auto lost = outbox.claim(10, clock.now(), 60), held = outbox.claim(10, clock.now().plus_seconds(60), 60);
    ASSERT_EQ(held.size(), 3U);
    outbox.done(lost[0]);
    outbox.retry(lost[1], "late", clock.now(), true);
    EXPECT_THAT(outbox.failures(10), testing::IsEmpty());
    EXPECT_EQ(outbox.claim(10, clock.now().plus_seconds(120), 60).size(), 3U) << "none is done or dead";

    const auto lost_mail = outbox.claim_mail(10, clock.now(), 60);
    ASSERT_EQ(outbox.claim_mail(10, clock.now().plus_seconds(60), 60).size(), 2U);
    outbox.mail_sent(lost_mail[0], clock.now());
    outbox.mail_failed(lost_mail[1], "late", clock.now(), true);
    EXPECT_EQ(outbox.claim_mail(10, clock.now().plus_seconds(120), 60).size(), 2U);
}

} // namespace cunmai::db::test
