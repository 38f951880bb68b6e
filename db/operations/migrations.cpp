#include "db/operations/migrations.hpp"

// Migrations: db/migrations/<dialect>/NNNN_what.sql, in order, once each, under a lock. A file must never change after
// it was applied; its SHA-256 is kept. A database with a migration that this program does not know is refused, unless
// the name ends with _expand: such a migration only adds what a newer program needs, and older servers may go on during
// the upgrade. On SQLite a file is one transaction. MySQL commits around every statement that changes the schema, so
// there the number of finished statements is kept, and an interrupted file is continued where it stopped.
#include "cmake/embedded.hpp"
#include "db/kernel/database_impl.hpp"
#include "db/operations/migration_rehearsal.hpp"
#include "db/operations/migration_take_over.hpp"
#include "engine/fingerprint.hpp"

#include <algorithm>
#include <sstream>

namespace cunmai::db {

namespace {

struct File {
    int number = 0;
    std::string name;
    std::string text;
    std::string sha256;
};

struct Applied {
    int number = 0;
    std::string name, sha256;
    engine::Instant at;
    int statements_done = 0; // all_done when the file was finished
};

constexpr int all_done = -1;

std::vector<File> files_of(Dialect dialect) {
    const std::string folder = dialect == Dialect::sqlite ? "sqlite/" : "mysql/";
    std::vector<File> files;
    for (const auto& [path, text] : embedded::migrations()) // in order of path
        if (path.starts_with(folder)) {
            const std::string name(path.substr(folder.size()));
            files.push_back({std::stoi(name.substr(0, 4)), name, std::string(text), sha256_hex(text)});
            if (files.size() > 1 && files[files.size() - 2].number == files.back().number)
                throw std::logic_error("two migrations have the number of " + name);
        }
    return files;
}

std::vector<std::string> statements_of(const std::string& text) {
    std::vector<std::string> statements;
    std::istringstream lines(text);
    std::string statement;
    for (std::string line; std::getline(lines, line);) {
        if (const auto comment = line.find("--"); comment != std::string::npos) line.erase(comment);
        while (!line.empty() && line.back() == ' ') line.pop_back();
        if (line.empty()) continue;
        statement += line + '\n';
        if (line.back() != ';') continue;
        statement.erase(statement.rfind(';'));
        statements.push_back(std::move(statement));
        statement.clear();
    }
    return statements;
}

// None when not even their table is there. Only looks.
std::vector<Applied> applied_in(Connection& connection) {
    std::string name;
    bool is_there = false;
    connection.each("tables", {}, {name}, [&] { is_there = is_there || name == "schema_migrations"; });
    if (!is_there) return {};
    return connection.all<Applied>("migrations.all", {}, [](Applied& row) {
        return Outs{row.number, row.name, row.sha256, row.at, row.statements_done};
    });
}

const Applied* find(const std::vector<Applied>& applied, int number) {
    const auto found =
        std::find_if(applied.begin(), applied.end(), [&](const auto& row) { return row.number == number; });
    return found == applied.end() ? nullptr : &*found;
}

void check_unchanged(const std::vector<File>& files, const std::vector<Applied>& applied) {
    for (const auto& file : files)
        if (const auto* row = find(applied, file.number); row && row->sha256 != file.sha256)
            throw CannotMigrate("changed", {{"migration", row->name}},
                                "migration " + row->name +
                                    " has changed since it was applied: restore the file and put the change into a "
                                    "new one");
    for (const auto& row : applied) {
        if (row.name.ends_with("_expand.sql")) continue; // applied by a newer program; this one still works with it
        if (std::none_of(files.begin(), files.end(), [&](const auto& file) { return file.number == row.number; }))
            throw CannotMigrate("unknown", {{"migration", row.name}},
                                "the database has migration " + row.name +
                                    ", which this program does not know: use the newer program");
    }
}

void note(Connection& connection, const File& file, engine::Instant at, int statements_done) {
    connection.run("migrations.note", {{"number", file.number},
                                       {"name", file.name},
                                       {"sha256", file.sha256},
                                       {"applied_at", at},
                                       {"statements_done", statements_done}});
}

void apply_to_sqlite(Connection& connection, const File& file, engine::Instant at) {
    connection.run_script(file.text);
    take_over(connection, file.number, at);
    note(connection, file, at, all_done);
}

// The statement at which an earlier run was interrupted may have been done without being noted.
bool is_done_already(const std::string& error) {
    for (const std::string_view code : {"(1050)", "(1060)", "(1061)", "(1091)", "(1359)"})
        if (error.ends_with(code)) return true;
    return false;
}

void apply_to_mysql(Connection& connection, const File& file, const Applied* before, engine::Instant at) {
    const auto statements = statements_of(file.text);
    const auto first = static_cast<std::size_t>(before ? before->statements_done : 0);
    if (!before) note(connection, file, at, 0);
    for (std::size_t i = first; i < statements.size(); ++i) {
        try {
            connection.run_text(statements[i]);
        } catch (const std::logic_error& error) {
            if (!before || i != first || !is_done_already(error.what()))
                throw std::runtime_error(file.name + ": " + error.what());
            connection.rollback(); // makes the connection usable again
        }
        note(connection, file, at, static_cast<int>(i + 1));
    }
    connection.begin_write();
    take_over(connection, file.number, at);
    connection.commit();
    note(connection, file, at, all_done);
}

void migrate_mysql(Database::Impl& impl, Connection& connection, const std::vector<File>& files) {
    const std::string lock = "cunmai_migrate_" + impl.schema_name().substr(0, 40);
    int got = 0;
    connection.first_text("SELECT COALESCE(GET_LOCK(:name, 60), 0)", {{"name", lock}}, {got});
    if (got != 1) throw engine::StoreUnavailable("another program is migrating the database");
    const auto applied = applied_in(connection);
    check_unchanged(files, applied);
    const auto is_missing = [&](const File& file) {
        const auto* before = find(applied, file.number);
        return !before || before->statements_done != all_done;
    };
    if (std::any_of(files.begin(), files.end(), is_missing)) {
        rehearse_migration(connection);
        connection.run("migrations.create");
    }
    for (const auto& file : files)
        if (is_missing(file)) apply_to_mysql(connection, file, find(applied, file.number), impl.clock().now());
    connection.first_text("SELECT RELEASE_LOCK(:name)", {{"name", lock}}, {got});
}

void check_server(Connection& connection) {
    int flush = 1;
    connection.first_text("SELECT @@innodb_flush_log_at_trx_commit", {}, {flush});
    if (flush != 1)
        throw CannotMigrate("flush", {{"value", flush}},
                            "the database server would lose acknowledged commands in a crash: set "
                            "innodb_flush_log_at_trx_commit = 1 (it is " +
                                std::to_string(flush) + ')');
}

} // namespace

void migrate(Database& database) {
    auto& impl = database.impl();
    const auto files = files_of(impl.dialect());
    if (impl.dialect() == Dialect::mysql) {
        impl.alone([&](Connection& connection) {
            check_server(connection);
            migrate_mysql(impl, connection, files);
        });
        return;
    }
    impl.write([&](Connection& connection) {
        const auto applied = applied_in(connection);
        connection.run("migrations.create");
        check_unchanged(files, applied);
        for (const auto& file : files)
            if (!find(applied, file.number)) apply_to_sqlite(connection, file, impl.clock().now());
    });
}

std::vector<MigrationStatus> migration_status(Database& database) {
    auto& impl = database.impl();
    std::vector<Applied> applied;
    impl.read([&](Connection& connection) { applied = applied_in(connection); }); // asked for every few seconds
    std::vector<MigrationStatus> status;
    for (const auto& file : files_of(impl.dialect())) {
        const auto* row = find(applied, file.number);
        const bool done = row && row->statements_done == all_done;
        status.push_back({file.number, file.name, done, done ? engine::to_iso(row->at) : ""});
    }
    return status;
}

} // namespace cunmai::db
