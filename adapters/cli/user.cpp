// People and their roles from the command line: to set an installation up, and when nobody can sign in.
// The rules are those of pages and API (engine/administration.hpp). Changes are logged as "cli".

#include "adapters/cli/shell.hpp"
#include "adapters/services/administration.hpp"
#include "adapters/telemetry/terminal.hpp"
#include "workflows/roles.hpp"

#include <iostream>

namespace cunmai::cli {

namespace {

const engine::PersonId nobody; // nobody is signed in on the command line

struct Flags {
    std::string login, name, email, phone, language = "zh-CN";
    std::string role, qualifier, place, text;
    bool password_stdin = false, no_password = false;
};
using FlagsPtr = std::shared_ptr<Flags>;

// An empty one is not taken for "without a password", which has a flag of its own.
std::string new_password(const Shell& shell, const Flags& flags) {
    if (flags.password_stdin) {
        auto password = password_from_stdin();
        if (password.empty()) shell.stop(exit_failed, "reason.missing", {{"field", shell.text("field.password")}});
        return password;
    }
    auto password = ask_password(shell.text("cli.user.password"));
    if (ask_password(shell.text("cli.user.password_again")) != password)
        shell.stop(exit_failed, "cli.user.passwords_differ");
    return password;
}

db::Person find(const Shell& shell, App& app, const std::string& login) {
    auto person = app.people.by_login(login);
    if (!person) shell.stop(exit_failed, "cli.user.unknown", {{"login", login}});
    return *person;
}

std::string keys_of_roles() {
    std::string keys;
    for (const auto& role : workflows::all_roles().all()) keys += (keys.empty() ? "" : ", ") + role.key;
    return keys;
}

std::unique_ptr<App> open(const Shell& shell) { return shell.open(shell.config(), Shell::Needs::existing_database); }

int grant(const Shell& shell, App& app, const engine::PersonId& person, const Flags& flags) {
    const auto result = administration::add_grant(app, nobody, person, flags.role, flags.qualifier, flags.place);
    if (!result.ok()) return shell.refused(result.refusal);
    shell.say("cli.user.granted", {{"login", flags.login}, {"role", flags.role}});
    return exit_ok;
}

int add(const Shell& shell, const Flags& flags) {
    auto app = shell.open(shell.config(), Shell::Needs::any_database);
    db::Person person;
    person.login = flags.login;
    person.name = flags.name;
    person.email = flags.email;
    person.phone = flags.phone;
    person.language = flags.language;
    const auto password = flags.no_password ? "" : new_password(shell, flags);
    const auto result = administration::add_person(*app, nobody, person, password);
    if (!result.ok()) return shell.refused(result.refusal);
    shell.say("cli.user.added", {{"login", flags.login}});
    return flags.role.empty() ? exit_ok : grant(shell, *app, {result.id}, flags);
}

int list(const Shell& shell, const Flags& flags) {
    constexpr int page = 200;
    auto app = open(shell);
    std::string after;
    for (;;) {
        const auto people = app->people.search(flags.text, flags.role, page, after);
        for (const auto& person : people) {
            std::cout << person.login << "\t" << person.name;
            for (const auto& held : app->people.grants_of(person.id))
                std::cout << "\t" << held.role << (held.qualifier.empty() ? "" : ":" + held.qualifier)
                          << (held.place_code.empty() ? "" : "@" + held.place_code);
            if (!person.active) std::cout << "\t" << shell.text("cli.user.inactive");
            std::cout << "\n";
        }
        if (people.size() < page) return exit_ok;
        after = people.back().login;
    }
}

int set_password(const Shell& shell, const Flags& flags) {
    auto app = open(shell);
    const auto person = find(shell, *app, flags.login);
    const auto result = administration::set_password(*app, nobody, person.id, new_password(shell, flags));
    if (!result.ok()) return shell.refused(result.refusal);
    shell.say("cli.user.password_set", {{"login", flags.login}});
    return exit_ok;
}

int set_active(const Shell& shell, const Flags& flags, bool active) {
    auto app = open(shell);
    auto person = find(shell, *app, flags.login);
    person.active = active;
    const auto result = administration::change_person(*app, nobody, person);
    if (!result.ok()) return shell.refused(result.refusal);
    shell.say(active ? "cli.user.enabled" : "cli.user.disabled", {{"login", flags.login}});
    return exit_ok;
}

int revoke(const Shell& shell, const Flags& flags) {
    auto app = open(shell);
    const auto person = find(shell, *app, flags.login);
    std::vector<db::GrantRow> meant;
    for (auto& held : app->people.grants_of(person.id))
        if (held.role == flags.role && (flags.place.empty() || held.place_code == flags.place) &&
            (flags.qualifier.empty() || held.qualifier == flags.qualifier))
            meant.push_back(std::move(held));
    if (meant.empty()) shell.stop(exit_failed, "cli.user.no_grant", {{"login", flags.login}});
    if (meant.size() > 1)
        shell.stop(exit_failed, "cli.user.several_grants", {{"login", flags.login}, {"role", flags.role}});
    const auto result = administration::remove_grant(*app, nobody, meant.front().id);
    if (!result.ok()) return shell.refused(result.refusal);
    shell.say("cli.user.revoked", {{"login", flags.login}, {"role", flags.role}});
    return exit_ok;
}

void add_login(::CLI::App* command, const FlagsPtr& flags) {
    command->add_option("LOGIN", flags->login, "Sign-in name")->required();
}

void add_role_options(::CLI::App* command, const FlagsPtr& flags) {
    command->add_option("--place,PLACE", flags->place,
                        "Code of the place that the role covers; administrators need none");
    command->add_option("--qualifier", flags->qualifier, "Department of a reviewer, kind of a coordinator");
}

void add_password_options(::CLI::App* command, const FlagsPtr& flags) {
    command->add_flag("--password-stdin", flags->password_stdin, "Read the password from standard input (first line)");
}

} // namespace

void add_user(Shell& shell) {
    auto* parent = shell.command("user", "People, their passwords and their roles", {});
    parent->require_subcommand(1);
    const auto flags = std::make_shared<Flags>();
    const auto sub = [&](const std::string& name, const std::string& description, std::function<int()> work) {
        auto* command = shell.command(parent, name, description, std::move(work));
        shell.add_database_options(command);
        return command;
    };

    auto* adding =
        sub("add", "Add a person; the password is asked for", [&shell, flags] { return add(shell, *flags); });
    add_login(adding, flags);
    adding->add_option("--name", flags->name, "Name as shown")->required();
    adding->add_option("--email", flags->email, "For notices by mail");
    adding->add_option("--phone", flags->phone, "Telephone");
    adding->add_option("--language", flags->language, "zh-CN or en");
    adding->add_option("--role", flags->role, "A first role");
    add_role_options(adding, flags);
    add_password_options(adding, flags);
    adding->add_flag("--no-password", flags->no_password, "Without a password: can't sign in yet");

    auto* listing = sub("list", "List people with their roles", [&shell, flags] { return list(shell, *flags); });
    listing->add_option("--role", flags->role, "Only holders of this role");
    listing->add_option("--text", flags->text, "Only where login or name has this text");

    auto* password = sub("password", "Set a password; ends all sessions of the person",
                         [&shell, flags] { return set_password(shell, *flags); });
    add_login(password, flags);
    add_password_options(password, flags);

    add_login(sub("disable", "Nobody can sign in as this person any more",
                  [&shell, flags] { return set_active(shell, *flags, false); }),
              flags);
    add_login(sub("enable", "Let a disabled person sign in again",
                  [&shell, flags] { return set_active(shell, *flags, true); }),
              flags);

    auto* granting = sub("grant", "Give a person a role", [&shell, flags] {
        auto app = open(shell);
        return grant(shell, *app, find(shell, *app, flags->login).id, *flags);
    });
    add_login(granting, flags);
    granting->add_option("ROLE", flags->role, "Key of the role: " + keys_of_roles())->required();
    add_role_options(granting, flags);

    auto* revoking = sub("revoke", "Take a role from a person", [&shell, flags] { return revoke(shell, *flags); });
    add_login(revoking, flags);
    revoking->add_option("ROLE", flags->role, "Key of the role")->required();
    add_role_options(revoking, flags);
}

} // namespace cunmai::cli
