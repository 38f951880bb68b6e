// A prepared statement and the variables that it is bound to. Used by Connection, which interprets its errors.
#pragma once

#include "db/kernel/connection.hpp"

#include <soci/soci.h>

namespace cunmai::db {

class Prepared {
  public:
    virtual ~Prepared() = default;

    // Whether it can be run again with these parameters and columns.
    virtual bool fits(const Params& params, std::size_t columns) const = 0;
    virtual std::int64_t run(const Params& params) = 0; // rows matched
    // For a text that has a ? for each value of each row (SQLite only).
    virtual std::int64_t run_rows(const std::vector<const Params*>& rows) = 0;
    // Calls `row` for each row until it returns false. Throws std::logic_error when the number of columns is not that
    // of `outs`: reading would go beyond the row.
    virtual void each(const Params& params, const Outs& outs, const std::function<bool()>& row) = 0;
    // Must be called after each run, even a failed one: an open statement would keep SQLite's snapshot, or the client's
    // copy of the rows.
    virtual void finish(Counters* counters) = 0;
};

// These throw soci::soci_error, as the statements do when they run.
std::shared_ptr<Prepared> prepare_sqlite(soci::session& session, const std::string& text, const Params& params,
                                         std::size_t columns);
std::shared_ptr<Prepared> prepare_mysql(soci::session& session, const std::string& text, const Params& params,
                                        std::size_t columns);

// Runs one statement with several rows, which replace "(?)" in its text. Returns how many rows counted as changed.
std::int64_t run_mysql_rows(soci::session& session, const std::string& text, const std::vector<const Params*>& rows);

std::int64_t to_number(std::string_view text); // the number in a column; throws std::logic_error
[[noreturn]] void throw_other_columns();

} // namespace cunmai::db
