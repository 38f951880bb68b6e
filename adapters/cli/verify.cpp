#include "adapters/cli/shell.hpp"
#include "adapters/services/verifier.hpp"
#include "adapters/telemetry/terminal.hpp"

#include <iostream>

namespace cunmai::cli {

namespace {

struct Flags {
    bool replay = false, as_json = false;
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

// For programs. Members are only added, never renamed: docs/record-format.md has them.
Json as_json(const verifier::Report& report, const Flags& flags) {
    auto damage = Json::array();
    for (const auto& one : report.damage)
        damage.push_back({{"case", one.case_id.empty() ? Json() : Json(one.case_id.text)},
                          {"event", one.seq > 0 ? Json(one.seq) : Json()},
                          {"kind", one.kind.empty() ? "case" : one.kind},
                          {"name", one.kind.empty() ? Json() : Json(one.name)},
                          {"what", one.what}});
    return {{"whole", report.damage.empty()},
            {"replayed", flags.replay},
            {"cases", report.cases},
            {"events", report.events},
            {"documents", report.documents},
            {"refusals", report.refusals},
            {"refusals_before_the_chain", report.refusals_before_the_chain},
            {"administration", report.administration},
            {"administration_before_the_chain", report.administration_before_the_chain},
            {"damage", std::move(damage)}};
}

void say_in_words(const Shell& shell, const verifier::Report& report, const Flags& flags) {
    for (const auto& damage : report.damage) std::cout << said(shell, damage) << "\n";
    shell.say(report.damage.empty() ? "cli.verify.whole" : "cli.verify.damaged", {{"cases", report.cases},
                                                                                  {"events", report.events},
                                                                                  {"documents", report.documents},
                                                                                  {"damaged", report.damage.size()}});
    if (flags.only_case.empty())
        shell.say("cli.verify.beside",
                  {{"administration", report.administration},
                   {"refusals", report.refusals},
                   {"older", report.administration_before_the_chain + report.refusals_before_the_chain}});
    if (report.damage.empty() && flags.replay) shell.say("cli.verify.replayed");
}

int verify(const Shell& shell, const Flags& flags) {
    auto app = shell.open(shell.config(), Shell::Needs::existing_database, false);
    const verifier::Options options{flags.replay, {flags.only_case}};
    verifier::Report report;
    {
        ProgressBar bar(shell.text("cli.verify.label"));
        report = verifier::verify(*app, options, [&](std::int64_t done, std::int64_t total) { bar.show(done, total); });
    }
    if (flags.as_json)
        std::cout << as_json(report, flags).dump(2, ' ', false, Json::error_handler_t::replace) << std::endl;
    else
        say_in_words(shell, report, flags);
    return report.damage.empty() ? exit_ok : exit_failed;
}

} // namespace

void add_verify(Shell& shell) {
    auto flags = std::make_shared<Flags>();
    auto* command = shell.command("verify", "Check the record: hashes, case rows, documents; exit code 1 on damage",
                                  [&shell, flags] { return verify(shell, *flags); });
    shell.add_database_options(command);
    command->add_flag("--replay", flags->replay, "Also decide every event again with the workflows of this program");
    command->add_flag("--json", flags->as_json, "The result as JSON");
    command->add_option("--case", flags->only_case, "Only this case");
}

} // namespace cunmai::cli
