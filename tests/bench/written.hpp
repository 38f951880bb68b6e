// The rows that Cunmai's transitions wrote, read back from the database file so that a bare loop can write them again,
// byte for byte.
#pragma once

#include "tests/bench/officers.hpp"

#include <map>
#include <optional>
#include <variant>

struct sqlite3;

namespace cunmai::bench {

using Cell = std::variant<std::monostate, std::int64_t, std::string>; // NULL, INTEGER, TEXT
using Cells = std::vector<Cell>;

struct Transition { // one command's rows
    Cells case_row; // after it: changed_case_columns
    const std::vector<Cells>* work_items;
    Cells event, notice, reply;
    std::string case_id, head_hash;
    std::int64_t version = 0, at = 0;
};

// The columns of each table that a transition writes, in the order of the cells.
extern const std::vector<std::string> changed_case_columns, event_columns, work_item_columns, notice_columns,
    reply_columns;

class Written {
  public:
    explicit Written(const std::string& database_file);
    ~Written();
    Written(const Written&) = delete;
    Written& operator=(const Written&) = delete;

    // All transitions since the last call, in a possible order. REQUIRES: no command is under way.
    std::vector<Transition> since_last(const std::vector<Officer>& officers);
    // Row templates for both states; call once in each state, before since_last.
    void learn_state(const Officer& officer);

  private:
    std::vector<Cells> rows(const std::string& sql, const std::vector<Cell>& parameters);

    sqlite3* handle_ = nullptr;
    std::map<std::string, std::map<std::string, Cells>> case_rows_;               // case → state → cells
    std::map<std::string, Json> facts_;                                           // case → as of the last event read
    std::map<std::string, std::map<std::string, std::vector<Cells>>> work_items_; // case → state → rows
    std::map<std::string, std::int64_t> seen_;                                    // case → last seq
};

// Rows and bytes of every table, to compare two databases.
std::map<std::string, std::pair<std::int64_t, std::int64_t>> contents(const std::string& database_file);

} // namespace cunmai::bench
