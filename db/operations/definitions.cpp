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

void check_definitions(Database& database, const std::vector<const engine::Definition*>& definitions) {
    auto& impl = database.impl();
    impl.write([&](Connection& connection) {
        for (const auto* definition : definitions) {
            const auto& info = definition->info();
            std::string stored;
            if (connection.first("migrations.definitions", {{"definition", info.key}, {"version", info.version}},
                                 {stored})) {
                if (stored == info.fingerprint) continue;
                throw std::runtime_error(
                    "the table of workflow " + info.key + " version " + std::to_string(info.version) +
                    ", or an action or condition of it, is not the one that cases were opened with (fingerprint " +
                    info.fingerprint.substr(0, 12) + ", stored " + stored.substr(0, 12) +
                    "): restore it, or give the changed table version " + std::to_string(info.version + 1) +
                    " and keep the old one beside it");
            }
            try {
                connection.run("migrations.note_definition", {{"definition", info.key},
                                                              {"version", info.version},
                                                              {"fingerprint", info.fingerprint},
                                                              {"stored_at", impl.clock().now()}});
            } catch (const Duplicate& another_server) { throw TryAgain(another_server.what()); }
        }
    });
}

} // namespace cunmai::db
