#include "tests/support/tampering.hpp"

#include <sqlite3.h>

#include <stdexcept>
#include <vector>

namespace cunmai::test {

namespace {

sqlite3* handle(void* database) { return static_cast<sqlite3*>(database); }

std::vector<std::string> column(void* database, const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle(database), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        throw std::runtime_error(sqlite3_errmsg(handle(database)));
    std::vector<std::string> values;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const auto* text = sqlite3_column_text(statement, 0);
        values.emplace_back(text ? reinterpret_cast<const char*>(text) : "");
    }
    sqlite3_finalize(statement);
    return values;
}

} // namespace

Tampering::Tampering(const std::string& sqlite_file) {
    sqlite3* opened = nullptr;
    if (sqlite3_open(sqlite_file.c_str(), &opened) != SQLITE_OK) throw std::runtime_error("can't open " + sqlite_file);
    database_ = opened;
    execute("PRAGMA synchronous = OFF"); // no test pulls the plug on it
    triggers_ =
        column(database_, "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%!_no!_%' ESCAPE '!'");
    for (const auto& trigger : column(database_, "SELECT name FROM sqlite_master WHERE type = 'trigger' "
                                                 "AND name LIKE '%!_no!_%' ESCAPE '!'"))
        execute("DROP TRIGGER " + trigger);
}

Tampering::~Tampering() {
    for (const auto& trigger : triggers_) sqlite3_exec(handle(database_), trigger.c_str(), nullptr, nullptr, nullptr);
    sqlite3_close(handle(database_));
}

void Tampering::execute(const std::string& sql) {
    char* error = nullptr;
    if (sqlite3_exec(handle(database_), sql.c_str(), nullptr, nullptr, &error) != SQLITE_OK) {
        const std::string what = error ? error : "?";
        sqlite3_free(error);
        throw std::runtime_error(sql + ": " + what);
    }
}

void Tampering::run(const std::string& sql) {
    execute(sql);
    if (sqlite3_changes(handle(database_)) == 0) throw std::runtime_error(sql + ": changed nothing");
}

std::vector<std::string> Tampering::values(const std::string& sql) { return column(database_, sql); }

std::string Tampering::value(const std::string& sql) { return column(database_, sql).at(0); }

} // namespace cunmai::test
