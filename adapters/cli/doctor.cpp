// cunmai doctor: checks everything that must be right, says what it found and what to do.
#include "adapters/services/doctor.hpp"

#include "adapters/cli/shell.hpp"
#include "adapters/words/doctor_words.hpp"
#include "adapters/words/texts.hpp"

#include <iostream>

namespace cunmai::cli {

namespace {

struct Flags {
    bool json = false;
};

std::string advice_of(const Shell& shell, const doctor::Sign& sign) {
    return sign.level == doctor::Level::good ? "" : words::sign_remedy(shell.language(), sign.key, sign.facts);
}

void print(const Shell& shell, const doctor::Signs& signs) {
    for (const auto& sign : signs) {
        std::cout << shell.text("cli.doctor.level." + std::string(key_of(sign.level))) << "  "
                  << words::sign_said(shell.language(), sign.key, sign.facts) << "\n";
        if (const auto advice = advice_of(shell, sign); !advice.empty()) std::cout << "    → " << advice << "\n";
    }
    shell.say("cli.doctor.worst." + std::string(key_of(worst_of(signs))));
}

void print_json(const Shell& shell, const doctor::Signs& signs) {
    auto list = Json::array();
    for (const auto& sign : signs)
        list.push_back({{"check", sign.key},
                        {"level", key_of(sign.level)},
                        {"facts", sign.facts},
                        {"text", words::sign_said(shell.language(), sign.key, sign.facts)},
                        {"do", advice_of(shell, sign)}});
    std::cout << Json{{"level", key_of(worst_of(signs))}, {"checks", std::move(list)}}.dump(2) << std::endl;
}

int examine(const Shell& shell, const Flags& flags) {
    doctor::Signs signs;
    ExitCode code = exit_ok;
    std::vector<ConfigProblem> problems;
    auto config = shell.config_with_problems(problems);
    doctor::look_at_configuration(problems, problems.empty() ? doubts_about(config) : std::vector<ConfigProblem>(),
                                  shell.language(), signs);
    if (problems.empty()) {
        doctor::look_at_data_folder(config, signs);
        doctor::look_at_mail(config, signs);
        doctor::look_at_scanner(config, signs);
        if (!doctor::has_database(config)) {
            signs.push_back({"database_missing", doctor::Level::fault, {{"folder", config.data_dir}}});
            code = exit_unreachable;
        } else if (worst_of(signs) != doctor::Level::fault) {
            try {
                App app(config, false);
                doctor::Signs found; // dropped when the database is lost halfway
                doctor::look_at_database(app, found);
                signs.push_back({"database", doctor::Level::good, Json::object()});
                signs.insert(signs.end(), found.begin(), found.end());
            } catch (const engine::StoreUnavailable& error) {
                signs.push_back({"database_unreachable", doctor::Level::fault, {{"error", error.what()}}});
                code = exit_unreachable;
            }
        }
    } else {
        code = exit_usage;
    }
    if (code == exit_ok && worst_of(signs) == doctor::Level::fault) code = exit_failed;
    if (flags.json)
        print_json(shell, signs);
    else
        print(shell, signs);
    return code;
}

} // namespace

void add_doctor(Shell& shell) {
    auto flags = std::make_shared<Flags>();
    auto* command =
        shell.command("doctor",
                      "Look at configuration, database, clock, disk, mail and calendar, and say what to do; "
                      "exit code 1 when something is wrong, 0 when there are only warnings",
                      [&shell, flags] { return examine(shell, *flags); });
    shell.add_database_options(command);
    command->add_flag("--json", flags->json, "For programs: {level, checks: [{check, level, facts, text, do}]}");
}

} // namespace cunmai::cli
