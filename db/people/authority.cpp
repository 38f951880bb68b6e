// Grants, delegations and declared interests: they begin and end, and are never deleted.
#include "db/kernel/administration_chain.hpp"
#include "db/kernel/database_impl.hpp"
#include "db/kernel/paths.hpp"
#include "db/people/people.hpp"
#include "db/people/people_state.hpp"

namespace cunmai::db {

namespace {

Outs grant_outs(GrantRow& g) {
    return {g.id, g.person, g.role, g.qualifier, g.place_code, g.place_path, g.place_name, g.granted_at, g.granted_by};
}

Outs delegation_outs(DelegationRow& row) {
    auto& d = row.delegation;
    return {row.id, d.principal, d.delegate, d.role, d.from, d.until, row.reason};
}

std::vector<DelegationRow> delegations(Database& database, std::string_view name, const engine::PersonId& person) {
    return database.impl().reading<std::vector<DelegationRow>>([&](Connection& connection) {
        return connection.all<DelegationRow>(name, {{"person", person}}, delegation_outs);
    });
}

struct Ending {
    std::string_view statement, table, what;
};

void end_row(Database& database, const Ending& ending, std::string_view id, engine::Instant at, const Deed& deed) {
    database.impl().write([&](Connection& connection) {
        administer(connection, database.clock().now(), deed, ending.what, {{ending.table, {{"id", id}}}}, [&] {
            connection.run(ending.statement, {{"id", id}, {"at", at}});
        });
    });
}

} // namespace

Params row_of(const GrantRow& grant) {
    return {{"id", grant.id},
            {"person", grant.person},
            {"role", grant.role},
            {"qualifier", grant.qualifier},
            {"place_code", grant.place_code},
            {"place_path", grant.place_path},
            {"granted_at", grant.granted_at},
            {"granted_by", grant.granted_by}};
}

std::vector<GrantRow> People::grants_of(const engine::PersonId& person) {
    return database_.impl().reading<std::vector<GrantRow>>([&](Connection& connection) {
        return connection.all<GrantRow>("people.grants_of", {{"person", person}}, grant_outs);
    });
}

std::vector<GrantRow> People::grants_over(std::string_view place_path, std::string_view role) {
    return database_.impl().reading<std::vector<GrantRow>>([&](Connection& connection) {
        SqlText sql(connection.sql("people.grants_over"));
        sql.list("path", prefixes_of(place_path));
        if (!role.empty()) sql.add("AND g.role = :role", {"role", role});
        sql.add(connection.sql("people.grants_over_end"));
        return connection.all_text<GrantRow>(sql.text(), sql.params(), grant_outs);
    });
}

std::optional<GrantRow> People::grant(std::string_view grant_id) {
    return database_.impl().reading<std::optional<GrantRow>>([&](Connection& connection) -> std::optional<GrantRow> {
        GrantRow row;
        if (!connection.first("people.grant", {{"id", grant_id}}, grant_outs(row))) return std::nullopt;
        return row;
    });
}

void People::add_grant(const GrantRow& grant, const Since& since, const Deed& deed, Password password) {
    database_.impl().write([&](Connection& connection) {
        hold_state(connection, since);
        administer(connection, database_.clock().now(), deed, "grant_added",
                   {{"role_grants", {{"id", grant.id}}}, {"people", {{"id", grant.person}}}}, [&] {
                       connection.run("people.add_grant", row_of(grant));
                       if (password == Password::must_be_changed)
                           connection.run("people.password_must_change", {{"id", grant.person}});
                   });
    });
}

void People::remove_grant(std::string_view grant_id, engine::Instant at, const Since& since,
                          const Involvements* involved, const Deed& deed) {
    database_.impl().write([&](Connection& connection) {
        hold_state(connection, since);
        GrantRow row;
        if (involved && connection.first("people.grant", {{"id", grant_id}}, grant_outs(row)))
            hold_involvements(connection, row.person, involved);
        administer(connection, database_.clock().now(), deed, "grant_removed", {{"role_grants", {{"id", grant_id}}}},
                   [&] {
                       connection.run("people.remove_grant", {{"id", grant_id}, {"at", at}});
                   });
    });
}

std::vector<DelegationRow> People::delegations_from(const engine::PersonId& principal) {
    return delegations(database_, "people.delegations_from", principal);
}

std::vector<DelegationRow> People::delegations_to(const engine::PersonId& delegate) {
    return delegations(database_, "people.delegations_to", delegate);
}

void People::add_delegation(const DelegationRow& row, const Since& since, const Deed& deed) {
    const auto& d = row.delegation;
    database_.impl().write([&](Connection& connection) {
        hold_state(connection, since);
        administer(connection, database_.clock().now(), deed, "delegated", {{"delegations", {{"id", row.id}}}}, [&] {
            connection.run("people.add_delegation", {{"id", row.id},
                                                     {"principal", d.principal},
                                                     {"delegate", d.delegate},
                                                     {"role", d.role},
                                                     {"from_at", d.from},
                                                     {"until_at", d.until},
                                                     {"reason", row.reason}});
        });
    });
}

void People::end_delegation(std::string_view id, engine::Instant at, const Deed& deed) {
    end_row(database_, {"people.end_delegation", "delegations", "delegation_ended"}, id, at, deed);
}

std::vector<InterestRow> People::interests_of(const engine::PersonId& person) {
    return database_.impl().reading<std::vector<InterestRow>>([&](Connection& connection) {
        return connection.all<InterestRow>("people.interests_of", {{"person", person}}, [](InterestRow& row) {
            return Outs{row.id, row.person, row.place_code, row.reason, row.declared_at};
        });
    });
}

void People::add_interest(const InterestRow& row, const Deed& deed) {
    database_.impl().write([&](Connection& connection) {
        administer(connection, database_.clock().now(), deed, "interest_declared", {{"interests", {{"id", row.id}}}},
                   [&] {
                       connection.run("people.add_interest", {{"id", row.id},
                                                              {"person", row.person},
                                                              {"place_code", row.place_code},
                                                              {"reason", row.reason},
                                                              {"declared_at", row.declared_at}});
                   });
    });
}

void People::end_interest(std::string_view id, engine::Instant at, const Deed& deed) {
    end_row(database_, {"people.end_interest", "interests", "interest_ended"}, id, at, deed);
}

} // namespace cunmai::db
