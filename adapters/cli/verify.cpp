#include "adapters/cli/shell.hpp"
#include "adapters/services/verifier.hpp"
#include "adapters/telemetry/terminal.hpp"

#include <iostream>

namespace cunmai::cli {

namespace {

struct Flags {
    bool replay = false;
    std::string only_case;
};

std::string said(const Shell& shell, const verifier::Damage& damage) {
    if (!damage.kind.empty()) {
        const auto thing = shell.text("cli.verify.thing." + damage.kind, {{"name", damage.name}});
        return shell.text("cli.verify.damage_thing", {{"thing", thing}, {"what", damage.what}});
    }
    return shell.text(damage.seq > 0 ? "cli.verify.damage" : "cli.verify.damage_case",
                      {{"case", damage.case_id.text}, {"seq", damage.seq}, {"what", damage.what}});
}

int verify(const Shell& shell, const Flags& flags) {
    auto app = shell.open(shell.config(), Shell::Needs::existing_database, false);
    const verifier::Options options{flags.replay, {flags.only_case}};
    verifier::Report report;
    {
        ProgressBar bar(shell.text("cli.verify.label"));
        report = verifier::verify(*app, options, [&](std::int64_t done, std::int64_t total) { bar.show(done, total); });
    }
    for (const auto& damage : report.damage) std::cout << said(shell, damage) << "\n";
    shell.say(report.damage.empty() ? "cli.verify.whole" : "cli.verify.damaged", {{"cases", report.cases},
                                                                                  {"events", report.events},
                                                                                  {"documents", report.documents},
                                                                                  {"damaged", report.damage.size()}});
    if (options.only.empty())
        shell.say("cli.verify.beside",
                  {{"administration", report.administration},
                   {"refusals", report.refusals},
                   {"older", report.administration_before_the_chain + report.refusals_before_the_chain}});
    if (!report.damage.empty()) return exit_failed;
    if (flags.replay) shell.say("cli.verify.replayed");
    return exit_ok;
}

} // namespace

void add_verify(Shell& shell) {
    auto flags = std::make_shared<Flags>();
    auto* command = shell.command("verify", "Check the record: hashes, case rows, documents; exit code 1 on damage",
                                  [&shell, flags] { return verify(shell, *flags); });
    shell.add_database_options(command);
    command->add_flag("--replay", flags->replay, "Also decide every event again with the workflows of this program");
    command->add_option("--case", flags->only_case, "Only this case");
}

} // namespace cunmai::cli
