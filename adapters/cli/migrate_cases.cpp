// Brings running cases to the newest version of their workflow, each by one event of its own. When it was interrupted,
// it can be started again and goes on with the remaining cases. Servers of this program may run meanwhile.
#include "adapters/cli/shell.hpp"
#include "adapters/telemetry/terminal.hpp"
#include "adapters/words/names.hpp"
#include "adapters/words/texts.hpp"
#include "db/operations/definitions.hpp"
#include "db/operations/migrations.hpp"

#include <iostream>

namespace cunmai::cli {

namespace {

using Kind = engine::Outcome::Kind;

struct Flags {
    std::string definition;
    bool dry_run = false;
};

struct Tally {
    std::int64_t moved = 0, stranded = 0, failed = 0;
    bool none() const { return moved + stranded + failed == 0; }
};

std::vector<const engine::Definition*> chosen(const Shell& shell, const App& app, const std::string& key) {
    auto current = app.registry.current();
    std::string all;
    for (const auto* one : current) all += (all.empty() ? "" : ", ") + one->info().key;
    if (!key.empty()) std::erase_if(current, [&](const auto* one) { return one->info().key != key; });
    if (current.empty()) shell.stop(exit_usage, "cli.diagram.unknown", {{"workflow", key}, {"workflows", all}});
    return current;
}

// Reads the ids of all cases of one workflow before the first is moved, so that moving does not shift the pages.
std::vector<engine::CaseId> behind(App& app, const engine::DefinitionInfo& newest) {
    constexpr int page = 1000;
    std::vector<engine::CaseId> ids;
    for (;;) {
        const auto some =
            app.cases.open_in_older_version(newest.key, newest.version, ids.empty() ? "" : ids.back().text, page);
        ids.insert(ids.end(), some.begin(), some.end());
        if (some.size() < page) return ids;
    }
}

std::string why_not(const Shell& shell, const engine::Refusal& refusal) {
    std::string text;
    for (const auto& reason : refusal.reasons())
        text += (text.empty() ? "" : " ") + texts::sentence(shell.language(), reason);
    return text;
}

void take(const Shell& shell, App& app, const engine::DefinitionInfo& newest, const engine::CaseId& id, bool dry_run,
          Tally& tally) {
    const auto before = app.cases.row(id);
    if (!before) return;
    const auto outcome = app.service.migrate(id, dry_run);
    if (outcome.kind != Kind::accepted && outcome.kind != Kind::refused)
        return; // it ended meanwhile, or another process has moved it
    const bool moves = outcome.kind == Kind::accepted;
    ++(moves ? tally.moved : tally.stranded);
    if (moves && !dry_run) return; // there may be thousands; the end tells how many
    shell.say(moves ? "cli.migrate_cases.can" : "cli.migrate_cases.stranded",
              {{"case", id.text},
               {"title", before->summary.title},
               {"definition", words::definition_name(shell.language(), newest.key)},
               {"state", words::state_name(shell.language(), newest.key, before->state)},
               {"from", before->definition_version},
               {"to", newest.version},
               {"why", why_not(shell, outcome.refusal)}});
}

// A dry run opens the database without migrating it or storing definitions, so it checks here what that would check.
void check_untouched(const Shell& shell, App& app) {
    for (const auto& migration : db::migration_status(app.database))
        if (!migration.applied) shell.stop(exit_failed, "cli.migrations_missing");
    const auto changed = db::changed_definitions(app.database, app.registry.all());
    if (!changed.empty()) shell.stop(exit_failed, "cli.migrate_cases.tables_changed", {{"definitions", changed}});
}

int migrate_cases(const Shell& shell, const Flags& flags) {
    auto app = shell.open(shell.config(), Shell::Needs::existing_database, !flags.dry_run);
    if (flags.dry_run) check_untouched(shell, *app);
    Tally tally;
    for (const auto* definition : chosen(shell, *app, flags.definition)) {
        const auto ids = behind(*app, definition->info());
        ProgressBar bar(shell.text("cli.migrate_cases.label"));
        std::int64_t done = 0;
        for (const auto& id : ids) {
            try {
                take(shell, *app, definition->info(), id, flags.dry_run, tally);
            } catch (const engine::StoreUnavailable&) { throw; } catch (const std::exception& error) {
                ++tally.failed; // a broken record stays as it is; `verify` says what is broken
                shell.complain("cli.migrate_cases.failed", {{"case", id.text}, {"why", error.what()}});
            }
            bar.show(++done, static_cast<std::int64_t>(ids.size()));
        }
    }
    shell.say(tally.none()    ? "cli.migrate_cases.none"
              : flags.dry_run ? "cli.migrate_cases.would"
                              : "cli.migrate_cases.done",
              {{"moved", tally.moved}, {"stranded", tally.stranded}, {"failed", tally.failed}});
    return tally.stranded + tally.failed == 0 ? exit_ok : exit_failed;
}

} // namespace

void add_migrate_cases(Shell& shell) {
    auto flags = std::make_shared<Flags>();
    auto* command = shell.command(
        "migrate-cases", "Bring running cases to the newest version of their workflow; exit code 1 when some can't",
        [&shell, flags] { return migrate_cases(shell, *flags); });
    shell.add_database_options(command);
    command->add_option("--definition", flags->definition, "Only cases of this workflow");
    command->add_flag("--dry-run", flags->dry_run, "Only say which could move, which could not, and why");
}

} // namespace cunmai::cli
