#include "adapters/cli/shell.hpp"

#include <iostream>

namespace cunmai::cli {

void add_config(Shell& shell) {
    auto only_check = std::make_shared<bool>(false);
    auto* command =
        shell.command("config", "Print the configuration in force; secrets are not shown", [&shell, only_check] {
            const auto config = shell.config();
            if (*only_check)
                shell.say("cli.config_fine");
            else
                std::cout << describe(config);
            return exit_ok;
        });
    shell.add_database_options(command);
    command->add_flag("--check", *only_check, "Only say whether the configuration can be used");
}

} // namespace cunmai::cli
