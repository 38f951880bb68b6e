// What differs between the databases below the SQL: opening a session, transactions, the meaning of error codes.
// Included by the .cpp files that talk to SOCI, by nothing else.
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
    std::string_view cause = "changed"; // of try_again: TryAgain's word
    bool spoils_tables = false;         // try again after mend_mysql_tables
};

void create_sqlite(const std::string& file);                                // unless it is there
void open_sqlite(soci::session& session, const Connection::Target& target); // throws when there is no file
// Moved, deleted or replaced since it was opened: what is written then is nowhere.
bool is_sqlite_file_gone(soci::session& session);
// Moves the write-ahead log into the database and cuts it to nothing, so that what was deleted is not in it either.
// False: somebody still reads from it. Does not wait.
bool empty_sqlite_log(soci::session& session, int busy_timeout_ms);
void open_mysql(soci::session& session, const Connection::Target& target);
// MariaDB now and then fails to read a trigger when it opens a table (seen in a Galera cluster under load), takes it
// for wrong, and refuses everything on the table for as long as it has it open, which may be for days. This makes it
// open them anew; nothing is written. Outside of a transaction; throws what SOCI throws.
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
