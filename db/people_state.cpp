#include "db/people_state.hpp"

#include "db/database_impl.hpp"

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
    // Another work of this very transaction changed it: the name follows at COMMIT, then this one is asked again.
    if (!connection.knowledge_name()) throw TryAgain("people were changed in the same transaction");
    std::string name;
    connection.first("knowledge.state_held", {}, {name});
    if (name != *since) throw Overtaken();
}

} // namespace cunmai::db
