// What all commands of the command line share: configuration, opening the database, speaking, exit codes.
// A command is one file with one function `void add_<command>(Shell&)`, listed in run.cpp. The function declares the
// command's flags and the work that runs when the command is chosen.
#pragma once

#include "adapters/services/app.hpp"
#include "adapters/telemetry/exit_codes.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

namespace cunmai::cli {

// Ends the command with a code. Everything has been printed by then.
struct Stop {
    ExitCode code;
};

class Shell {
  public:
    explicit Shell(::CLI::App& root) : root_(root) {}

    // A subcommand of the program. `work` runs after parsing and returns an exit code.
    ::CLI::App* command(const std::string& name, const std::string& description, std::function<int()> work);
    ::CLI::App* command(::CLI::App* parent, const std::string& name, const std::string& description,
                        std::function<int()> work);
    // --config, --data, --database
    void add_database_options(::CLI::App* command);

    // Defaults, file, environment, then the flags. Problems are printed and end the command (exit_usage).
    Config config(const std::function<void(Config&)>& flags = {}) const;
    // The same, but the caller handles the problems.
    Config config_with_problems(std::vector<ConfigProblem>& problems,
                                const std::function<void(Config&)>& flags = {}) const;

    enum class Needs { any_database, existing_database };
    // Migrates and checks definitions. With existing_database, a SQLite file that is not there is not created.
    std::unique_ptr<App> open(const Config& config, Needs needs, bool prepare = true) const;

    const std::string& language() const { return language_; } // --lang, or the language of the environment
    std::string text(const std::string& key, const Json& facts = Json::object()) const;
    void say(const std::string& key, const Json& facts = Json::object()) const;      // stdout
    void complain(const std::string& key, const Json& facts = Json::object()) const; // stderr
    [[noreturn]] void stop(ExitCode code, const std::string& key, const Json& facts = Json::object()) const;
    // Prints why something was refused, one line a reason. Returns exit_failed.
    int refused(const engine::Refusal& refusal) const;

    int run(); // runs the chosen command and turns every fault into a sentence and an exit code

    std::string language_, config_file_, data_dir_, database_; // flags

  private:
    ::CLI::App& root_;
    std::function<int()> work_;
};

int run(int argc, char** argv);

void add_serve(Shell& shell);
void add_migrate(Shell& shell);
void add_migrate_cases(Shell& shell);
void add_import(Shell& shell);
void add_demo(Shell& shell);
void add_verify(Shell& shell);
void add_user(Shell& shell);
void add_place(Shell& shell);
void add_rule(Shell& shell);
void add_backup(Shell& shell);
void add_restore(Shell& shell);
void add_diagram(Shell& shell);
void add_config(Shell& shell);
void add_openapi(Shell& shell);
void add_doctor(Shell& shell);
void add_show(Shell& shell);

} // namespace cunmai::cli
