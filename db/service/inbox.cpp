// Messages to a person, once per (outbox item, person), newest first.
#include "db/cases/cases.hpp"
#include "db/cases/cursor.hpp"
#include "db/kernel/case_columns.hpp"
#include "db/kernel/database_impl.hpp"
#include "db/kernel/paths.hpp"
#include "db/service/service_tables.hpp"

#include <algorithm>

namespace cunmai::db {

void Inbox::add(const Notification& n, std::string_view outbox_id) {
    try {
        database_.impl().write([&](Connection& connection) {
            connection.run("service.add_notification", {{"id", n.id},
                                                        {"outbox_id", outbox_id},
                                                        {"person", n.person},
                                                        {"case_id", n.case_id},
                                                        {"topic", n.topic},
                                                        {"params", n.params.dump()},
                                                        {"at", n.at}});
        });
    } catch (const Duplicate&) {
        return; // told before
    }
}

std::vector<Notification> Inbox::list(const engine::PersonId& person, bool unread_only, int limit,
                                      std::string_view cursor, std::string* next) {
    const auto size = static_cast<std::size_t>(std::clamp(limit, 1, 100));
    auto page = database_.impl().reading<std::vector<Notification>>([&](Connection& connection) {
        SqlText sql(connection.sql("service.list_notifications"));
        sql.param({"person", person});
        if (unread_only) sql.add("AND is_read = 0");
        if (!cursor.empty()) {
            const auto after = from_cursor(std::string(cursor), "inbox", 1);
            if (!after[0].is_string()) throw BadCursor();
            sql.add("AND id < :after", {"after", after[0].get<std::string>()});
        }
        sql.add("ORDER BY id DESC LIMIT :limit", {"limit", static_cast<std::int64_t>(size + 1)});
        std::vector<Notification> rows;
        Notification n;
        std::string params;
        connection.each_text(sql.text(), sql.params(), {n.id, n.person, n.case_id, n.topic, params, n.at, n.read}, [&] {
            rows.push_back(n);
            rows.back().params = parsed(params, "a notification's values");
        });
        return rows;
    });
    if (next) next->clear();
    if (page.size() > size) {
        page.pop_back();
        if (next) *next = to_cursor({"inbox", page.back().id});
    }
    return page;
}

std::int64_t Inbox::unread(const engine::PersonId& person) {
    return database_.impl().reading<std::int64_t>([&](Connection& connection) {
        std::int64_t count = 0;
        connection.first("service.unread", {{"person", person}}, {count});
        return count;
    });
}

void Inbox::mark_read(const engine::PersonId& person, std::string_view id) {
    database_.impl().write([&](Connection& connection) {
        if (id.empty())
            connection.run("service.mark_all_read", {{"person", person}});
        else
            connection.run("service.mark_read", {{"person", person}, {"id", id}});
    });
}

} // namespace cunmai::db
