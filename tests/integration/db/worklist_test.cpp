// Who finds which task in their worklist (domain.md §2).
#include "db/kernel/database_impl.hpp"
#include "tests/integration/db/fixture.hpp"

namespace cunmai::db::test {

class WorklistTest : public DatabaseTest {
  protected:
    std::vector<std::string> todo(const Viewer& who, const WorkFilter& filter = {}) {
        const auto page = cases.worklist(who, filter, "2025-03-01");
        if (filter.cursor.empty()) { EXPECT_EQ(page.total, static_cast<std::int64_t>(page.items.size())); }
        return names_of(page.items, [](const auto& item) { return item.case_id.text + ' ' + item.command; });
    }
};
ON_BOTH_DATABASES(WorklistTest);

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(WorklistTest, ATaskIsForTheHoldersOfItsRoleOverItsPlace) {
    open_case("c1", village(1, 1), {{"nominate", "town_supervisor", "", {}, "2025-03-10"}});
    open_case("c2", village(2, 1), {{"nominate", "town_supervisor", "", {}, "2025-03-09"}});
    EXPECT_THAT(todo(of_place(town(1), "town_supervisor")), ElementsAre("c1 nominate"));
    EXPECT_THAT(todo(of_place(district(), "town_supervisor")),
                ElementsAre("c2 nominate", "c1 nominate")); // sooner first
    EXPECT_THAT(todo(of_place(town(1), "town_officer")), IsEmpty());
    EXPECT_THAT(todo(of_place(village(1, 2), "town_supervisor")), IsEmpty());
}

TEST_P(WorklistTest, AQualifierMustBeHeldWithThatVeryRole) {
    open_case("c1", village(1, 1),
              {{"sign_opinion", "department_reviewer", "justice", {}, ""},
               {"record_interview", "department_reviewer", "", {}, ""}});
    const PersonId me{"me"};
    const auto with = [&](const std::string& qualifier) {
        return viewer(me, {{me, "department_reviewer", qualifier, district().path}});
    };
    EXPECT_THAT(todo(with("justice")), ElementsAre("c1 sign_opinion", "c1 record_interview"));
    EXPECT_THAT(todo(with("agriculture")), ElementsAre("c1 record_interview"));
    const auto mixed = viewer(me, {{me, "department_reviewer", "agriculture", district().path},
                                   {me, "coordinator", "justice", district().path}});
    EXPECT_THAT(todo(mixed), ElementsAre("c1 record_interview"));
    // The right qualifier for another town does not help here.
    const auto elsewhere = viewer(me, {{me, "department_reviewer", "justice", town(2).path},
                                       {me, "department_reviewer", "agriculture", town(1).path}});
    EXPECT_THAT(todo(elsewhere), ElementsAre("c1 record_interview"));
}

TEST_P(WorklistTest, APersonalTaskIsForThatPersonWithinTheirJurisdiction) {
    open_case("c1", village(1, 1), {{"submit_for_check", "responsible_person", "", {"me"}, ""}});
    EXPECT_THAT(todo(of_place(village(1, 1), "village_officer", {"me"})), ElementsAre("c1 submit_for_check"));
    EXPECT_THAT(todo(of_place(village(1, 1), "responsible_person", {"another"})), IsEmpty());
    EXPECT_THAT(todo(of_place(town(2), "village_officer", {"me"})), IsEmpty());
    EXPECT_THAT(todo(viewer({"me"}, {})), IsEmpty());
}

TEST_P(WorklistTest, ADelegateSeesForWhomTheyWouldAct) {
    open_case("c1", village(1, 1), {{"nominate", "town_supervisor", "", {}, ""}});
    const auto delegate =
        viewer({"b"}, {{{"b"}, "town_officer", "", town(1).path}, {{"a"}, "town_supervisor", "", town(1).path}});
    auto items = cases.worklist(delegate, {}, "2025-03-01").items;
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(items[0].on_behalf_of, PersonId{"a"});

    const auto both =
        viewer({"b"}, {{{"a"}, "town_supervisor", "", town(1).path}, {{"b"}, "town_supervisor", "", town(1).path}});
    items = cases.worklist(both, {}, "2025-03-01").items;
    ASSERT_EQ(items.size(), 1U);                // once
    EXPECT_TRUE(items[0].on_behalf_of.empty()); // for themselves
}

TEST_P(WorklistTest, AnAdministratorsRoleBringsNoCases) {
    open_case("c1", village(1, 1), {{"nominate", "security_administrator", "", {}, ""}});
    Viewer admin{{"x"}, {{{"x"}, "security_administrator", "", district().path}}, {}, {}}; // sees no case: no scopes
    EXPECT_THAT(todo(admin), IsEmpty());
    EXPECT_EQ(cases.counts(admin, "2025-03-01").todo, 0);
    EXPECT_FALSE(cases.claim(admin, {"c1"}, "nominate", true));
}

TEST_P(WorklistTest, ATaskIsTakenByOneAndGivenBack) {
    const auto row = open_case("c1", village(1, 1), {{"nominate", "town_supervisor", "", {}, ""}});
    const auto a = of_place(town(1), "town_supervisor", {"a"}), b = of_place(town(1), "town_supervisor", {"b"});
    EXPECT_FALSE(cases.claim(of_place(town(2), "town_supervisor", {"c"}), row.id, "nominate", true));
    EXPECT_TRUE(cases.claim(a, row.id, "nominate", true));
    EXPECT_TRUE(cases.claim(a, row.id, "nominate", true)); // twice is no harm
    EXPECT_FALSE(cases.claim(b, row.id, "nominate", true));
    EXPECT_FALSE(cases.claim(b, row.id, "nominate", false));
    EXPECT_EQ(cases.worklist(b, {}, "2025-03-01").items.at(0).claimed_by, PersonId{"a"}); // others still see it
    EXPECT_EQ(cases.counts(a, "2025-03-01").claimed, 1);
    EXPECT_TRUE(cases.claim(a, row.id, "nominate", false));
    EXPECT_TRUE(cases.claim(b, row.id, "nominate", true));
}

TEST_P(WorklistTest, CountsFollowTheDueDates) {
    const auto task = [](const std::string& due) { return Task{"nominate", "town_supervisor", "", {}, due}; };
    int n = 0;
    for (const std::string due : {"2025-02-28", "2025-03-01", "2025-03-04", "2025-03-05", ""})
        open_case("c" + std::to_string(++n), village(1, 1), {task(due)});
    const auto counts = cases.counts(of_place(town(1), "town_supervisor", {"opener"}), "2025-03-01");
    EXPECT_EQ(counts.todo, 5);
    EXPECT_EQ(counts.overdue, 1);
    EXPECT_EQ(counts.due_in_3_days, 2);
    EXPECT_EQ(counts.started, 5);
    EXPECT_EQ(counts.done, 5);
    EXPECT_EQ(cases.counts(of_place(town(2), "town_supervisor", {"opener"}), "2025-03-01").started, 0); // out of sight
    WorkFilter filter;
    filter.due = "overdue";
    EXPECT_THAT(todo(of_place(town(1), "town_supervisor"), filter), ElementsAre("c1 nominate"));
    filter.due = "soon";
    EXPECT_THAT(todo(of_place(town(1), "town_supervisor"), filter), ElementsAre("c2 nominate", "c3 nominate"));
}

// Triggers count (migrations 0008, 0013); work is added, written over, moved, emptied, taken up again, and all gone.
TEST_P(WorklistTest, WhatIsCountedIsWhatIsThere) {
    const auto rows = [&](const std::string& statement) {
        std::vector<std::string> lines;
        database.impl().read([&](Connection& connection) {
            std::string addressee, path, due_on;
            std::int64_t items = 0;
            connection.each_text(statement, {}, {addressee, path, due_on, items}, [&] {
                lines.push_back(addressee + ' ' + path + ' ' + due_on + ' ' + std::to_string(items));
            });
        });
        return lines;
    };
    const auto expect_counted = [&](std::size_t kinds) {
        const auto there = rows("SELECT addressee, district_path, due_on, COUNT(*) FROM work_items "
                                "WHERE addressee <> '' GROUP BY addressee, district_path, due_on ORDER BY 1, 2, 3");
        EXPECT_EQ(there.size(), kinds);
        EXPECT_EQ(rows("SELECT addressee, district_path, due_on, SUM(items) FROM work_counts "
                       "GROUP BY addressee, district_path, due_on HAVING SUM(items) <> 0 ORDER BY 1, 2, 3"),
                  there);
    };
    const Task nominate{"nominate", "town_supervisor", "", {}, "2025-03-10"}, sign{"sign", "reviewer", "", {}, ""},
        record{"record", "reviewer", "", {}, ""}, mine{"accept", "responsible_person", "", {"me"}, ""};
    auto later = nominate;
    later.due_on = "2025-03-20";
    open_case("c0", village(2, 1), {nominate});
    const auto row = open_case("c1", village(1, 1), {nominate, sign});
    expect_counted(2);
    const std::vector<std::pair<std::vector<Task>, std::size_t>> steps{
        {{later, sign}, 3}, {{record, mine, sign}, 3}, {{mine}, 2}, {{nominate, record}, 2}, {{}, 1}, {{record}, 2}};
    for (const auto& step : steps) {
        database.write([&](Transaction& tx) { tx.set_tasks(row, step.first); });
        expect_counted(step.second);
    }
    cases.claim(of_place(town(2), "town_supervisor", {"a"}), {"c0"}, "nominate", true);
    expect_counted(2);
    database.impl().write([&](Connection& connection) {
        connection.run_text("UPDATE work_items SET due_on = '2025-04-01', addressee = 'role/other'", {});
    });
    expect_counted(1);
}

TEST_P(WorklistTest, PagesHoldEveryTaskOnce) {
    for (int i = 0; i < 7; ++i)
        open_case("c" + std::to_string(i), village(1, 1 + i % 3),
                  {{"a", "town_supervisor", "", {}, ""}, {"b", "town_supervisor", "", {}, i % 2 ? "2025-03-10" : ""}});
    WorkFilter filter;
    filter.limit = 4;
    std::vector<std::string> all;
    do {
        const auto page = cases.worklist(of_place(town(1), "town_supervisor"), filter, "2025-03-01");
        EXPECT_EQ(page.total, 14);
        for (const auto& item : page.items) all.push_back(item.case_id.text + item.command);
        filter.cursor = page.next_cursor;
    } while (!filter.cursor.empty() && all.size() < 100);
    EXPECT_EQ(all.size(), 14U);
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 14U);
    filter.cursor = "rubbish";
    EXPECT_THROW(cases.worklist(of_place(town(1)), filter, "2025-03-01"), BadCursor);
}

TEST_P(WorklistTest, BoxesOfCasesThatIActedOnOpenedOrWatch) {
    auto first = open_case("c1", village(1, 1));
    open_case("c2", village(1, 2));
    const auto next = moved(first, "town_screening");
    database.write([&](Transaction& tx) {
        ASSERT_TRUE(tx.move(first, next));
        tx.append(event_of(next, {"me"}, "submit_self_check"));
        tx.set_involved(next, {{{"me"}, "coordinator"}});
    });
    WorkFilter filter;
    filter.box = "done";
    EXPECT_THAT(todo(of_place(town(1), "town_officer", {"me"}), filter), ElementsAre("c1 submit_self_check"));
    EXPECT_THAT(todo(of_place(town(2), "town_officer", {"me"}), filter), IsEmpty());
    filter.box = "watching";
    EXPECT_THAT(todo(of_place(town(1), "town_officer", {"me"}), filter), ElementsAre("c1 "));
    filter.box = "started";
    EXPECT_THAT(todo(of_place(town(1), "town_officer", {"me"}), filter), IsEmpty());
    filter.limit = 1;
    const auto opener = of_place(town(1), "town_officer", {"opener"});
    auto page = cases.worklist(opener, filter, "2025-03-01");
    EXPECT_EQ(page.total, 2);
    filter.cursor = page.next_cursor;
    EXPECT_THAT(todo(opener, filter), ElementsAre("c1 open"));
    filter.box = "elsewhere";
    EXPECT_THROW(cases.worklist(opener, filter, "2025-03-01"), std::invalid_argument);
}

} // namespace cunmai::db::test
