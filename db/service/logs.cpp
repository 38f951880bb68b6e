// The access log and the log of administration. Append-only: the database refuses UPDATE and DELETE.
#include "db/kernel/administration_chain.hpp"
#include "db/kernel/case_columns.hpp"
#include "db/kernel/database_impl.hpp"
#include "db/kernel/new_id.hpp"
#include "db/kernel/paths.hpp"
#include "db/kernel/transaction.hpp"
#include "db/service/access_log.hpp"
#include "db/service/admin_log.hpp"
#include "engine/text.hpp"

#include <algorithm>
#include <iterator>

namespace cunmai::db {

namespace {

constexpr std::size_t name_bytes_max = 255; // of the columns; a longer request must not fail to be logged

std::string cut(const std::string& text) { return first_bytes(text, name_bytes_max); }

Params row_of(const std::string& id, const Access& a) {
    return {{"id", id},
            {"at", a.at},
            {"person", a.person},
            {"method", a.method.substr(0, 60)},
            {"route", cut(a.route)},
            {"object", cut(a.object)},
            {"address", cut(a.address)},
            {"status", a.status},
            {"request_id", cut(a.request_id)}};
}

// An instant, or a civil date: its first moment.
std::optional<engine::Instant> moment(const std::string& text) {
    if (const auto at = engine::parse_iso(text)) return at;
    if (const auto date = engine::parse_date(text)) return engine::start_of_day(*date);
    return std::nullopt;
}

// An instant, or a civil date: its last moment.
std::optional<engine::Instant> last_moment(const std::string& text) {
    const auto date = engine::parse_date(text);
    return moment(date ? engine::to_text(engine::add_days(*date, 1)) : text);
}

struct Source { // a table that holds rows of the access log
    std::string_view query;
    std::string person, id; // its columns
};

void add_kind(SqlText& sql, const AccessLog::Filter& filter) {
    if (!filter.route.empty()) sql.add("AND route = :route", {"route", filter.route});
    if (filter.status != 0) sql.add("AND status = :status", {"status", filter.status});
}

// Newest first; none older than `from`, if given.
std::vector<AccessLog::Row> page_of(Connection& connection, const Source& source, const AccessLog::Filter& filter,
                                    std::size_t limit, const std::string& from) {
    SqlText sql(connection.sql(source.query));
    add_kind(sql, filter);
    if (!filter.person.empty()) sql.add("AND " + source.person + " = :person", {"person", filter.person});
    for (std::size_t at = 0; at < filter.without_routes.size(); ++at) {
        const auto name = "without" + std::to_string(at);
        sql.add("AND route <> :" + name, {name, filter.without_routes[at]});
    }
    if (const auto since = moment(filter.since)) sql.add("AND at >= :since", {"since", *since});
    if (const auto until = last_moment(filter.until)) sql.add("AND at < :until", {"until", *until});
    if (!filter.before_id.empty()) sql.add("AND " + source.id + " < :before_id", {"before_id", filter.before_id});
    if (!from.empty()) sql.add("AND " + source.id + " >= :from_id", {"from_id", from});
    sql.add("ORDER BY " + source.id + " DESC LIMIT :limit", {"limit", static_cast<std::int64_t>(limit)});
    return connection.all_text<AccessLog::Row>(sql.text(), sql.params(), [](AccessLog::Row& row) {
        auto& a = row.access;
        return Outs{row.id, a.at, a.person, a.method, a.route, a.object, a.address, a.status, a.request_id};
    });
}

// Whether the filter asks for accesses by commands: it does when one of the newest of these fits it.
bool is_of_commands(Connection& connection, const AccessLog::Filter& filter) {
    if (filter.route.empty() && filter.status == 0) return false;
    SqlText sql(connection.sql("service.newest_access_of_commands"));
    add_kind(sql, filter);
    int one = 0;
    return connection.first_text(sql.add("LIMIT 1").text(), sql.params(), {one});
}

} // namespace

void AccessLog::add(const Access& access) {
    const auto row = row_of(new_id(access.at), access);
    database_.impl().write([&](Connection& connection) { connection.add_later(access_row, row); });
}

std::function<void(engine::Transaction&, int)> AccessLog::addition(const Access& access) {
    return [id = new_id(access.at), access](engine::Transaction& transaction, int status) {
        auto row = access;
        row.status = status;
        dynamic_cast<SqlTransaction&>(transaction).keep_access(row_of(id, row));
    };
}

// A page is merged from two tables. The first table's page limits how far back the second one is searched: otherwise
// rows that exist in one table only would make the other be read to its end. A command that ran again after an unclear
// commit may stand in both tables, under the same id.
std::vector<AccessLog::Row> AccessLog::list(const Filter& filter) {
    static const Source alone{"service.list_access", "person", "id"};
    static const Source of_commands{"service.list_access_of_commands", "actor", "access_id"};
    const auto limit = static_cast<std::size_t>(std::clamp(filter.limit, 1, 1000));
    return database_.impl().reading<std::vector<Row>>([&](Connection& connection) {
        const bool commands_first = is_of_commands(connection, filter);
        const auto one = page_of(connection, commands_first ? of_commands : alone, filter, limit, "");
        const auto from = one.size() == limit ? one.back().id : std::string();
        const auto other = page_of(connection, commands_first ? alone : of_commands, filter, limit, from);
        std::vector<Row> rows;
        std::merge(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(rows),
                   [](const Row& a, const Row& b) { return a.id > b.id; });
        rows.erase(std::unique(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.id == b.id; }),
                   rows.end());
        rows.resize(std::min(rows.size(), limit));
        return rows;
    });
}

void AdminLog::add(const AdminEvent& event) {
    database_.impl().write([&](Connection& connection) {
        record_deed(connection, event.at, {event.by, event.what, event.details}, event.what);
    });
}

std::vector<AdminEvent> AdminLog::list(int limit, std::string_view before_id, std::string_view what) {
    return database_.impl().reading<std::vector<AdminEvent>>([&](Connection& connection) {
        SqlText sql(connection.sql("service.list_admin_events"));
        if (!before_id.empty()) sql.add("AND id < :before_id", {"before_id", before_id});
        if (!what.empty()) sql.add("AND what = :what", {"what", what});
        sql.add("ORDER BY id DESC LIMIT :limit", {"limit", limit});
        std::vector<AdminEvent> events;
        AdminEvent event;
        std::string details;
        connection.each_text(sql.text(), sql.params(), {event.id, event.at, event.by, event.what, details}, [&] {
            events.push_back(event);
            events.back().details = parsed(details, "the details of an administration event");
        });
        return events;
    });
}

} // namespace cunmai::db
