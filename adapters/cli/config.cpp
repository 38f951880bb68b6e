#include "adapters/cli/shell.hpp"

#include <iostream>

namespace cunmai::cli {

void add_config(Shell& shell) {
    auto only_check = std::make_shared<bool>(false);
    auto* command =
        shell.command("config", "Print the configuration in force; secrets are not shown", [&shell, only_check] {
            const auto config = shell.config();
            if (!*only_check) {
                std::cout << describe(config);
                return exit_ok;
            }
            const auto doubts = doubts_about(config);
            for (const auto& doubt : doubts) shell.complain("cli.config_problem", said(shell.language(), doubt));
            if (!doubts.empty()) return exit_failed;
            shell.say("cli.config_fine");
            return exit_ok;
        });
    shell.add_database_options(command);
    command->add_flag("--check", *only_check, "Only say whether the configuration can be used");
}

} // namespace cunmai::cli
