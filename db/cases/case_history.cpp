// The record of a case as it is kept, and the refused commands beside it.
#include "db/cases/cases.hpp"
#include "db/kernel/case_columns.hpp"
#include "db/kernel/database_impl.hpp"
#include "db/kernel/paths.hpp"

#include <algorithm>
#include <limits>

namespace cunmai::db {

using engine::CaseId;
using engine::Event;

namespace {

std::optional<std::string> path_of(Connection& connection, const CaseId& id) {
    std::string path;
    if (!connection.first("cases.path_of", {{"id", id}}, {path})) return std::nullopt;
    return path;
}

std::vector<Event> events_of(Connection& connection, const CaseId& id, std::int64_t after_seq, std::int64_t limit) {
    return connection.all<Event>("cases.events", {{"case_id", id}, {"after_seq", after_seq}, {"limit", limit}},
                                 event_outs);
}

// The result of `read` for a case that the viewer sees; empty for any other case.
template <class T>
std::vector<T> seen(Database& database, const engine::Viewer& viewer, const CaseId& id,
                    const std::function<std::vector<T>(Connection&, const std::string& place_path)>& read) {
    return database.impl().reading<std::vector<T>>([&](Connection& connection) {
        const auto path = path_of(connection, id);
        return path && viewer.sees(*path) ? read(connection, *path) : std::vector<T>{};
    });
}

std::vector<CaseId> ids(Database& database, std::string_view name, const Params& params) {
    return database.impl().reading<std::vector<CaseId>>([&](Connection& connection) {
        return connection.all<CaseId>(name, params, [](CaseId& id) { return Outs{id}; });
    });
}

} // namespace

std::vector<Event> Cases::history(const engine::Viewer& viewer, const CaseId& id, std::int64_t after_seq, int limit) {
    return seen<Event>(database_, viewer, id, [&](Connection& connection, const std::string&) {
        return events_of(connection, id, after_seq, limit);
    });
}

std::vector<Event> Cases::newest(const engine::Viewer& viewer, const CaseId& id, std::int64_t upto_seq, int limit) {
    return seen<Event>(database_, viewer, id, [&](Connection& connection, const std::string&) {
        auto events = connection.all<Event>("cases.newest_events",
                                            {{"case_id", id}, {"upto", upto_seq}, {"limit", limit}}, event_outs);
        std::reverse(events.begin(), events.end());
        return events;
    });
}

std::vector<Move> Cases::moves(const engine::Viewer& viewer, const CaseId& id) {
    return seen<Move>(database_, viewer, id, [&](Connection& connection, const std::string&) {
        return connection.all<Move>("cases.moves", {{"case_id", id}}, [](Move& move) {
            return Outs{move.seq, move.at, move.from, move.to};
        });
    });
}

std::vector<Event> Cases::events(const CaseId& id) {
    return database_.impl().reading<std::vector<Event>>([&](Connection& connection) {
        constexpr auto lowest = std::numeric_limits<std::int64_t>::min(); // a damaged record may hold any number
        return events_of(connection, id, lowest, std::numeric_limits<std::int64_t>::max());
    });
}

namespace {

std::vector<RefusedRow> read_refusals(Connection& connection, SqlText sql, int limit) {
    sql.add(connection.sql("cases.refusals_end"), {"limit", limit});
    std::vector<RefusedRow> rows;
    RefusedRow row;
    auto& r = row.refused;
    std::string reasons;
    connection.each_text(sql.text(), sql.params(),
                         {row.id, r.case_id, r.definition, r.place_path, r.command, r.state, r.at, r.actor,
                          r.on_behalf_of, reasons, r.request_id},
                         [&] {
                             rows.push_back(row);
                             rows.back().refused.reasons = parsed(reasons, "the reasons of a refusal");
                         });
    return rows;
}

} // namespace

std::vector<RefusedRow> Cases::refusals(const engine::Viewer& viewer, const CaseId& id, int limit) {
    return seen<RefusedRow>(database_, viewer, id, [&](Connection& connection, const std::string& place_path) {
        SqlText sql(connection.sql("cases.refusals"));
        sql.param({"case_id", id});
        if (!viewer.audits(place_path)) sql.add(connection.sql("cases.refusals_inside"));
        return read_refusals(connection, std::move(sql), limit);
    });
}

std::vector<RefusedRow> Cases::refused_openings(const engine::Viewer& viewer, const std::string& before, int limit) {
    return database_.impl().reading<std::vector<RefusedRow>>([&](Connection& connection) {
        SqlText sql(connection.sql("cases.refusals"));
        sql.param({"case_id", ""}).add("AND").within("place_path", viewer.audited, "audited");
        if (!before.empty()) sql.add("AND id < :before", {"before", before});
        return read_refusals(connection, std::move(sql), limit);
    });
}

std::vector<CaseId> Cases::all_ids(std::string_view after, int limit) {
    return ids(database_, "cases.ids_after", {{"after", after}, {"limit", limit}});
}

std::vector<CaseId> Cases::open_in_older_version(std::string_view definition, int version, std::string_view after,
                                                 int limit) {
    return ids(database_, "cases.open_in_older_version",
               {{"definition", definition}, {"version", version}, {"after", after}, {"limit", limit}});
}

std::vector<CaseId> Cases::ids_with_wrong_slot(int limit) {
    return ids(database_, "cases.ids_with_wrong_slot", {{"limit", limit}});
}

std::vector<CaseId> Cases::ids_with_events_but_no_row(int limit) {
    return ids(database_, "cases.ids_without_row", {{"limit", limit}});
}

} // namespace cunmai::db
