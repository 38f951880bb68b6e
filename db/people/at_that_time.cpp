#include "db/people/at_that_time.hpp"

#include "db/kernel/database_impl.hpp"
#include "db/kernel/paths.hpp"

#include <algorithm>

namespace cunmai::db {

namespace {

// Rows about these persons, some persons with each statement.
template <class T, class OutsOf>
std::vector<T> about(Database& database, std::string_view question, const std::vector<std::string>& persons,
                     OutsOf outs_of) {
    constexpr std::size_t persons_per_query = 100;
    return database.impl().reading<std::vector<T>>([&](Connection& connection) {
        std::vector<T> all;
        for (std::size_t start = 0; start < persons.size(); start += persons_per_query) {
            const auto from = persons.begin() + static_cast<std::ptrdiff_t>(start);
            const auto count = std::min(persons_per_query, persons.size() - start);
            SqlText sql(connection.sql(question));
            sql.list("person", {from, from + static_cast<std::ptrdiff_t>(count)});
            auto rows = connection.all_text<T>(sql.text(), sql.params(), outs_of);
            std::move(rows.begin(), rows.end(), std::back_inserter(all));
        }
        return all;
    });
}

} // namespace

std::vector<HeldRole> roles_ever_held(Database& database, const std::vector<std::string>& persons) {
    return about<HeldRole>(database, "people.roles_ever_held", persons, [](HeldRole& role) {
        return Outs{role.person,     role.role,       role.qualifier, role.place_path,
                    role.place_name, role.granted_at, role.ended_at,  role.granted_by};
    });
}

std::vector<Declaration> interests_ever_declared(Database& database, const std::vector<std::string>& persons) {
    return about<Declaration>(database, "people.interests_ever_declared", persons, [](Declaration& one) {
        return Outs{one.person, one.place_code, one.reason, one.declared_at, one.ended_at};
    });
}

} // namespace cunmai::db
