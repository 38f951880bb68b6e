#include "adapters/cli/shell.hpp"
#include "adapters/services/register.hpp"
#include "adapters/telemetry/terminal.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace cunmai::cli {

namespace {

constexpr std::size_t bad_rows_shown_max = 100;

std::string content_of(const Shell& shell, const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream content;
    if (in) content << in.rdbuf();
    if (!in || std::filesystem::is_directory(file)) shell.stop(exit_unreachable, "cli.no_file", {{"file", file}});
    return content.str();
}

auto with_bar(App& app, const std::string& content, bool dry_run) -> import::Imported {
    ProgressBar bar("import");
    return import::import_register(app, content, dry_run,
                                   [&](std::int64_t done, std::int64_t total) { bar.show(done, total); });
}

int import_register(const Shell& shell, const std::string& file, bool dry_run) {
    const auto content = content_of(shell, file);
    auto app = shell.open(shell.config(), Shell::Needs::any_database);
    const auto imported = with_bar(*app, content, dry_run);
    const auto& read = imported.read;
    for (std::size_t i = 0; i < std::min(read.bad.size(), bad_rows_shown_max); ++i)
        std::cerr << shell.text("import.line", {{"line", read.bad[i].line}})
                  << shell.text("import." + read.bad[i].code, read.bad[i].facts) << "\n";
    if (!read.bad.empty()) {
        shell.complain("import.refused", {{"bad", read.bad.size()}, {"rows", read.rows}});
        return exit_failed;
    }
    shell.say("import.found", {{"districts", read.districts},
                               {"towns", read.towns},
                               {"villages", read.villages},
                               {"communities", read.communities}});
    shell.say(dry_run ? "import.would_be" : "import.done", {{"inserted", imported.counts.inserted},
                                                            {"changed", imported.counts.changed},
                                                            {"unchanged", imported.counts.unchanged}});
    return exit_ok;
}

} // namespace

void add_import(Shell& shell) {
    auto file = std::make_shared<std::string>();
    auto dry_run = std::make_shared<bool>(false);
    auto* parent = shell.command("import", "Take in data from outside", {});
    parent->require_subcommand(1);
    auto* command = shell.command(parent, "register", "Places from a CSV file code,name,parent,level: all or nothing",
                                  [&shell, file, dry_run] { return import_register(shell, *file, *dry_run); });
    shell.add_database_options(command);
    command->add_option("FILE", *file, "The CSV file, UTF-8")->required();
    command->add_flag("--dry-run", *dry_run, "Only check and count; write nothing");
}

} // namespace cunmai::cli
