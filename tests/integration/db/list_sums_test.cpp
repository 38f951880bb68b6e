// What a list says it has is what its own pages bring, and both are what the filter means: every filter of the lists of
// cases and of work × every width of jurisdiction × every order, with more rows than a page, walked by the cursors that
// the pages give. What belongs in a list is decided by this test's own comparison of rows it wrote itself. Codes of
// places, persons, departments and words that are the beginnings of others are among them.
#include "tests/integration/db/fixture.hpp"

#include "db/cases/case_numbers.hpp"

#include <algorithm>

namespace cunmai::db::test {

namespace {

const PersonId me{"me"}, me_too{"me2"}, other{"m"}; // beginnings of each other
constexpr auto today = "2025-03-01";

struct Written {
    CaseRow row;
    std::vector<Task> tasks;
    std::set<PersonId> involved, acted;
    PersonId opener;
};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct CaseQuestion {
    const char* name;
    std::function<void(CaseFilter&)> ask;
    std::function<bool(const Written&)> belongs;
};

struct WorkQuestion {
    const char* name;
    std::function<void(WorkFilter&)> ask;
    std::function<bool(const Written&, const Task&)> belongs;
};

} // namespace

class ListSums : public DatabaseTest {
  protected:
    ListSums() {
        import_places();
        auto all = std::vector<Place>{town(1), town(2)};
        for (const int t : {1, 2})
            for (const int v : {1, 2, 3}) all.push_back(village(t, v));
        const Place longer_town{"9901000010", "示例镇1", "990100", "town", "/990100/9901000010/"};
        const Place longer{village(1, 1).code + "0", "示例村110", town(1).code, "village",
                           town(1).path + village(1, 1).code + "0/"};
        const Place above{"9901", "示例区", "", "district", "/9901/"}; // another district, with a shorter code
        places.import({longer_town, longer, above}, false);
        all.insert(all.end(), {longer_town, longer, above});
        for (int i = 0; i < 140; ++i) write(i, all[static_cast<std::size_t>(i) % all.size()]);
    }

    void write(int i, const Place& place) {
        Written one;
        auto& row = one.row;
        row = a_case((i % 2 ? "c" : "c1") + std::to_string(i), place);
        row.definition = i % 5 == 0 ? "prescription" : "village_lifecycle";
        row.state = i % 3 == 0 ? "managed" : i % 3 == 1 ? "managed_2" : "ended";
        row.final = i % 7 == 0;
        row.batch = i % 4 == 0 ? "" : i % 4 == 1 ? "round-1" : "round-10";
        row.parent = {i % 6 == 0 ? "c11" : i % 6 == 1 ? "c1" : ""};
        row.summary.category = i % 3 == 0 ? "economy" : "disputes";
        row.summary.colour = i % 5 == 1 ? "red" : i % 5 == 2 ? "yellow" : "green";
        row.summary.due_on = i % 8 == 0 ? "" : "2025-03-0" + std::to_string(1 + i % 8);
        row.summary.title = i % 9 == 0 ? "100% done_" : "case " + std::to_string(i % 4);
        row.opened_at = row.opened_at.plus_seconds(i % 13);
        row.updated_at = row.updated_at.plus_seconds(i % 11); // many are equal: the id decides
        one.opener = i % 3 == 0 ? me : i % 3 == 1 ? me_too : other;
        one.acted = {one.opener};
        if (i % 4 == 0) one.involved = {me};
        if (i % 4 == 1) one.involved = {me_too, other};
        if (i % 2 == 0) one.tasks.push_back({"nominate", "town_supervisor", "", {}, row.summary.due_on});
        if (i % 3 == 0)
            one.tasks.push_back({"sign", "department_reviewer", i % 2 ? "justice" : "justice_2", {}, "2025-02-28"});
        if (i % 5 == 0) one.tasks.push_back({"accept", "responsible_person", "", i % 2 ? me : me_too, ""});
        database.write([&](Transaction& tx) {
            tx.insert(row);
            tx.append(event_of(row, one.opener, "open"));
            tx.set_tasks(row, one.tasks);
            std::vector<Involvement> posts;
            for (const auto& person : one.involved) posts.push_back({person, "supervisor"});
            tx.set_involved(row, posts);
        });
        all_.push_back(std::move(one));
    }

    std::vector<std::pair<std::string, Viewer>> widths() {
        const auto both = [](const Place& place) {
            return std::vector<Grant>{{me, "town_supervisor", "", place.path},
                                      {me, "department_reviewer", "justice", place.path}};
        };
        auto two = both(village(1, 1));
        for (const auto& grant : both(town(2))) two.push_back(grant);
        return {{"district", viewer(me, both(district()))},
                {"town", viewer(me, both(town(1)))},
                {"village", viewer(me, both(village(1, 1)))},
                {"a village and a town", viewer(me, two)},
                {"nothing", viewer(me, {})},
                {"no role for the tasks", viewer(me, {{me, "auditor", "", district().path}})}};
    }

    // Follows the list's own cursors; every page says the same total.
    template <class Page, class Read, class Key>
    std::vector<std::string> walked(const std::string& where, std::size_t limit, const Read& read, const Key& keys_of) {
        std::vector<std::string> keys;
        std::string cursor;
        for (std::size_t pages = 0;; ++pages) {
            const Page page = read(cursor);
            const auto found = keys_of(page);
            EXPECT_LE(found.size(), limit) << where;
            keys.insert(keys.end(), found.begin(), found.end());
            cursor = page.next_cursor;
            if (!cursor.empty()) { EXPECT_EQ(found.size(), limit) << where << ": a page in the middle is full"; }
            total_ = page.total;
            if (cursor.empty() || pages > all_.size()) break;
        }
        EXPECT_EQ(cursor, "") << where << " has no end";
        EXPECT_EQ(static_cast<std::size_t>(total_), keys.size()) << where << ": total";
        std::sort(keys.begin(), keys.end());
        return keys;
    }

    std::vector<Written> all_;
    std::int64_t total_ = 0;
};
ON_BOTH_DATABASES(ListSums);

TEST_P(ListSums, OfCasesForEveryFilterAndWidth) {
    const auto under = [](const Place& place) {
        return [path = place.path](const Written& one) { return covers(path, one.row.place.path); };
    };
    const std::vector<CaseQuestion> questions{
        {"everything", [](auto&) {}, [](auto&) { return true; }},
        {"definition", [](auto& f) { f.definition = "prescription"; },
         [](auto& one) { return one.row.definition == "prescription"; }},
        {"state", [](auto& f) { f.state = "managed"; }, [](auto& one) { return one.row.state == "managed"; }},
        {"category", [](auto& f) { f.category = "economy"; },
         [](auto& one) { return one.row.summary.category == "economy"; }},
        {"colour", [](auto& f) { f.colour = "red"; }, [](auto& one) { return one.row.summary.colour == "red"; }},
        {"batch", [](auto& f) { f.batch = "round-1"; }, [](auto& one) { return one.row.batch == "round-1"; }},
        {"parent", [](auto& f) { f.parent = "c1"; }, [](auto& one) { return one.row.parent.text == "c1"; }},
        {"involved", [](auto& f) { f.involved = "me"; }, [](auto& one) { return one.involved.contains(me); }},
        {"involved, a beginning of others", [](auto& f) { f.involved = "m"; },
         [](auto& one) { return one.involved.contains(other); }},
        {"role", [](auto& f) { f.role = "town_supervisor"; },
         [](auto& one) {
             return std::any_of(one.tasks.begin(), one.tasks.end(),
                                [](const Task& task) { return task.role == "town_supervisor"; });
         }},
        {"open", [](auto& f) { f.open_only = true; }, [](auto& one) { return !one.row.final; }},
        {"ended", [](auto& f) { f.final_only = true; }, [](auto& one) { return one.row.final; }},
        {"due before, that day too", [](auto& f) { f.due_before = "2025-03-04"; },
         [](auto& one) { return !one.row.summary.due_on.empty() && one.row.summary.due_on <= "2025-03-04"; }},
        {"due after, that day too", [](auto& f) { f.due_after = "2025-03-04"; },
         [](auto& one) { return one.row.summary.due_on >= "2025-03-04"; }},
        {"text of the title", [](auto& f) { f.text = "DONE_"; },
         [](auto& one) { return contains(one.row.summary.title, "done_"); }},
        {"text of the place", [](auto& f) { f.text = "示例村11"; },
         [](auto& one) { return contains(one.row.place.name, "示例村11"); }},
        {"an id", [](auto& f) { f.text = "c11"; }, [](auto& one) { return one.row.id.text == "c11"; }},
        {"a place's code", [](auto& f) { f.text = village(1, 1).code; },
         [](auto& one) { return one.row.place.code == village(1, 1).code; }},
        {"a district", [](auto& f) { f.place_code = district().code; }, under(district())},
        {"a shorter code", [](auto& f) { f.place_code = "9901"; },
         [](auto& one) { return one.row.place.path == "/9901/"; }},
        {"a town", [](auto& f) { f.place_code = town(1).code; }, under(town(1))},
        {"a village", [](auto& f) { f.place_code = village(1, 1).code; }, under(village(1, 1))},
        {"no such place", [](auto& f) { f.place_code = "99010"; }, [](auto&) { return false; }},
    };
    constexpr std::size_t limit = 9;
    for (const auto& [width, who] : widths())
        for (std::size_t a = 0; a < questions.size(); ++a)
            for (const std::size_t b : {a, (a + 1) % questions.size(), (a + 7) % questions.size()}) {
                CaseFilter filter;
                filter.limit = limit;
                questions[a].ask(filter);
                const auto alone = filter;
                if (b != a) questions[b].ask(filter);
                // Two questions about the same member: the second one counts, and each was asked alone.
                const bool same_member =
                    (b != a) && (questions[b].name[0] == questions[a].name[0] ||
                                 (!alone.place_code.empty() && filter.place_code != alone.place_code) ||
                                 (!alone.text.empty() && filter.text != alone.text) ||
                                 (!alone.involved.empty() && filter.involved != alone.involved));
                if (same_member) continue;
                std::vector<std::string> belong;
                for (const auto& one : all_)
                    if (who.sees(one.row.place.path) && questions[a].belongs(one) && questions[b].belongs(one))
                        belong.push_back(one.row.id.text);
                std::sort(belong.begin(), belong.end());
                const std::vector<std::string> orders =
                    b != a
                        ? std::vector<std::string>{"-updated"}
                        : std::vector<std::string>{"-updated", "updated", "due", "-due", "-title", "place", "opened"};
                for (const auto& order : orders) {
                    filter.sort = order;
                    const auto where = GetParam() + ", " + width + ": " + questions[a].name + " and " +
                                       questions[b].name + " by " + order;
                    const auto found = walked<CasePage>(
                        where, limit,
                        [&](const std::string& cursor) {
                            filter.cursor = cursor;
                            return cases.list(who, filter);
                        },
                        [](const CasePage& page) {
                            return names_of(page.rows, [](const CaseRow& row) { return row.id.text; });
                        });
                    EXPECT_EQ(found, belong) << where;
                }
            }
}

TEST_P(ListSums, CountsByStateAndRoundAreThoseOfTheList) {
    for (const auto& [width, who] : widths()) {
        for (const auto* definition : {"village_lifecycle", "prescription"})
            for (const auto& place : {std::string(), district().code, town(1).code, village(1, 1).code}) {
                std::map<std::string, std::int64_t> belong;
                const auto path = place.empty() ? "" : places.find(place)->path;
                for (const auto& one : all_)
                    if (who.sees(one.row.place.path) && one.row.definition == definition &&
                        (place.empty() || covers(path, one.row.place.path)))
                        ++belong[one.row.state];
                EXPECT_EQ(cases.count_by_state(who, definition, place), belong) << width << definition << place;
            }
        std::map<std::string, std::int64_t> of_round, shown;
        for (const auto& one : all_)
            if (who.sees(one.row.place.path) && one.row.batch == "round-1")
                ++of_round[(one.row.place.level == "village" ? one.row.place.parent : one.row.place.code) + " " +
                           one.row.state];
        for (const auto& row : cases.round_progress(who, "round-1"))
            shown[row.place_code + " " + row.state] += row.count;
        EXPECT_EQ(shown, of_round) << width;
    }
}

TEST_P(ListSums, OfWorkForEveryFilterAndWidth) {
    const std::vector<WorkQuestion> questions{
        {"everything", [](auto&) {}, [](auto&, auto&) { return true; }},
        {"role", [](auto& f) { f.role = "town_supervisor"; },
         [](auto&, auto& task) { return task.role == "town_supervisor"; }},
        {"definition", [](auto& f) { f.definition = "prescription"; },
         [](auto& one, auto&) { return one.row.definition == "prescription"; }},
        {"text", [](auto& f) { f.text = "done_"; },
         [](auto& one, auto&) { return contains(one.row.summary.title, "done_"); }},
        {"overdue", [](auto& f) { f.due = "overdue"; },
         [](auto&, auto& task) { return !task.due_on.empty() && task.due_on < today; }},
        {"soon", [](auto& f) { f.due = "soon"; },
         [](auto&, auto& task) { return task.due_on >= today && task.due_on <= "2025-03-04"; }},
    };
    constexpr int limit = 7;
    for (const auto& [width, who] : widths()) {
        const auto is_for = [&, &viewer = who](const Written& one, const Task& task) {
            if (!viewer.sees(one.row.place.path)) return false;
            if (!task.person.empty()) return task.person == me;
            return std::any_of(viewer.grants.begin(), viewer.grants.end(), [&](const Grant& grant) {
                return grant.role == task.role && covers(grant.place_path, one.row.place.path) &&
                       (task.qualifier.empty() || grant.qualifier == task.qualifier);
            });
        };
        std::map<std::string, std::int64_t> walked_by;
        for (const auto& question : questions) {
            WorkFilter filter;
            filter.limit = limit;
            question.ask(filter);
            std::vector<std::string> belong;
            for (const auto& one : all_)
                for (const auto& task : one.tasks)
                    if (is_for(one, task) && question.belongs(one, task))
                        belong.push_back(one.row.id.text + " " + task.command);
            std::sort(belong.begin(), belong.end());
            const auto where = GetParam() + ", " + width + ": " + question.name;
            const auto found = walked<WorkPage>(
                where, limit,
                [&](const std::string& cursor) {
                    filter.cursor = cursor;
                    return cases.worklist(who, filter, today);
                },
                [](const WorkPage& page) {
                    return names_of(page.items,
                                    [](const WorkItem& item) { return item.case_id.text + " " + item.command; });
                });
            EXPECT_EQ(found, belong) << where;
            walked_by[question.name] = static_cast<std::int64_t>(found.size());
        }
        const auto counts = cases.counts(who, today);
        EXPECT_EQ(counts.todo, walked_by["everything"]) << width;
        EXPECT_EQ(counts.overdue, walked_by["overdue"]) << width;
        EXPECT_EQ(counts.due_in_3_days, walked_by["soon"]) << width;

        for (const std::string box : {"done", "started", "watching"}) {
            for (const bool only_prescriptions : {false, true}) {
                WorkFilter filter;
                filter.limit = limit;
                filter.box = box;
                if (only_prescriptions) filter.definition = "prescription";
                std::vector<std::string> belong;
                for (const auto& one : all_) {
                    const bool mine = box == "watching" ? one.involved.contains(me) && !one.row.final
                                      : box == "done"   ? one.acted.contains(me)
                                                        : one.opener == me;
                    if (mine && who.sees(one.row.place.path) &&
                        (!only_prescriptions || one.row.definition == "prescription"))
                        belong.push_back(one.row.id.text);
                }
                std::sort(belong.begin(), belong.end());
                const auto where = GetParam() + ", " + width + ": " + box;
                const auto found = walked<WorkPage>(
                    where, limit,
                    [&](const std::string& cursor) {
                        filter.cursor = cursor;
                        return cases.worklist(who, filter, today);
                    },
                    [](const WorkPage& page) {
                        return names_of(page.items, [](const WorkItem& item) { return item.case_id.text; });
                    });
                EXPECT_EQ(found, belong) << where;
                if (only_prescriptions || box == "watching") continue;
                EXPECT_EQ(box == "done" ? counts.done : counts.started, static_cast<std::int64_t>(found.size()))
                    << where;
            }
        }
    }
}

} // namespace cunmai::db::test
