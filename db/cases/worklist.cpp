// Worklists. A task is for a person when one of their grants has its role, covers its place and, where the task names a
// qualifier, has that too; or when it names the person. Each of these is one range of an index (reach.hpp). Nothing
// outside the viewer's jurisdictions is listed or counted.
#include "db/cases/case_numbers.hpp"
#include "db/cases/cases.hpp"
#include "db/cases/cursor.hpp"
#include "db/cases/reach.hpp"
#include "db/kernel/case_columns.hpp"
#include "db/kernel/database_impl.hpp"

#include <algorithm>

namespace cunmai::db {

using engine::Viewer;

namespace {

constexpr int soon_days = 3;

std::string soon_after(std::string_view today) {
    const auto date = engine::parse_date(today);
    if (!date) throw std::invalid_argument("today is not a date");
    return engine::to_text(engine::add_days(*date, soon_days));
}

// For whom the viewer would act: empty when for themselves.
engine::PersonId principal_of(const Viewer& viewer, const WorkItem& item, const std::string& place_path) {
    engine::PersonId principal;
    if (item.person == viewer.person) return principal;
    for (const auto& grant : viewer.grants) {
        if (grant.role != item.role || !engine::covers(grant.place_path, place_path)) continue;
        if (!item.qualifier.empty() && grant.qualifier != item.qualifier) continue;
        if (grant.person == viewer.person) return {};
        if (principal.empty()) principal = grant.person;
    }
    return principal;
}

void add_case_filter(SqlText& sql, Connection& connection, const WorkFilter& filter) {
    if (!filter.definition.empty())
        sql.add("AND").add(connection.sql("cases.where_definition"), {"definition", filter.definition});
    if (!filter.text.empty())
        sql.add("AND")
            .add(connection.sql("cases.where_text"), {"text", like(filter.text)})
            .param({"exact", place_in_number(filter.text)});
}

// Of the viewer's ranges, those that the filter leaves.
std::vector<Reach> wanted_reaches(const Viewer& viewer, const WorkFilter& filter) {
    auto reaches = reaches_of(viewer);
    if (!filter.role.empty())
        std::erase_if(reaches, [&](const Reach& reach) { return !reach.in_person && reach.role != filter.role; });
    return reaches;
}

void add_due_filter(SqlText& sql, Connection& connection, const WorkFilter& filter, std::string_view today) {
    if (filter.due == "overdue") sql.add("AND").add(connection.sql("tasks.where_overdue"), {"today", today});
    if (filter.due == "soon")
        sql.add("AND").add(connection.sql("tasks.where_soon"), {"today", today}).param({"soon", soon_after(today)});
}

void add_range(SqlText& sql, Connection& connection, const Reach& reach, std::size_t number, const WorkFilter& filter,
               std::string_view today) {
    if (!filter.definition.empty() || !filter.text.empty()) sql.add(connection.sql("tasks.with_cases"));
    sql.add("WHERE");
    add_reach(sql, reach, number);
    add_case_filter(sql, connection, filter);
    if (!filter.role.empty()) sql.add("AND").add(connection.sql("tasks.where_role"), {"role", filter.role});
    add_due_filter(sql, connection, filter, today);
}

std::int64_t total_of(Connection& connection, const std::vector<Reach>& reaches, const WorkFilter& filter,
                      std::string_view today) {
    SqlText sql(connection.sql("tasks.total"));
    for (std::size_t i = 0; i < reaches.size(); ++i) {
        if (i) sql.add("UNION ALL");
        const bool kept = reaches[i].is_district() && filter.definition.empty() && filter.text.empty();
        if (kept) {
            sql.add(connection.sql("tasks.total_kept")).add("WHERE");
            add_reach(sql, reaches[i], i);
            add_due_filter(sql, connection, filter, today);
        } else {
            sql.add(connection.sql("tasks.total_range"));
            add_range(sql, connection, reaches[i], i, filter, today);
        }
    }
    sql.add(connection.sql("tasks.counted"));
    std::int64_t total = 0;
    connection.first_text(sql.text(), sql.params(), {total});
    return total;
}

WorkPage todo(Connection& connection, const Viewer& viewer, const WorkFilter& filter, std::string_view today,
              int limit) {
    WorkPage page;
    const auto reaches = wanted_reaches(viewer, filter);
    Json after;
    if (!filter.cursor.empty()) {
        after = from_cursor(filter.cursor, "todo", 4);
        if (!after[0].is_string() || !after[1].is_number() || !after[2].is_string() || !after[3].is_number())
            throw BadCursor();
    }
    if (reaches.empty()) return page;
    page.total = total_of(connection, reaches, filter, today);

    const auto& order = connection.sql("tasks.order");
    SqlText sql(connection.sql("tasks.list"));
    for (std::size_t i = 0; i < reaches.size(); ++i) {
        if (i) sql.add("UNION ALL");
        sql.add("SELECT * FROM (" + connection.sql("tasks.list_range"));
        add_range(sql, connection, reaches[i], i, filter, today);
        if (after.is_array()) {
            sql.add("AND").add(connection.sql("tasks.after_cursor"), {"due", after[0].get<std::string>()});
            sql.param({"since", after[1].get<std::int64_t>()});
            sql.param({"case_id", after[2].get<std::string>()}).param({"n", after[3].get<std::int64_t>()});
        }
        sql.add(order).add("LIMIT :limit) range" + std::to_string(i), {"limit", limit + 1});
    }
    sql.add(connection.sql("tasks.list_page")).add(connection.sql("tasks.list_cases")).add(order);

    WorkItem item;
    std::int64_t n = 0;
    std::string place_path;
    Json last;
    connection.each_text(sql.text(), sql.params(),
                         {item.case_id, item.definition, item.state, item.command, item.role, item.qualifier,
                          item.person, item.due_on, item.claimed_by, item.since, n, item.title, item.category,
                          item.colour, item.place_code, item.place_name, item.case_version, place_path},
                         [&] {
                             if (page.items.size() == static_cast<std::size_t>(limit)) {
                                 page.next_cursor = to_cursor(last);
                                 return;
                             }
                             last = {"todo", item.due_on, item.since.micros, item.case_id.text, n};
                             page.items.push_back(item);
                             page.items.back().due_on = read_due(item.due_on);
                             page.items.back().on_behalf_of = principal_of(viewer, item, place_path);
                         });
    return page;
}

struct Box { // 已办, 我发起, 抄送: cases, newest first
    std::string name;
    std::string_view time_column;
};

WorkPage box_of_cases(Connection& connection, const Viewer& viewer, const WorkFilter& filter, const Box& box,
                      int limit) {
    WorkPage page;
    const auto build = [&](const std::string& statement) {
        SqlText sql(connection.sql("tasks." + statement));
        sql.param({"me", viewer.person}).within("c.place_path", viewer.scopes, "scope");
        add_case_filter(sql, connection, filter);
        return sql;
    };
    const auto count = build("count_" + box.name);
    connection.first_text(count.text(), count.params(), {page.total});

    auto sql = build(box.name);
    const std::string time(box.time_column);
    if (!filter.cursor.empty()) {
        const auto after = from_cursor(filter.cursor, box.name, 2);
        if (!after[0].is_number() || !after[1].is_string()) throw BadCursor();
        sql.add("AND " + time + " <= :after_at AND (" + time + " < :after_at OR c.id < :after_id)",
                {"after_at", after[0].get<std::int64_t>()})
            .param({"after_id", after[1].get<std::string>()});
    }
    sql.add("ORDER BY " + time + " DESC, c.id DESC LIMIT :limit", {"limit", limit + 1});

    WorkItem item;
    connection.each_text(sql.text(), sql.params(),
                         {item.case_id, item.definition, item.state, item.due_on, item.title, item.category,
                          item.colour, item.place_code, item.place_name, item.case_version, item.command, item.since},
                         [&] {
                             if (page.items.size() == static_cast<std::size_t>(limit)) {
                                 const auto& last = page.items.back();
                                 page.next_cursor = to_cursor({box.name, last.since.micros, last.case_id.text});
                                 return;
                             }
                             page.items.push_back(item);
                             page.items.back().due_on = read_due(item.due_on);
                         });
    return page;
}

const Box* box_named(const std::string& name) {
    static const std::map<std::string, Box> boxes{
        {"done", {"acted_on", "a.at"}}, {"started", {"started", "a.at"}}, {"watching", {"watching", "c.updated_at"}}};
    const auto found = boxes.find(name);
    return found == boxes.end() ? nullptr : &found->second;
}

} // namespace

WorkPage Cases::worklist(const Viewer& viewer, const WorkFilter& filter, std::string_view today) {
    const int limit = std::clamp(filter.limit, 1, 100);
    const auto* box = box_named(filter.box);
    if (!box && filter.box != "todo") throw std::invalid_argument("no such box: " + filter.box);
    return database_.impl().reading<WorkPage>([&](Connection& connection) {
        return box ? box_of_cases(connection, viewer, filter, *box, limit)
                   : todo(connection, viewer, filter, today, limit);
    });
}

WorkCounts Cases::counts(const Viewer& viewer, std::string_view today) {
    return database_.impl().reading<WorkCounts>([&](Connection& connection) {
        WorkCounts counts;
        const auto reaches = reaches_of(viewer);
        if (!reaches.empty()) {
            SqlText totals(connection.sql("tasks.totals"));
            totals.param({"today", today}).param({"soon", soon_after(today)});
            for (std::size_t i = 0; i < reaches.size(); ++i) {
                if (i) totals.add("UNION ALL");
                totals.add(connection.sql(reaches[i].is_district() ? "tasks.totals_kept" : "tasks.totals_range"));
                add_reach(totals, reaches[i], i);
            }
            totals.add(connection.sql("tasks.counted"));
            connection.first_text(totals.text(), totals.params(), {counts.todo, counts.overdue, counts.due_in_3_days});
            SqlText claimed(connection.sql("tasks.count_claimed"));
            claimed.param({"me", viewer.person});
            add_any_reach(claimed, reaches);
            connection.first_text(claimed.text(), claimed.params(), {counts.claimed});
        }
        const auto count_cases = [&](const char* statement, std::int64_t& into) {
            SqlText sql(connection.sql(statement));
            sql.param({"me", viewer.person}).within("c.place_path", viewer.scopes, "scope");
            connection.first_text(sql.text(), sql.params(), {into});
        };
        count_cases("tasks.count_acted_on", counts.done);
        count_cases("tasks.count_started", counts.started);
        return counts;
    });
}

bool Cases::claim(const Viewer& viewer, const engine::CaseId& id, std::string_view command, bool take) {
    bool changed = false;
    database_.impl().write([&](Connection& connection) {
        SqlText sql(connection.sql(take ? "tasks.claim" : "tasks.unclaim"));
        sql.param({"me", viewer.person}).param({"case_id", id}).param({"command", command});
        add_any_reach(sql, reaches_of(viewer));
        changed = connection.run_text(sql.text(), sql.params()) > 0;
    });
    return changed;
}

} // namespace cunmai::db
