#include "tests/bench/bare_sqlite.hpp"

#include "tests/bench/bench.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace cunmai::bench {

namespace {

std::string insert_into(const std::string& table, const std::vector<std::string>& columns) {
    std::string names, marks;
    for (const auto& column : columns) {
        names += (names.empty() ? "" : ", ") + column;
        marks += marks.empty() ? "?" : ", ?";
    }
    return "INSERT INTO " + table + " (" + names + ") VALUES (" + marks + ")";
}

void bind(sqlite3_stmt* statement, int at, const Cell& cell) {
    if (const auto* number = std::get_if<std::int64_t>(&cell))
        sqlite3_bind_int64(statement, at, *number);
    else if (const auto* text = std::get_if<std::string>(&cell))
        sqlite3_bind_text(statement, at, text->data(), static_cast<int>(text->size()), SQLITE_STATIC);
    else
        sqlite3_bind_null(statement, at);
}

int bind_all(sqlite3_stmt* statement, const Cells& cells, int at = 1) {
    for (const auto& cell : cells) bind(statement, at++, cell);
    return at;
}

} // namespace

void copy_database(const std::string& from, const std::string& to) {
    sqlite3 *source = nullptr, *target = nullptr;
    sqlite3_open_v2(from.c_str(), &source, SQLITE_OPEN_READONLY, nullptr);
    sqlite3_open_v2(to.c_str(), &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    auto* backup = sqlite3_backup_init(target, "main", source, "main");
    const bool copied = backup && sqlite3_backup_step(backup, -1) == SQLITE_DONE;
    if (backup) sqlite3_backup_finish(backup);
    sqlite3_close_v2(target);
    sqlite3_close_v2(source);
    if (!copied) throw std::runtime_error("can't copy " + from);
}

BareSqlite::BareSqlite(const std::string& file, const std::vector<std::pair<std::string, std::string>>& pragmas) {
    if (sqlite3_open_v2(file.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK)
        throw std::runtime_error("can't open " + file);
    for (const auto& [name, value] : pragmas) exec(("PRAGMA " + name + " = " + value).c_str());
    std::string set;
    for (const auto& column : changed_case_columns) set += (set.empty() ? "" : ", ") + column + " = ?";
    move_ = prepare("UPDATE cases SET " + set +
                    ", version = ?, head_hash = ?, updated_at = ? WHERE id = ? AND version = ?");
    append_ = prepare(insert_into("case_events", event_columns));
    post_ = prepare(insert_into("outbox", notice_columns));
    reply_ = prepare(insert_into("command_keys", reply_columns));
    replace_item_ = prepare("REPLACE" + insert_into("work_items", work_item_columns).substr(6));
}

BareSqlite::~BareSqlite() {
    for (auto* statement : statements_) sqlite3_finalize(statement);
    sqlite3_close_v2(handle_);
}

sqlite3_stmt* BareSqlite::prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(handle_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
        throw std::runtime_error(std::string(sqlite3_errmsg(handle_)) + " in " + sql);
    statements_.push_back(statement);
    return statement;
}

void BareSqlite::exec(const char* sql) {
    if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        throw std::runtime_error(std::string(sqlite3_errmsg(handle_)) + " in " + sql);
}

void BareSqlite::step(sqlite3_stmt* statement, bool changes_one) {
    if (sqlite3_step(statement) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(handle_));
    sqlite3_reset(statement);
    if (changes_one && sqlite3_changes(handle_) != 1) throw std::runtime_error("a bare write missed its row");
}

void BareSqlite::one(const Transition& transition) {
    int at = bind_all(move_, transition.case_row);
    sqlite3_bind_int64(move_, at++, transition.version);
    sqlite3_bind_text(move_, at++, transition.head_hash.data(), static_cast<int>(transition.head_hash.size()),
                      SQLITE_STATIC);
    sqlite3_bind_int64(move_, at++, transition.at);
    sqlite3_bind_text(move_, at++, transition.case_id.data(), static_cast<int>(transition.case_id.size()),
                      SQLITE_STATIC);
    sqlite3_bind_int64(move_, at, transition.version - 1);
    step(move_, true);

    bind_all(append_, transition.event);
    step(append_, true);

    for (const auto& item : *transition.work_items) {
        bind_all(replace_item_, item);
        sqlite3_bind_int64(replace_item_, static_cast<int>(work_item_columns.size()), transition.at);
        step(replace_item_, true);
    }
    bind_all(post_, transition.notice);
    step(post_, true);
    bind_all(reply_, transition.reply);
    step(reply_, true);
}

double BareSqlite::write(std::span<const Transition> transitions, std::size_t batch) {
    const Stopwatch watch;
    for (std::size_t i = 0; i < transitions.size(); i += batch) {
        exec("BEGIN IMMEDIATE");
        for (const auto& transition : transitions.subspan(i, std::min(batch, transitions.size() - i))) one(transition);
        exec("COMMIT");
    }
    return static_cast<double>(transitions.size()) / watch.seconds();
}

} // namespace cunmai::bench
