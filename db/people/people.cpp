// People. Grants, delegations and interests: authority.cpp.
#include "db/people/people.hpp"
#include "db/people/people_state.hpp"

#include "db/kernel/administration_chain.hpp"
#include "db/kernel/database_impl.hpp"
#include "db/kernel/paths.hpp"
#include "engine/text.hpp"

#include <algorithm>

namespace cunmai::db {

namespace {

std::optional<Person> one(Database& database, std::string_view name, const Param& param) {
    return database.impl().reading<std::optional<Person>>([&](Connection& connection) -> std::optional<Person> {
        Person person;
        if (!connection.first(name, {param}, person_outs(person))) return std::nullopt;
        return person;
    });
}

} // namespace

Outs person_outs(Person& p) {
    return {p.id,
            p.login,
            p.name,
            p.phone,
            p.email,
            p.language,
            p.active,
            p.password_hash,
            p.password_version,
            p.password_must_change};
}

std::optional<Person> People::find(const engine::PersonId& id) { return one(database_, "people.find", {"id", id}); }

std::optional<Person> People::by_login(std::string_view login) {
    return one(database_, "people.by_login", {"login", lower_ascii(login)});
}

std::vector<Person> People::search(std::string_view text, std::string_view role, int limit,
                                   std::string_view after_login, const Within* within, bool by_login) {
    return database_.impl().reading<std::vector<Person>>([&](Connection& connection) {
        SqlText sql(connection.sql("people.search"));
        sql.param({"after", lower_ascii(after_login)});
        if (!text.empty())
            sql.add(connection.sql(by_login ? "people.where_text" : "people.where_text_of_name"), {"text", like(text)})
                .param({"exact", text});
        if (!role.empty()) sql.add(connection.sql("people.where_role"), {"role", role});
        if (within) {
            sql.add(connection.sql("people.where_within"), {"self", within->self});
            sql.within("w.place_path", within->scopes, "scope").add("))");
        }
        sql.add(connection.sql("people.search_end"), {"limit", limit});
        return connection.all_text<Person>(sql.text(), sql.params(), person_outs);
    });
}

namespace {

Params row_of(const Person& p) {
    return {{"id", p.id},
            {"login", lower_ascii(p.login)},
            {"name", p.name},
            {"phone", p.phone},
            {"email", p.email},
            {"language", p.language},
            {"active", p.active},
            {"password_hash", p.password_hash},
            {"password_must_change", p.password_must_change}};
}

std::vector<Touched> person_row(const engine::PersonId& id) { return {{"people", {{"id", id}}}}; }

} // namespace

void People::add(const Person& p, const Deed& deed) {
    try {
        database_.impl().write([&](Connection& connection) {
            administer(connection, database_.clock().now(), deed, "person_added", person_row(p.id),
                       [&] { connection.run("people.add", row_of(p)); });
        });
    } catch (const Duplicate&) { throw AlreadyThere("the login " + lower_ascii(p.login) + " is taken"); }
}

void People::add_all(const std::vector<Person>& people, const std::vector<GrantRow>& grants, const Deed& deed,
                     const std::function<void()>& step) {
    try {
        database_.impl().write([&](Connection& connection) {
            ManyDeeds deeds(connection, database_.clock().now(), deed, "people_added");
            const auto put = [&](std::string_view statement, std::string_view table, const Params& row) {
                connection.run(statement, row);
                deeds.add(table, "null", row_text(connection, {table, {row.front()}}));
                if (step) step();
            };
            for (const auto& person : people) put("people.add", "people", row_of(person));
            for (const auto& grant : grants) put("people.add_grant", "role_grants", row_of(grant));
            deeds.finish();
        });
    } catch (const Duplicate&) { throw AlreadyThere("a login is taken"); }
}

void People::update(const Person& p, const Since& since, const Involvements* involved, const Deed& deed) {
    try {
        database_.impl().write([&](Connection& connection) {
            hold_state(connection, since);
            hold_involvements(connection, p.id, involved);
            administer(connection, database_.clock().now(), deed, "person_changed", person_row(p.id), [&] {
                connection.run("people.update", {{"id", p.id},
                                                 {"login", lower_ascii(p.login)},
                                                 {"name", p.name},
                                                 {"phone", p.phone},
                                                 {"email", p.email},
                                                 {"language", p.language},
                                                 {"active", p.active}});
            });
            if (!p.active) connection.run("service.end_sessions_of", {{"person", p.id}});
        });
    } catch (const Duplicate&) { throw AlreadyThere("the login " + lower_ascii(p.login) + " is taken"); }
}

bool People::set_password(const engine::PersonId& id, std::string_view hash, bool must_change,
                          std::optional<std::int64_t> version, const Deed& deed) {
    bool set = false;
    database_.impl().write([&](Connection& connection) {
        administer(connection, database_.clock().now(), deed, "password_set", person_row(id), [&] {
            set = connection.run("people.set_password", {{"id", id},
                                                         {"password_hash", hash},
                                                         {"must_change", must_change},
                                                         {"any", !version},
                                                         {"version", version.value_or(0)}}) == 1;
        });
        if (set) connection.run("service.end_sessions_of", {{"person", id}});
    });
    return set;
}

std::map<std::string, std::string> People::names(const std::vector<std::string>& ids) {
    constexpr std::size_t ids_per_query = 100;
    return database_.impl().reading<std::map<std::string, std::string>>([&](Connection& connection) {
        std::map<std::string, std::string> names;
        for (std::size_t start = 0; start < ids.size(); start += ids_per_query) {
            const auto from = ids.begin() + static_cast<std::ptrdiff_t>(start);
            const auto to = from + static_cast<std::ptrdiff_t>(std::min(ids_per_query, ids.size() - start));
            SqlText sql(connection.sql("people.names"));
            sql.list("id", {from, to});
            std::string id, name;
            connection.each_text(sql.text(), sql.params(), {id, name}, [&] { names[id] = name; });
        }
        return names;
    });
}

People::Involvements People::involvements(const engine::PersonId& person) {
    return database_.impl().reading<Involvements>(
        [&](Connection& connection) { return involvements_of(connection, person); });
}

} // namespace cunmai::db
