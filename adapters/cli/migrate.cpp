#include "adapters/cli/shell.hpp"
#include "db/operations/migrations.hpp"

#include <iostream>

namespace cunmai::cli {

void add_migrate(Shell& shell) {
    auto only_status = std::make_shared<bool>(false);
    auto* command = shell.command("migrate", "Bring the database's tables up to date", [&shell, only_status] {
        const auto config = shell.config();
        const auto needs = *only_status ? Shell::Needs::existing_database : Shell::Needs::any_database;
        auto app = shell.open(config, needs, false);
        if (!*only_status) db::migrate(app->database);
        bool missing = false;
        for (const auto& migration : db::migration_status(app->database)) {
            std::cout << migration.name << "\t" << (migration.applied ? migration.applied_at : "-") << "\n";
            missing = missing || !migration.applied;
        }
        if (missing) shell.say("cli.migrations_missing");
        return missing ? exit_failed : exit_ok;
    });
    shell.add_database_options(command);
    command->add_flag("--status", *only_status, "Only list the migrations; exit code 1 when one is missing");
}

} // namespace cunmai::cli
