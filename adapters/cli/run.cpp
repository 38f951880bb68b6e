// The program: which commands there are, and how flags become an exit code.

#include "adapters/cli/shell.hpp"

#include <iostream>

namespace cunmai::cli {

int run(int argc, char** argv) {
    ::CLI::App root{"Cunmai: key-village case management. One binary: server, data tools, verifier.", "cunmai"};
    root.require_subcommand(0, 1); // 0 prints the help below; a minimum of 1 would not name an unknown command
    root.set_version_flag("--version", "cunmai " CUNMAI_VERSION);
    root.footer("Exit codes: 0 done; 1 what was asked for failed; 2 wrong usage or configuration; "
                "3 database or file not reachable.");
    Shell shell(root);
    root.add_option("--lang", shell.language_, "Language of what is printed: zh-CN or en (default: from LANG)")
        ->check(::CLI::IsMember({"zh-CN", "en"}));
    root.fallthrough();

    add_serve(shell);
    add_migrate(shell);
    add_migrate_cases(shell);
    add_import(shell);
    add_demo(shell);
    add_verify(shell);
    add_show(shell);
    add_user(shell);
    add_place(shell);
    add_rule(shell);
    add_backup(shell);
    add_restore(shell);
    add_diagram(shell);
    add_config(shell);
    add_openapi(shell);
    add_doctor(shell);

    try {
        root.parse(argc, argv);
    } catch (const ::CLI::Success& asked_for_help) {
        return root.exit(asked_for_help);
    } catch (const ::CLI::ParseError& error) {
        root.exit(error, std::cout, std::cerr);
        return exit_usage;
    }
    if (root.get_subcommands().empty()) {
        std::cerr << root.help();
        return exit_usage;
    }
    return shell.run();
}

} // namespace cunmai::cli
