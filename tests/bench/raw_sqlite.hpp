// SQLite's C interface, as bare as it is: for filling databases with many rows, and for ceilings.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace cunmai::bench {

class RawSqlite {
  public:
    explicit RawSqlite(const std::string& file);
    ~RawSqlite();
    RawSqlite(const RawSqlite&) = delete;
    RawSqlite& operator=(const RawSqlite&) = delete;

    void exec(const std::string& sql);
    using Value = std::variant<std::int64_t, std::string_view>;
    // A prepared statement, run with values; returns at once when it gives no row.
    class Statement {
      public:
        Statement(RawSqlite& database, const std::string& sql);
        ~Statement();
        Statement(const Statement&) = delete;
        Statement& operator=(const Statement&) = delete;
        void run(std::initializer_list<Value> values);
        bool next(); // the next row of a query
        std::string_view text(int column) const;
        std::int64_t number(int column) const;

      private:
        RawSqlite& database_;
        sqlite3_stmt* statement_ = nullptr;
    };
    // Wraps the work in BEGIN and COMMIT without waiting for the disk, because filled databases are thrown away.
    void filling() { exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000"); }

  private:
    sqlite3* handle_ = nullptr;
};

} // namespace cunmai::bench
