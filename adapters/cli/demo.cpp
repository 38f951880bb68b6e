#include "adapters/cli/shell.hpp"
#include "adapters/demo/pilot/pilot.hpp"
#include "adapters/demo/seed.hpp"
#include "adapters/telemetry/terminal.hpp"

namespace cunmai::cli {

namespace {

int seed_district(const Shell& shell) {
    auto app = shell.open(shell.config(), Shell::Needs::any_database);
    seed::install_defaults(*app);
    if (app->places.any()) shell.stop(exit_failed, "cli.demo_not_empty");
    const auto seeded = [&] { // the bar is gone before anything is said
        ProgressBar bar("demo");
        return seed::demo_district(*app, [&](std::int64_t done, std::int64_t total) { bar.show(done, total); });
    }();
    shell.say("cli.demo_seeded", {{"places", seeded.places}, {"people", seeded.people}});
    return exit_ok;
}

void add_pilot(Shell& shell, ::CLI::App* parent) {
    auto options = std::make_shared<pilot::Options>();
    auto from_stdin = std::make_shared<bool>(false);
    auto* command = shell.command(parent, "pilot", "Drive the whole pilot through a demo server's API",
                                  [&shell, options, from_stdin] {
                                      options->language = shell.language();
                                      if (*from_stdin) options->password = password_from_stdin();
                                      return pilot::run(*options);
                                  });
    command->add_option("--server", options->server, "Address of the demo server, http://127.0.0.1:8080")
        ->required()
        ->check([](const std::string& address) {
            return address.rfind("http://", 0) == 0 ? "" : "not an address like http://127.0.0.1:8080";
        });
    command->add_flag("--password-stdin", *from_stdin, "The demo people's password, when it was changed");
    command->add_flag("--quiet", options->quiet, "Print the report only");
    command->add_option("--report", options->report_file, "Write the report as JSON into this file too");
}

} // namespace

void add_demo(Shell& shell) {
    auto* parent = shell.command("demo", "The invented demo district", {});
    parent->require_subcommand(1);
    auto* command = shell.command(parent, "seed", "Put the demo district into a database without places",
                                  [&shell] { return seed_district(shell); });
    shell.add_database_options(command);
    add_pilot(shell, parent);
}

} // namespace cunmai::cli
