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
    std::string name; // read with its lock first: two transactions that lock it after a plain read would deadlock
    connection.first("knowledge.state_held", {}, {name});
    // Another command in the same transaction has changed people, and the state gets its new name only at COMMIT: this
    // one has to be run again after that.
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
