#include "db/cases/openings.hpp"

#include "db/kernel/database_impl.hpp"
#include "db/kernel/paths.hpp"

namespace cunmai::db {

std::vector<engine::Place> villages_without_case(Database& database, const std::vector<std::string>& scopes,
                                                 std::string_view definition, std::string_view text, int limit,
                                                 std::string_view after_code) {
    return database.impl().reading<std::vector<engine::Place>>([&](Connection& connection) {
        SqlText sql(connection.sql("places.within"));
        sql.param({"after", after_code}).add("AND").within("p.path", scopes, "scope");
        sql.add(connection.sql("places.where_level"), {"level", "village"});
        if (!text.empty()) sql.add(connection.sql("places.where_text"), {"text", like(text)}).param({"exact", text});
        sql.add(connection.sql("places.where_without_open"), {"definition", definition});
        sql.add(connection.sql("places.within_end"), {"limit", limit});
        return connection.all_text<engine::Place>(sql.text(), sql.params(), [](engine::Place& place) -> Outs {
            return {place.code, place.name, place.parent, place.level, place.path};
        });
    });
}

std::vector<Openings> openings_by_town(Database& database, const std::vector<std::string>& scopes,
                                       std::string_view definition) {
    return database.impl().reading<std::vector<Openings>>([&](Connection& connection) {
        SqlText sql(connection.sql("places.openings"));
        sql.param({"definition", definition}).add("AND").within("p.path", scopes, "scope");
        sql.add(connection.sql("places.openings_end"));
        return connection.all_text<Openings>(sql.text(), sql.params(), [](Openings& one) -> Outs {
            return {one.town, one.villages, one.in_hand};
        });
    });
}

} // namespace cunmai::db
