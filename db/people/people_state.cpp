#include "db/people/people_state.hpp"

#include "db/kernel/database_impl.hpp"

namespace cunmai::db {

std::string People::state() {
    return database_.impl().reading<std::string>([](Connection& connection) {
        std::string name;
        connection.first("knowledge.state", {}, {name});
        return name;
    });
}

void hold_state(Connection& connection, const People::Since& since) {
    if (!since) return;
    std::string name; // before anything else: two who have read it and want it alone would wait for each other
    connection.first("knowledge.state_held", {}, {name});
    // Another work of this very transaction changed it: the name follows at COMMIT, then this one is asked again.
    if (!connection.knowledge_name()) throw TryAgain("people were changed in the same transaction");
    if (name != *since) throw Overtaken();
}

People::Involvements involvements_of(Connection& connection, const engine::PersonId& person) {
    return connection.all<People::Involvements::value_type>("people.involvements", {{"person", person}}, [](auto& row) {
        return Outs{row.first, row.second};
    });
}

void hold_involvements(Connection& connection, const engine::PersonId& person, const People::Involvements* involved) {
    if (involved && involvements_of(connection, person) != *involved) throw Overtaken();
}

} // namespace cunmai::db
