// A statement that is prepared, with what it is bound to. Used by Connection, which tells what its errors mean.
#pragma once

#include "db/kernel/connection.hpp"

#include <soci/soci.h>

namespace cunmai::db {

class Prepared {
  public:
    virtual ~Prepared() = default;

    // Whether it can be run with these, too.
    virtual bool fits(const Params& params, std::size_t columns) const = 0;
    virtual std::int64_t run(const Params& params) = 0; // rows matched
    // Of a text that has a ? for each value of each row (SQLite only).
    virtual std::int64_t run_rows(const std::vector<const Params*>& rows) = 0;
    // Until `row` returns false. Throws std::logic_error where the columns are not as many as `outs`: reading on would
    // read beyond the row.
    virtual void each(const Params& params, const Outs& outs, const std::function<bool()>& row) = 0;
    // After each run, whatever happened: a statement left open would keep SQLite's snapshot or the client's copy of the
    // rows.
    virtual void finish(Counters* counters) = 0;
};

// Throws soci::soci_error, as they do when they run.
std::shared_ptr<Prepared> prepare_sqlite(soci::session& session, const std::string& text, const Params& params,
                                         std::size_t columns);
std::shared_ptr<Prepared> prepare_mysql(soci::session& session, const std::string& text, const Params& params,
                                        std::size_t columns);

// Several rows by one statement: they go where its text has "(?)". Rows that counted as changed.
std::int64_t run_mysql_rows(soci::session& session, const std::string& text, const std::vector<const Params*>& rows);

std::int64_t to_number(std::string_view text); // of a column; throws std::logic_error
[[noreturn]] void throw_other_columns();

} // namespace cunmai::db
