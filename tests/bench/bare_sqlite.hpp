// The ceiling: a bare loop over SQLite's C interface that writes transitions which are already decided. Prepared
// statements, no reading, no checking but the compare-and-swap on the case's version.
#pragma once

#include "tests/bench/written.hpp"

#include <span>

struct sqlite3;
struct sqlite3_stmt;

namespace cunmai::bench {

// An exact copy, page for page, of a database in use.
void copy_database(const std::string& from, const std::string& to);

class BareSqlite {
  public:
    // `pragmas`: the settings of Cunmai's writing session.
    BareSqlite(const std::string& file, const std::vector<std::pair<std::string, std::string>>& pragmas);
    ~BareSqlite();
    BareSqlite(const BareSqlite&) = delete;
    BareSqlite& operator=(const BareSqlite&) = delete;

    // Returns transitions per second.
    double write(std::span<const Transition> transitions, std::size_t batch);

  private:
    sqlite3_stmt* prepare(const std::string& sql);
    void exec(const char* sql);
    void step(sqlite3_stmt* statement, bool changes_one);
    void one(const Transition& transition);

    sqlite3* handle_ = nullptr;
    std::vector<sqlite3_stmt*> statements_;
    sqlite3_stmt *move_, *append_, *post_, *reply_, *replace_item_;
};

} // namespace cunmai::bench
