#include "tests/bench/raw_sqlite.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace cunmai::bench {

RawSqlite::RawSqlite(const std::string& file) {
    if (sqlite3_open(file.c_str(), &handle_) != SQLITE_OK) throw std::runtime_error("can't open " + file);
    sqlite3_busy_timeout(handle_, 10'000);
}

RawSqlite::~RawSqlite() { sqlite3_close_v2(handle_); }

void RawSqlite::exec(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        throw std::runtime_error(std::string(sqlite3_errmsg(handle_)) + " in " + sql.substr(0, 200));
}

RawSqlite::Statement::Statement(RawSqlite& database, const std::string& sql) : database_(database) {
    if (sqlite3_prepare_v2(database.handle_, sql.c_str(), -1, &statement_, nullptr) != SQLITE_OK)
        throw std::runtime_error(std::string(sqlite3_errmsg(database.handle_)) + " in " + sql);
}

RawSqlite::Statement::~Statement() { sqlite3_finalize(statement_); }

void RawSqlite::Statement::run(std::initializer_list<Value> values) {
    int at = 0;
    for (const auto& value : values) {
        ++at;
        if (const auto* number = std::get_if<std::int64_t>(&value))
            sqlite3_bind_int64(statement_, at, *number);
        else
            sqlite3_bind_text(statement_, at, std::get<std::string_view>(value).data(),
                              static_cast<int>(std::get<std::string_view>(value).size()), SQLITE_STATIC);
    }
    const int code = sqlite3_step(statement_);
    sqlite3_reset(statement_);
    if (code != SQLITE_DONE && code != SQLITE_ROW) throw std::runtime_error(sqlite3_errmsg(database_.handle_));
}

bool RawSqlite::Statement::next() {
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_DONE && code != SQLITE_ROW) throw std::runtime_error(sqlite3_errmsg(database_.handle_));
    return code == SQLITE_ROW;
}

std::string_view RawSqlite::Statement::text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return {text ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::int64_t RawSqlite::Statement::number(int column) const { return sqlite3_column_int64(statement_, column); }

} // namespace cunmai::bench
