// Lists of cases: filtered, sorted, in pages; what lies outside the viewer's jurisdictions is in none of them.
#include "db/cases/case_numbers.hpp"
#include "db/cases/cases.hpp"
#include "db/cases/cursor.hpp"
#include "db/kernel/case_columns.hpp"
#include "db/kernel/database_impl.hpp"
#include "db/kernel/paths.hpp"

#include <algorithm>

namespace cunmai::db {

using engine::CaseRow;
using engine::Viewer;

namespace {

struct Sort {
    std::string_view name, column;
    Json (*value)(const CaseRow&);
};

const Sort& sort_named(std::string_view name) {
    static const Sort sorts[] = {
        {"updated", "c.updated_at", [](const CaseRow& row) { return Json(row.updated_at.micros); }},
        {"opened", "c.opened_at", [](const CaseRow& row) { return Json(row.opened_at.micros); }},
        {"due", "c.due_on", [](const CaseRow& row) { return Json(stored_due(row.summary.due_on)); }},
        {"title", "c.title", [](const CaseRow& row) { return Json(row.summary.title); }},
        {"place", "c.place_path", [](const CaseRow& row) { return Json(row.place.path); }},
    };
    for (const auto& sort : sorts)
        if (sort.name == name) return sort;
    throw std::invalid_argument("cases can't be sorted by " + std::string(name));
}

// The scopes narrowed to what lies at or below the place.
std::vector<std::string> narrowed(const std::vector<std::string>& scopes, std::string_view place_path) {
    std::vector<std::string> narrow;
    for (const auto& scope : scopes) {
        if (engine::covers(scope, place_path)) return {std::string(place_path)};
        if (engine::covers(place_path, scope)) narrow.push_back(scope);
    }
    return narrow;
}

std::vector<std::string> scopes_at(Connection& connection, const Viewer& viewer, std::string_view place_code) {
    if (place_code.empty()) return viewer.scopes;
    engine::Place place;
    if (!connection.first("places.find", {{"code", place_code}},
                          {place.code, place.name, place.parent, place.level, place.path}))
        return {};
    return narrowed(viewer.scopes, place.path);
}

// A whole district is one value of a column; its index is in the usual order of a list.
bool is_one_district(const std::vector<std::string>& scopes) {
    return scopes.size() == 1 && std::count(scopes[0].begin(), scopes[0].end(), '/') == 2;
}

bool filters_nothing(const CaseFilter& f) {
    return f.definition.empty() && f.state.empty() && f.category.empty() && f.colour.empty() && f.batch.empty() &&
           f.parent.empty() && f.due_before.empty() && f.due_after.empty() && f.involved.empty() && f.role.empty() &&
           f.text.empty();
}

void add_filter(SqlText& sql, Connection& connection, const CaseFilter& filter,
                const std::vector<std::string>& scopes) {
    const bool by_update = filter.sort == "updated" || filter.sort == "-updated";
    if (by_update && filters_nothing(filter) && is_one_district(scopes))
        sql.add("c.district_path = :district", {"district", scopes[0]});
    else
        sql.within("c.place_path", scopes, "scope");
    const auto equals = [&](const char* name, const std::string& value) {
        if (!value.empty()) sql.add("AND").add(connection.sql(std::string("cases.where_") + name), {name, value});
    };
    equals("definition", filter.definition);
    equals("state", filter.state);
    equals("category", filter.category);
    equals("colour", filter.colour);
    equals("batch", filter.batch);
    equals("parent", filter.parent);
    equals("due_before", filter.due_before);
    equals("due_after", filter.due_after);
    equals("involved", filter.involved);
    equals("role", filter.role);
    if (filter.open_only) sql.add("AND").add(connection.sql("cases.where_open"));
    if (filter.final_only) sql.add("AND").add(connection.sql("cases.where_final"));
    if (!filter.text.empty())
        sql.add("AND")
            .add(connection.sql("cases.where_text"), {"text", like(filter.text)})
            .param({"exact", place_in_number(filter.text)});
}

Param key_param(const Json& value) {
    if (value.is_string()) return {"after_key", value.get<std::string>()};
    return {"after_key", value.get<std::int64_t>()};
}

void add_page(SqlText& sql, Connection& connection, const CaseFilter& filter, const Sort& sort, bool descending,
              int limit) {
    const std::string column(sort.column);
    if (!filter.cursor.empty()) {
        const auto after = from_cursor(filter.cursor, filter.sort, 2);
        if (after[0].is_string() != sort.value(CaseRow{}).is_string() || !after[1].is_string()) throw BadCursor();
        const std::string beyond = descending ? " < " : " > ";
        sql.add("AND " + column + beyond.front() + beyond[1] + "= :after_key AND (" + column + beyond +
                    ":after_key OR c.id" + beyond + ":after_id)",
                key_param(after[0]))
            .param({"after_id", after[1].get<std::string>()});
    }
    const std::string direction = descending ? " DESC" : "";
    const std::string order = "ORDER BY " + column + direction + ", c.id" + direction;
    sql.add(order).add("LIMIT :limit", {"limit", limit}).add(connection.sql("cases.list_rows")).add(order);
}

} // namespace

std::optional<CaseRow> Cases::find(const Viewer& viewer, const engine::CaseId& id) {
    auto row = this->row(id);
    if (row && !viewer.sees(row->place.path)) return std::nullopt;
    return row;
}

std::optional<CaseRow> Cases::row(const engine::CaseId& id) {
    return database_.impl().reading<std::optional<CaseRow>>([&](Connection& connection) -> std::optional<CaseRow> {
        CaseReader reader;
        if (!connection.first("cases.load", {{"id", id}}, reader.outs())) return std::nullopt;
        return reader.row();
    });
}

std::map<engine::CaseId, std::int64_t> Cases::versions(const std::vector<engine::CaseId>& ids) {
    std::map<engine::CaseId, std::int64_t> versions;
    if (ids.empty()) return versions;
    std::vector<std::string> texts;
    for (const auto& id : ids) texts.push_back(id.text);
    database_.impl().read([&](Connection& connection) {
        SqlText sql(connection.sql("cases.versions"));
        sql.list("id", texts);
        engine::CaseId id;
        std::int64_t version = 0;
        connection.each_text(sql.text(), sql.params(), {id, version}, [&] { versions[id] = version; });
    });
    return versions;
}

CasePage Cases::list(const Viewer& viewer, const CaseFilter& filter) {
    const bool descending = filter.sort.starts_with('-');
    const auto& sort = sort_named(std::string_view(filter.sort).substr(descending ? 1 : 0));
    const int limit = std::clamp(filter.limit, 1, 100);
    return database_.impl().reading<CasePage>([&](Connection& connection) {
        CasePage page;
        const auto scopes = scopes_at(connection, viewer, filter.place_code);
        SqlText count;
        if (filters_nothing(filter) && is_one_district(scopes)) {
            count.add(connection.sql("cases.count_in_district"), {"district", scopes[0]});
            if (filter.open_only) count.add("AND").add(connection.sql("cases.where_open"));
            if (filter.final_only) count.add("AND").add(connection.sql("cases.where_final"));
        } else {
            count.add(connection.sql("cases.count"));
            add_filter(count, connection, filter, scopes);
        }
        connection.first_text(count.text(), count.params(), {page.total});

        SqlText rows(connection.sql("cases.list"));
        add_filter(rows, connection, filter, scopes);
        add_page(rows, connection, filter, sort, descending, limit + 1);
        CaseReader reader;
        connection.each_text(rows.text(), rows.params(), reader.outs(), [&] { page.rows.push_back(reader.row()); });
        if (page.rows.size() > static_cast<std::size_t>(limit)) {
            page.rows.pop_back();
            const auto& last = page.rows.back();
            page.next_cursor = to_cursor({filter.sort, sort.value(last), last.id.text});
        }
        return page;
    });
}

std::map<std::string, std::int64_t> Cases::count_by_state(const Viewer& viewer, std::string_view definition,
                                                          std::string_view place_code) {
    return database_.impl().reading<std::map<std::string, std::int64_t>>([&](Connection& connection) {
        std::map<std::string, std::int64_t> counts;
        SqlText sql(connection.sql("cases.count_by_state"));
        sql.within("c.place_path", scopes_at(connection, viewer, place_code), "scope");
        sql.add("AND")
            .add(connection.sql("cases.where_definition"), {"definition", definition})
            .add("GROUP BY c.state");
        std::string state;
        std::int64_t count = 0;
        connection.each_text(sql.text(), sql.params(), {state, count}, [&] { counts[state] = count; });
        return counts;
    });
}

std::vector<RoundProgress> Cases::round_progress(const Viewer& viewer, std::string_view batch) {
    return database_.impl().reading<std::vector<RoundProgress>>([&](Connection& connection) {
        SqlText sql(connection.sql("cases.round_progress"));
        sql.within("c.place_path", viewer.scopes, "scope");
        sql.add("AND").add(connection.sql("cases.where_batch"), {"batch", batch});
        sql.add(connection.sql("cases.round_progress_end"));
        return connection.all_text<RoundProgress>(sql.text(), sql.params(), [](RoundProgress& row) {
            return Outs{row.place_code, row.place_name, row.state, row.count};
        });
    });
}

} // namespace cunmai::db
