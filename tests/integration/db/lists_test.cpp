// Lists of cases: filters, pages, totals, and nothing from outside the viewer's jurisdictions.
#include "tests/integration/db/fixture.hpp"

#include "db/cases/case_numbers.hpp"
#include "db/kernel/database_impl.hpp"

namespace cunmai::db::test {

class ListsTest : public DatabaseTest {
  protected:
    ListsTest() {
        import_places();
        for (const int t : {1, 2})
            for (const int v : {1, 2, 3}) {
                auto row = a_case("c" + std::to_string(t) + std::to_string(v), village(t, v));
                row.updated_at = row.updated_at.plus_seconds(t * 10 + v);
                row.batch = "round-1";
                if (v == 3) row.state = "managed";
                if (v == 2) row.summary.due_on = "";
                database.write([&](Transaction& tx) { tx.insert(row); });
            }
    }
    std::vector<std::string> ids(const Viewer& who, const CaseFilter& filter) {
        return names_of(cases.list(who, filter).rows, [](const auto& row) { return row.id.text; });
    }
    std::vector<std::string> ids(const CaseFilter& filter) { return ids(of_place(district()), filter); }
};
ON_BOTH_DATABASES(ListsTest);

using testing::ElementsAre;

TEST_P(ListsTest, NewestFirstUnlessAskedOtherwise) {
    EXPECT_THAT(ids({}), ElementsAre("c23", "c22", "c21", "c13", "c12", "c11"));
    CaseFilter filter;
    filter.sort = "place";
    EXPECT_THAT(ids(filter), ElementsAre("c11", "c12", "c13", "c21", "c22", "c23"));
    filter.sort = "due";
    EXPECT_THAT(ids(filter), ElementsAre("c11", "c13", "c21", "c23", "c12", "c22")); // without a date: last
    filter.sort = "shoe_size";
    EXPECT_THROW(cases.list(of_place(district()), filter), std::invalid_argument);
}

TEST_P(ListsTest, ANumberSaysPlaceDayAndOrder) {
    const auto opened = [&](const std::string& id, const std::string& parent, std::int64_t seconds_later) {
        auto row = a_case(id, village(1, 1));
        row.parent = {parent};
        row.opened_at = row.opened_at.plus_seconds(seconds_later);
        database.write([&](Transaction& tx) { tx.insert(row); });
    };
    const auto code = village(1, 1).code;
    opened("d1", "c11", 10); // c11 was opened on 2025-03-01 at 16:00
    opened("d2", "c11", 100 * 86'400);
    opened("e1", "", 60);
    opened("f1", "", 8 * 3'600); // midnight, the next day
    const auto numbers = case_numbers(database, {"c11", "d1", "d2", "e1", "f1", "nobody"}, 480);
    EXPECT_THAT(numbers, testing::UnorderedElementsAre(
                             testing::Pair("c11", code + "-20250301"), testing::Pair("d1", code + "-20250301/1"),
                             testing::Pair("d2", code + "-20250301/2"), testing::Pair("e1", code + "-20250301-2"),
                             testing::Pair("f1", code + "-20250302")));
    EXPECT_EQ(case_numbers(database, {"f1"}, 0).at("f1"), code + "-20250301-3"); // by another clock the same day

    CaseFilter filter;
    filter.text = numbers.at("d2");
    EXPECT_THAT(ids(filter), testing::UnorderedElementsAre("c11", "d1", "d2", "e1", "f1"));
    filter.text = code + "-2025";
    EXPECT_TRUE(ids(filter).empty());
}

TEST_P(ListsTest, AJurisdictionIsAWall) {
    const auto officer = of_place(town(1));
    EXPECT_THAT(ids(officer, {}), ElementsAre("c13", "c12", "c11"));
    EXPECT_EQ(cases.list(officer, {}).total, 3);
    EXPECT_TRUE(cases.find(officer, {"c11"}));
    EXPECT_FALSE(cases.find(officer, {"c21"}));
    CaseFilter elsewhere;
    elsewhere.place_code = town(2).code;
    EXPECT_TRUE(ids(officer, elsewhere).empty());
    EXPECT_EQ(cases.list(officer, elsewhere).total, 0);
    CaseFilter text;
    text.text = "c21"; // not even by guessing an id
    EXPECT_TRUE(ids(officer, text).empty());
    for (const std::string id : {"c11", "c21"}) {
        const auto row = *cases.row({id});
        database.write([&](Transaction& tx) {
            tx.append(event_of(row, {"a"}, "open"));
            tx.keep_refusal(
                {row.id, row.definition, row.place.path, "x", row.state, clock.now(), {"a"}, {}, Json::array(), ""});
        });
        const std::size_t visible = id == "c11" ? 1 : 0;
        EXPECT_EQ(cases.history(officer, {id}, 0, 10).size(), visible);
        EXPECT_EQ(cases.refusals(officer, {id}, 10).size(), visible);
    }
    EXPECT_TRUE(cases.count_by_state(officer, "village_lifecycle", town(2).code).empty());
    EXPECT_TRUE(ids(viewer({"nobody"}, {}), {}).empty());

    const auto two_villages = viewer({"v"}, {{{"v"}, "village_officer", "", village(1, 1).path},
                                             {{"v"}, "village_officer", "", village(2, 3).path}});
    EXPECT_THAT(ids(two_villages, {}), ElementsAre("c23", "c11"));
}

TEST_P(ListsTest, WhoTriedFromOutsideIsForTheAuditorToRead) {
    const auto row = *cases.row({"c11"});
    database.write([&](Transaction& tx) {
        for (const auto* code : {"outside_jurisdiction", "not_your_role"})
            tx.keep_refusal({row.id,
                             row.definition,
                             row.place.path,
                             code,
                             row.state,
                             clock.now(),
                             {"a"},
                             {},
                             Json::array({{{"code", code}, {"facts", Json::object()}}}),
                             ""});
    });
    const auto read_by = [&](const Viewer& who) {
        return names_of(cases.refusals(who, row.id, 10), [](const auto& one) { return one.refused.command; });
    };
    EXPECT_THAT(read_by(of_place(town(1))), ElementsAre("not_your_role"));
    auto auditor = of_place(district(), "auditor");
    auditor.audited = {district().path};
    EXPECT_THAT(read_by(auditor), testing::UnorderedElementsAre("not_your_role", "outside_jurisdiction"));
    auditor.audited = {town(2).path};
    EXPECT_THAT(read_by(auditor), ElementsAre("not_your_role"));
}

TEST_P(ListsTest, ATownsCodeIsNoPrefixOfAnothers) {
    const Place longer{"9901000010", "示例乡", "990100", "town", "/990100/9901000010/"}; // town 1 is 990100001
    database.write([&](Transaction& tx) { tx.insert(a_case("x", longer)); });
    EXPECT_EQ(cases.list(of_place(town(1)), {}).total, 3);
    EXPECT_EQ(cases.list(of_place(district()), {}).total, 7);
}

TEST_P(ListsTest, FiltersNarrowTheList) {
    CaseFilter filter;
    filter.state = "managed";
    EXPECT_THAT(ids(filter), ElementsAre("c23", "c13"));
    filter = {};
    filter.place_code = village(2, 1).code;
    EXPECT_THAT(ids(filter), ElementsAre("c21"));
    filter = {};
    filter.due_before = "2025-03-20";
    EXPECT_EQ(ids(filter).size(), 4U);
    filter.due_before = "2025-03-19";
    EXPECT_TRUE(ids(filter).empty());
    filter = {};
    filter.due_after = "2025-03-20"; // those without a date are not "after"
    EXPECT_EQ(ids(filter).size(), 4U);
    filter = {};
    filter.batch = "round-2";
    EXPECT_TRUE(ids(filter).empty());
    filter = {};
    filter.final_only = true;
    EXPECT_TRUE(ids(filter).empty());
}

TEST_P(ListsTest, TextIsSearchedLiterally) {
    auto row = a_case("odd", village(1, 1));
    row.summary.title = "100%_Done!";
    database.write([&](Transaction& tx) { tx.insert(row); });
    const auto found = [&](const std::string& text) {
        CaseFilter filter;
        filter.text = text;
        return ids(filter);
    };
    EXPECT_THAT(found("%_d"), ElementsAre("odd"));
    EXPECT_THAT(found("DONE!"), ElementsAre("odd"));
    EXPECT_TRUE(found("%d").empty());
    EXPECT_TRUE(found("' OR 1=1 --").empty());
    EXPECT_THAT(found("示例村22"), ElementsAre("c22"));
    EXPECT_THAT(found("c22"), ElementsAre("c22"));
}

TEST_P(ListsTest, PagesNeitherRepeatNorLoseWhenCasesComeIn) {
    for (const std::string sort : {"-updated", "updated", "due", "-title", "place", "-opened"}) {
        CaseFilter filter;
        filter.sort = sort;
        filter.limit = 2;
        std::set<std::string> seen;
        int pages = 0;
        do {
            const auto page = cases.list(of_place(district()), filter);
            for (const auto& row : page.rows) {
                if (!row.id.text.starts_with('c')) continue;
                EXPECT_TRUE(seen.insert(row.id.text).second) << sort << " repeats " << row.id.text;
            }
            auto row = a_case("n" + std::to_string(pages) + sort, village(1, 1)); // comes in between two pages
            row.updated_at = row.updated_at.plus_seconds(1000 + pages);
            database.write([&](Transaction& tx) { tx.insert(row); });
            filter.cursor = page.next_cursor;
        } while (!filter.cursor.empty() && ++pages < 50);
        EXPECT_EQ(seen.size(), 6U) << sort;
    }
}

TEST_P(ListsTest, ABadCursorIsSaidToBeOne) {
    CaseFilter filter;
    filter.limit = 2;
    const auto good = cases.list(of_place(district()), filter).next_cursor;
    for (const std::string& bad :
         {std::string("nonsense!"), std::string("AAAA"), good + "!", std::string("WyJkdWUiLDFd")}) {
        filter.cursor = bad;
        EXPECT_THROW(cases.list(of_place(district()), filter), BadCursor) << bad;
    }
    filter.cursor = good;
    filter.sort = "due"; // of another sort
    EXPECT_THROW(cases.list(of_place(district()), filter), BadCursor);
}

TEST_P(ListsTest, CountsAreExact) {
    using Counts = std::map<std::string, std::int64_t>;
    const auto chief = of_place(district());
    EXPECT_EQ(cases.count_by_state(chief, "village_lifecycle", ""), (Counts{{"self_check", 4}, {"managed", 2}}));
    EXPECT_EQ(cases.count_by_state(chief, "village_lifecycle", town(2).code),
              (Counts{{"self_check", 2}, {"managed", 1}}));
    EXPECT_EQ(cases.count_by_state(chief, "prescription", ""), Counts{});
    const auto rounds = cases.round_progress(chief, "round-1");
    EXPECT_THAT(
        names_of(rounds, [](const auto& r) { return r.place_name + ' ' + r.state + ' ' + std::to_string(r.count); }),
        ElementsAre("示例镇1 managed 1", "示例镇1 self_check 2", "示例镇2 managed 1", "示例镇2 self_check 2"));
    EXPECT_EQ(cases.round_progress(of_place(town(1)), "round-1").size(), 2U);
}

TEST_P(ListsTest, ARenamedPlaceIsRenamedInItsCases) {
    auto renamed = village(1, 1);
    renamed.name = "示例新村";
    const auto imported = places.import({district(), renamed}, false);
    EXPECT_EQ(imported.changed, 1);
    EXPECT_EQ(imported.unchanged, 1);
    EXPECT_EQ(cases.find(of_place(district()), {"c11"})->place.name, "示例新村");
}

// The lowest tier must not pay for the size of the district (architecture.md §7).
TEST_P(ListsTest, AVillagesPageTouchesNoMoreWhenTheDistrictGrows) {
    if (!database.is_sqlite()) GTEST_SUCCEED() << "the same indexes; only SQLite counts its steps for us";
    const auto officer = of_place(village(1, 1), "village_officer", {"me"});
    const auto everything_on_a_page = [&] {
        cases.worklist(officer, {}, "2025-03-01");
        cases.counts(officer, "2025-03-01");
        for (const std::string sort : {"-updated", "due", "title", "place"}) {
            CaseFilter filter;
            filter.sort = sort;
            EXPECT_EQ(cases.list(officer, filter).total, 1);
            filter.batch = "round-1";
            filter.state = "self_check";
            cases.list(officer, filter);
        }
        cases.count_by_state(officer, "village_lifecycle", "");
        cases.round_progress(officer, "round-1");
        WorkFilter done;
        done.box = "done";
        cases.worklist(officer, done, "2025-03-01");
    };
    const auto steps = [&] {
        const auto before = database.impl().counters().sqlite_steps.load();
        everything_on_a_page();
        return database.impl().counters().sqlite_steps.load() - before;
    };
    const auto small = steps();
    database.write([&](Transaction& tx) {
        for (int i = 0; i < 3000; ++i) {
            auto row = a_case("x" + std::to_string(i), village(2, 1 + i % 3));
            row.batch = "round-1";
            tx.insert(row);
            tx.append(event_of(row, {"somebody"}, "open"));
            tx.set_tasks(row, {{"submit_self_check", "village_officer", "", {}, "2025-03-02"}});
        }
    });
    EXPECT_LE(steps(), small + small / 10);
}

TEST_P(ListsTest, EveryCaseCanBeWalkedForVerification) {
    EXPECT_THAT(names_of(cases.all_ids("", 4), [](const auto& id) { return id.text; }),
                ElementsAre("c11", "c12", "c13", "c21"));
    EXPECT_THAT(names_of(cases.all_ids("c21", 4), [](const auto& id) { return id.text; }), ElementsAre("c22", "c23"));
    const auto row = a_case("lost", village(1, 1));
    database.write([&](Transaction& tx) { tx.append(event_of(row, {"a"}, "open")); });
    EXPECT_THAT(cases.ids_with_events_but_no_row(10), ElementsAre(CaseId{"lost"}));
}

} // namespace cunmai::db::test
