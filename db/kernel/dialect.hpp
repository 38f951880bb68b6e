// What differs between the databases below the SQL: opening a session, transactions, the meaning of error codes.
// Included only by the .cpp files that talk to SOCI.
#pragma once

#include "db/kernel/connection.hpp"

#include <soci/soci.h>

namespace cunmai::db {

struct Fault {
    enum class Kind { duplicate, try_again, lost, unavailable, bug };
    Kind kind = Kind::bug;
    bool breaks_session = false;       // throw the session away
    bool surely_not_committed = false; // when it came at COMMIT
    std::string what;
    std::string_view cause = "changed"; // for try_again: see TryAgain
    bool spoils_tables = false;         // call mend_mysql_tables before trying again
};

void create_sqlite(const std::string& file);                                // unless it is there
void open_sqlite(soci::session& session, const Connection::Target& target); // throws when there is no file
// Whether the file was moved, deleted or replaced since it was opened: what is written to it then is lost.
bool is_sqlite_file_gone(soci::session& session);
// Copies the write-ahead log into the database and truncates it, so that deleted rows are no longer in it either.
// Returns false when somebody still reads from the log. Does not wait.
bool empty_sqlite_log(soci::session& session, int busy_timeout_ms);
void open_mysql(soci::session& session, const Connection::Target& target);
// Now and then MariaDB fails to read a trigger when it opens a table (seen in a Galera cluster under load). It then
// refuses every statement on that table as long as the table stays open, which may be for days. This makes it open all
// tables with triggers anew; nothing is written. REQUIRES: no open transaction. Throws what SOCI throws.
void mend_mysql_tables(soci::session& session);

Fault sqlite_fault(soci::session& session, const soci::soci_error& error);
Fault mysql_fault(const soci::soci_error& error);
inline Fault fault_of(soci::session& session, Dialect dialect, const soci::soci_error& error) {
    return dialect == Dialect::sqlite ? sqlite_fault(session, error) : mysql_fault(error);
}

std::vector<std::string> begin_statements(Dialect dialect, bool write);
bool in_transaction(soci::session& session, Dialect dialect);
void run_sqlite_script(soci::session& session, const std::string& script);

// The message without the statement's parameters, which may hold personal data.
std::string reason_of(const std::exception& error);

} // namespace cunmai::db
