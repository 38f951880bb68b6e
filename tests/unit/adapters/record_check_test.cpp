// The check of a record: which damage it finds, where it begins, and how it reports the number of checked events.
#include "adapters/services/record_check.hpp"

#include <gtest/gtest.h>

namespace cunmai {
namespace {

struct Record {
    engine::CaseRow row;
    std::vector<engine::Event> events;

    explicit Record(int length) {
        row.id = {"c1"};
        for (int seq = 1; seq <= length; ++seq) {
            engine::Event event;
            event.case_id = row.id;
            event.seq = seq;
            event.payload = "{}";
            event.previous_hash = row.head_hash;
            event.hash = engine::hash_of(event);
            row.head_hash = event.hash;
            row.version = seq;
            events.push_back(event);
        }
    }
    RecordCheck check(int newest) const {
        RecordChecker checker(row, newest);
        for (const auto& event : events)
            if (event.seq > checker.after_seq()) checker.look_at(event);
        return checker.result();
    }
};

TEST(RecordCheck, AWholeRecordIsWholeHoweverLongItIs) {
    for (const int length : {1, 2, 499, 500, 501, 2'001, 12'000}) {
        const auto check = Record(length).check(500);
        EXPECT_TRUE(check.is_whole()) << length;
        EXPECT_EQ(check.events, length);
        EXPECT_EQ(check.checked, std::min(length, 500));
        EXPECT_EQ(check.covers_all(), length <= 500);
    }
}

TEST(RecordCheck, NamesTheFirstEventThatDoesNotFit) {
    Record changed(9), dropped(9), cut(9), continued(9), moved_row(9), opened_elsewhere(9);
    changed.events[4].payload = R"({"x":1})";
    dropped.events.erase(dropped.events.begin() + 4);
    cut.events.pop_back();
    continued.row.version = 8; // one event more than the row knows
    moved_row.row.head_hash = engine::first_previous_hash;
    opened_elsewhere.events[0].previous_hash = std::string(64, '1');
    opened_elsewhere.events[0].hash = engine::hash_of(opened_elsewhere.events[0]);
    EXPECT_EQ(changed.check(100).broken_at, 5);
    EXPECT_EQ(dropped.check(100).broken_at, 5);
    EXPECT_EQ(cut.check(100).broken_at, 9);
    EXPECT_EQ(continued.check(100).broken_at, 9);
    EXPECT_EQ(moved_row.check(100).broken_at, 10);
    EXPECT_EQ(opened_elsewhere.check(100).broken_at, 1);
}

TEST(RecordCheck, OfTheNewestOnlyWhatLiesAmongThemIsFound) {
    Record among(9), before(9), all_gone(9);
    among.events[6].payload = before.events[2].payload = R"({"x":1})";
    all_gone.events.clear();
    EXPECT_EQ(among.check(4).broken_at, 7);
    EXPECT_TRUE(before.check(4).is_whole());
    EXPECT_FALSE(before.check(4).covers_all()); // and the result says so
    EXPECT_EQ(all_gone.check(4).broken_at, 6);
}

} // namespace
} // namespace cunmai
