#include "adapters/cli/shell.hpp"

#include "adapters/words/texts.hpp"
#include "db/operations/migrations.hpp"

#include <Poco/Exception.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace cunmai::cli {

namespace {

std::string language_of_environment() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
        if (const char* value = std::getenv(name); value && *value)
            return std::string_view(value).starts_with("zh") ? "zh-CN" : "en";
    return "en";
}

} // namespace

::CLI::App* Shell::command(const std::string& name, const std::string& description, std::function<int()> work) {
    return command(&root_, name, description, std::move(work));
}

::CLI::App* Shell::command(::CLI::App* parent, const std::string& name, const std::string& description,
                           std::function<int()> work) {
    auto* command = parent->add_subcommand(name, description);
    if (work) command->final_callback([this, work = std::move(work)] { work_ = work; });
    return command;
}

void Shell::add_database_options(::CLI::App* command) {
    command->add_option("--config", config_file_, "Configuration file (default: ./cunmai.toml when it is there)");
    command->add_option("--data", data_dir_, "Directory of the database file and of the server's secret");
    command->add_option("--database", database_, "sqlite:FILE or mysql://user:password@host[:port]/database");
}

Config Shell::config_with_problems(std::vector<ConfigProblem>& problems,
                                   const std::function<void(Config&)>& flags) const {
    auto config = load_config(config_file_, problems);
    if (!data_dir_.empty()) config.data_dir = data_dir_;
    if (!database_.empty()) config.database = database_;
    if (flags) flags(config);
    for (auto& problem : check_config(config)) problems.push_back(std::move(problem));
    return config;
}

Config Shell::config(const std::function<void(Config&)>& flags) const {
    std::vector<ConfigProblem> problems;
    auto config = config_with_problems(problems, flags);
    if (problems.empty()) return config;
    for (const auto& problem : problems) complain("cli.config_problem", said(language(), problem));
    throw Stop{exit_usage};
}

std::unique_ptr<App> Shell::open(const Config& config, Needs needs, bool prepare) const {
    const auto url = config.database.empty() ? "sqlite:" + config.data_dir + "/cunmai.db" : config.database;
    if (needs == Needs::existing_database && url.starts_with("sqlite:")) {
        const auto file = url.substr(7);
        if (!std::filesystem::exists(file)) stop(exit_unreachable, "cli.no_database", {{"file", file}});
    }
    return std::make_unique<App>(config, prepare);
}

std::string Shell::text(const std::string& key, const Json& facts) const { return texts::text(language_, key, facts); }

void Shell::say(const std::string& key, const Json& facts) const { std::cout << text(key, facts) << std::endl; }

void Shell::complain(const std::string& key, const Json& facts) const {
    std::cerr << "cunmai: " << text(key, facts) << std::endl;
}

void Shell::stop(ExitCode code, const std::string& key, const Json& facts) const {
    complain(key, facts);
    throw Stop{code};
}

int Shell::refused(const engine::Refusal& refusal) const {
    for (const auto& reason : refusal.reasons()) std::cerr << "cunmai: " << texts::sentence(language_, reason) << "\n";
    return exit_failed;
}

int Shell::run() {
    if (language_.empty()) language_ = language_of_environment();
    try {
        return work_ ? work_() : exit_usage;
    } catch (const Stop& stopped) { return stopped.code; } catch (const engine::StoreUnavailable& error) {
        complain("cli.store_unavailable", {{"error", error.what()}});
        return exit_unreachable;
    } catch (const db::CannotMigrate& error) {
        complain("cli.cannot_migrate." + error.code, error.facts);
        return exit_failed;
    } catch (const std::filesystem::filesystem_error& error) {
        complain("cli.file_unreachable", {{"error", error.what()}});
        return exit_unreachable;
    } catch (const Poco::Exception& error) {
        complain("cli.failed", {{"error", error.displayText()}});
        return exit_unreachable;
    } catch (const std::exception& error) {
        complain("cli.failed", {{"error", error.what()}});
        return exit_failed;
    }
}

} // namespace cunmai::cli
