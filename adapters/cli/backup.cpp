#include "adapters/cli/shell.hpp"
#include "adapters/telemetry/terminal.hpp"

#include <filesystem>
#include <numeric>

namespace cunmai::cli {

namespace {

Json facts_of(const db::BackupSummary& summary, const std::string& file) {
    const auto rows = std::accumulate(summary.rows.begin(), summary.rows.end(), std::int64_t{0},
                                      [](std::int64_t sum, const auto& table) { return sum + table.second; });
    return {{"file", file}, {"rows", rows}, {"tables", summary.rows.size()}, {"sha256", summary.sha256}};
}

// The bar is gone before anything is said.
db::BackupSummary with_bar(const char* label, const std::function<db::BackupSummary(const db::Progress&)>& work) {
    ProgressBar bar(label);
    return work([&](std::int64_t done, std::int64_t total) { bar.show(done, total); });
}

int restore(const Shell& shell, const std::string& file, bool only_check) {
    if (!std::filesystem::exists(file)) shell.stop(exit_unreachable, "cli.no_file", {{"file", file}});
    try {
        const auto found = db::check_backup(file);
        if (only_check) {
            shell.say("cli.backup_whole", facts_of(found, file));
            return exit_ok;
        }
        auto app = shell.open(shell.config(), Shell::Needs::any_database, false);
        db::migrate(app->database);
        const auto summary = with_bar(
            "restore", [&](const db::Progress& progress) { return db::restore(app->database, file, progress); });
        shell.say("cli.restored", facts_of(summary, file));
        return exit_ok;
    } catch (const db::DamagedBackup& damage) {
        shell.stop(exit_failed, "cli.backup_damaged", {{"file", file}, {"error", damage.what()}});
    } catch (const db::NotEmpty&) { shell.stop(exit_failed, "cli.restore_not_empty"); }
}

} // namespace

void add_backup(Shell& shell) {
    auto file = std::make_shared<std::string>();
    auto* command = shell.command("backup", "Write everything into one file; safe while serving", [&shell, file] {
        if (std::filesystem::exists(*file)) shell.stop(exit_failed, "cli.file_exists", {{"file", *file}});
        auto app = shell.open(shell.config(), Shell::Needs::existing_database, false); // what is there, as it is
        const auto summary = with_bar(
            "backup", [&](const db::Progress& progress) { return db::backup(app->database, *file, progress); });
        shell.say("cli.backed_up", facts_of(summary, *file));
        return exit_ok;
    });
    shell.add_database_options(command);
    command->add_option("FILE", *file, "The backup to write; must not exist")->required();
}

void add_restore(Shell& shell) {
    auto file = std::make_shared<std::string>();
    auto only_check = std::make_shared<bool>(false);
    auto* command = shell.command("restore", "Fill an empty database from a backup; a damaged file is refused",
                                  [&shell, file, only_check] { return restore(shell, *file, *only_check); });
    shell.add_database_options(command);
    command->add_option("FILE", *file, "The backup to read")->required();
    command->add_flag("--check", *only_check, "Only check that the file is whole");
}

} // namespace cunmai::cli
