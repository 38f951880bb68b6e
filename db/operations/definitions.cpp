#include "db/operations/definitions.hpp"

#include "db/kernel/database_impl.hpp"

namespace cunmai::db {

std::vector<std::string> changed_definitions(Database& database,
                                             const std::vector<const engine::Definition*>& definitions) {
    return database.impl().reading<std::vector<std::string>>([&](Connection& connection) {
        std::vector<std::string> changed;
        for (const auto* definition : definitions) {
            const auto& info = definition->info();
            std::string stored;
            if (connection.first("migrations.definitions", {{"definition", info.key}, {"version", info.version}},
                                 {stored}) &&
                stored != info.fingerprint)
                changed.push_back(info.key + ' ' + std::to_string(info.version));
        }
        return changed;
    });
}

} // namespace cunmai::db
