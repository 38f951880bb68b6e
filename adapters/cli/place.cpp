// The organisation's places from the command line, one by one; a whole register comes with `import register`.
#include "adapters/cli/shell.hpp"
#include "adapters/services/administration.hpp"

#include <iostream>

namespace cunmai::cli {

namespace {

struct Flags {
    std::string code, name, parent, level, text;
};
using FlagsPtr = std::shared_ptr<Flags>;

int add(const Shell& shell, const Flags& flags) {
    auto app = shell.open(shell.config(), Shell::Needs::any_database);
    const auto result = administration::add_place(*app, {}, {flags.code, flags.name, flags.parent, flags.level, ""});
    if (!result.ok()) return shell.refused(result.refusal);
    shell.say("cli.place.added", {{"code", flags.code}, {"name", flags.name}});
    return exit_ok;
}

int rename(const Shell& shell, const Flags& flags) {
    auto app = shell.open(shell.config(), Shell::Needs::existing_database);
    const auto result = administration::rename_place(*app, {}, flags.code, flags.name);
    if (!result.ok()) return shell.refused(result.refusal);
    shell.say("cli.place.renamed", {{"code", flags.code}, {"name", flags.name}});
    return exit_ok;
}

int list(const Shell& shell, const Flags& flags) {
    auto app = shell.open(shell.config(), Shell::Needs::existing_database);
    for (const auto& place : app->places.all()) {
        if (!flags.level.empty() && place.level != flags.level) continue;
        if (!flags.parent.empty() && place.parent != flags.parent) continue;
        std::cout << place.code << "\t" << place.level << "\t" << place.name << "\t" << place.parent << "\n";
    }
    return exit_ok;
}

} // namespace

void add_place(Shell& shell) {
    auto* parent = shell.command("place", "Districts, towns and villages, one by one", {});
    parent->require_subcommand(1);
    const auto flags = std::make_shared<Flags>();
    const auto sub = [&](const std::string& name, const std::string& description, std::function<int()> work) {
        auto* command = shell.command(parent, name, description, std::move(work));
        shell.add_database_options(command);
        return command;
    };
    const auto levels = ::CLI::IsMember({"district", "town", "village"});

    auto* adding = sub("add", "Add a place", [&shell, flags] { return add(shell, *flags); });
    adding->add_option("CODE", flags->code, "Its code in the register")->required();
    adding->add_option("NAME", flags->name, "Its name")->required();
    adding->add_option("--level", flags->level, "district, town or village")->required()->check(levels);
    adding->add_option("--parent", flags->parent, "Code of the town of a village, of the district of a town");

    auto* renaming = sub("rename", "Give a place another name; open cases keep the name that they were opened with",
                         [&shell, flags] { return rename(shell, *flags); });
    renaming->add_option("CODE", flags->code, "Its code")->required();
    renaming->add_option("NAME", flags->name, "The new name")->required();

    auto* listing =
        sub("list", "List places: code, level, name, parent", [&shell, flags] { return list(shell, *flags); });
    listing->add_option("--level", flags->level, "Only of this level")->check(levels);
    listing->add_option("--parent", flags->parent, "Only directly below this place");
}

} // namespace cunmai::cli
