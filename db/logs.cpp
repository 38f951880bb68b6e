// The access log and the log of administration. Append-only: the database refuses UPDATE and DELETE.
#include "db/case_columns.hpp"
#include "db/database_impl.hpp"
#include "db/new_id.hpp"
#include "db/paths.hpp"
#include "db/service_tables.hpp"
#include "db/transaction.hpp"

#include <algorithm>

namespace cunmai::db {

namespace {

constexpr std::size_t name_bytes_max = 255; // of the columns; a longer request must not fail to be logged

std::string cut(const std::string& text) {
    if (text.size() <= name_bytes_max) return text;
    auto end = name_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end; // not inside a character
    return text.substr(0, end);
}

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

void add_page(SqlText& sql, const AccessLog::Filter& filter, const std::string& person, const std::string& id) {
    if (!filter.person.empty()) sql.add("AND " + person + " = :person", {"person", filter.person});
    if (!filter.route.empty()) sql.add("AND route = :route", {"route", filter.route});
    for (std::size_t at = 0; at < filter.without_routes.size(); ++at) {
        const auto name = "without" + std::to_string(at);
        sql.add("AND route <> :" + name, {name, filter.without_routes[at]});
    }
    if (filter.status != 0) sql.add("AND status = :status", {"status", filter.status});
    if (const auto since = moment(filter.since)) sql.add("AND at >= :since", {"since", *since});
    if (const auto until = last_moment(filter.until)) sql.add("AND at < :until", {"until", *until});
    if (!filter.before_id.empty()) sql.add("AND " + id + " < :before_id", {"before_id", filter.before_id});
    sql.add("ORDER BY " + id + " DESC LIMIT :limit");
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

std::vector<AccessLog::Row> AccessLog::list(const Filter& filter) {
    return database_.impl().reading<std::vector<Row>>([&](Connection& connection) {
        SqlText sql(connection.sql("service.list_access"));
        sql.param({"limit", std::clamp(filter.limit, 1, 1000)});
        sql.add(connection.sql("service.list_access_alone"));
        add_page(sql, filter, "person", "id");
        sql.add(connection.sql("service.list_access_of_commands"));
        add_page(sql, filter, "actor", "access_id");
        sql.add(connection.sql("service.list_access_end"));
        return connection.all_text<Row>(sql.text(), sql.params(), [](Row& row) {
            auto& a = row.access;
            return Outs{row.id, a.at, a.person, a.method, a.route, a.object, a.address, a.status, a.request_id};
        });
    });
}

void AdminLog::add(const AdminEvent& event) {
    database_.impl().write([&](Connection& connection) {
        connection.run("service.add_admin_event", {{"id", new_id(event.at)},
                                                   {"at", event.at},
                                                   {"by_person", event.by},
                                                   {"what", event.what},
                                                   {"details", event.details.dump()}});
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
