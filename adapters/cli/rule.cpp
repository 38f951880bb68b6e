// The district's settings (the committee's rules among them) from the command line; checked as in the pages, and
// logged.
#include "adapters/cli/shell.hpp"
#include "adapters/services/administration.hpp"
#include "adapters/services/rule_schemas.hpp"

#include <iostream>

namespace cunmai::cli {

namespace {

struct Flags {
    std::string key, value;
};
using FlagsPtr = std::shared_ptr<Flags>;

std::unique_ptr<App> open(const Shell& shell, const Flags& flags) {
    if (!flags.key.empty() && !administration::rule_schemas().contains(flags.key))
        shell.stop(exit_failed, "cli.rule.unknown", {{"key", flags.key}});
    return shell.open(shell.config(), Shell::Needs::existing_database);
}

int show(const Shell& shell, const Flags& flags) {
    auto app = open(shell, flags);
    if (!flags.key.empty()) {
        std::cout << app->rules.get(flags.key).dump(2) << "\n";
        return exit_ok;
    }
    constexpr std::size_t shown_max = 160; // the catalogue and the calendar are long
    const auto all = app->rules.all();     // outlives the loop over its items
    for (const auto& [key, value] : all.items()) {
        const auto text = value.dump();
        std::cout << key << "\t" << (text.size() <= shown_max ? text : "…") << "\n";
    }
    return exit_ok;
}

int set(const Shell& shell, const Flags& flags) {
    const auto value = Json::parse(flags.value, nullptr, false);
    if (value.is_discarded()) shell.stop(exit_usage, "cli.rule.not_json", {{"value", flags.value}});
    auto app = open(shell, flags);
    const auto result = administration::set_rule(*app, {}, flags.key, value);
    if (!result.ok()) return shell.refused(result.refusal);
    const bool waits = administration::proposal_of(*app, flags.key).has_value();
    shell.say(waits ? "cli.rule.proposed" : "cli.rule.set", {{"key", flags.key}});
    return exit_ok;
}

int approve(const Shell& shell, const Flags& flags) {
    auto app = open(shell, flags);
    const auto proposal = administration::proposal_of(*app, flags.key);
    const auto result = administration::approve_rule(*app, {}, flags.key, proposal ? proposal->number : 0);
    if (!result.ok()) return shell.refused(result.refusal);
    shell.say("cli.rule.approved",
              {{"key", flags.key}, {"by", proposal->by}, {"in_force_from", proposal->value.at("in_force_from")}});
    return exit_ok;
}

int history(const Shell& shell, const Flags& flags) {
    auto app = open(shell, flags);
    for (const auto& change : app->rules.changes(flags.key))
        std::cout << change.version << "\t" << engine::to_iso(change.at) << "\t" << change.by.text << "\t"
                  << change.value.dump() << "\n";
    return exit_ok;
}

} // namespace

void add_rule(Shell& shell) {
    auto* parent = shell.command("rule", "The district's settings: the committee's rules, thresholds, deadlines", {});
    parent->require_subcommand(1);
    const auto flags = std::make_shared<Flags>();
    const auto sub = [&](const std::string& name, const std::string& description, std::function<int()> work) {
        auto* command = shell.command(parent, name, description, std::move(work));
        shell.add_database_options(command);
        return command;
    };
    sub("show", "All settings, or one of them whole", [&shell, flags] {
        return show(shell, *flags);
    })->add_option("KEY", flags->key, "Key of the setting, committee");
    auto* setting = sub("set", "Change a setting", [&shell, flags] { return set(shell, *flags); });
    setting->add_option("KEY", flags->key, "Key of the setting")->required();
    setting->add_option("VALUE", flags->value, "JSON: '{\"quorum\": [1, 2], \"pass\": [1, 2], \"secret\": false}'")
        ->required();
    sub("approve", "Approve the proposed change of the catalogue, made by somebody with an account",
        [&shell, flags] { return approve(shell, *flags); })
        ->add_option("KEY", flags->key, "Key of the setting, catalogue")
        ->required();
    sub("history", "Every value that a setting had, newest first, and who set it",
        [&shell, flags] { return history(shell, *flags); })
        ->add_option("KEY", flags->key, "Key of the setting")
        ->required();
}

} // namespace cunmai::cli
