// MySQL 8 and MariaDB 10.11. READ COMMITTED; what a command relies on is locked or compared when written.
// The client never reconnects by itself: it would commit the second half of a transaction.
//
// In a Galera cluster a node may lag behind what another node has acknowledged. Each transaction begins by waiting
// until its node has everything that was committed anywhere before (wsrep_sync_wait; measured: 0 of 1,500 reads were
// stale instead of 80, for 50 µs on one machine): so a person reads their own writes through any server on any node,
// and a command is not refused for a version that is only late. It costs nothing inside a transaction and on a single
// server.
#include "db/kernel/dialect.hpp"

#include <soci/mysql/soci-mysql.h>

#include <set>

namespace cunmai::db {

namespace {

// A server that froze inside a transaction (a machine that was suspended, a stopped process) keeps its rows locked
// while its connection lives, which may be for hours: MariaDB ends such a session after this time.
constexpr int silent_in_transaction_seconds_max = 5;

struct Abilities { // of the server
    bool is_galera = false;
    bool ends_silent_transactions = false; // MySQL 8 does not
};

Abilities abilities_of(soci::session& session) {
    Abilities abilities;
    std::string name, value;
    soci::statement statement =
        (session.prepare << "SHOW VARIABLES WHERE Variable_name IN ('wsrep_on', 'idle_transaction_timeout')",
         soci::into(name), soci::into(value));
    for (bool more = statement.execute(true); more; more = statement.fetch()) {
        if (name == "wsrep_on") abilities.is_galera = value == "ON";
        if (name == "idle_transaction_timeout") abilities.ends_silent_transactions = true;
    }
    return abilities;
}

} // namespace

void open_mysql(soci::session& session, const Connection::Target& target) {
    soci::connection_parameters parameters(soci::mysql, target.connect);
    session.open(parameters);
    if (target.opened)
        target.opened(mysql_get_socket(static_cast<soci::mysql_session_backend*>(session.get_backend())->conn_));
    const auto lock_wait_seconds = std::max(1, target.busy_timeout_ms / 1000);
    session << "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
    session << "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = " +
                   std::to_string(lock_wait_seconds) +
                   ", lock_wait_timeout = 15"; // the latter: for a table that is changed
    const auto abilities = abilities_of(session);
    if (abilities.is_galera) session << "SET SESSION wsrep_sync_wait = 1";
    if (abilities.ends_silent_transactions && !target.for_long_work)
        session << "SET SESSION idle_transaction_timeout = " + std::to_string(silent_in_transaction_seconds_max);
}

void mend_mysql_tables(soci::session& session) {
    std::vector<std::string> tables;
    std::string table;
    {
        soci::statement triggers = (session.prepare << "SELECT DISTINCT event_object_table FROM "
                                                       "information_schema.triggers WHERE trigger_schema = DATABASE()",
                                    soci::into(table));
        for (bool more = triggers.execute(true); more; more = triggers.fetch()) tables.push_back(table);
    }
    // InnoDB has nothing to repair; what is open of the table is closed before it says so. FLUSH needs more rights.
    for (const auto& one : tables) session << "REPAIR LOCAL TABLE `" + one + '`';
}

Fault mysql_fault(const soci::soci_error& error) {
    Fault fault;
    fault.what = reason_of(error);
    const auto* mysql_error = dynamic_cast<const soci::mysql_soci_error*>(&error);
    if (!mysql_error) return fault;
    const auto code = static_cast<int>(mysql_error->err_num_);
    fault.what += " (" + std::to_string(code) + ')';

    static const std::set<int> again{1213, 1205, 1020, 1412, 1637, 3572}; // 1412: a table was changed meanwhile
    static const std::set<int> lost{1047, 1053, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 2014, 2055, 4031};
    static const std::set<int> unavailable{
        3,    5,    28,                           // operating system: write, memory, no space
        1021, 1030, 1037, 1038, 1041, 1114, 1135, // disk full, engine error, memory, table full, threads
        1040, 1042, 1043, 1044, 1045, 1049, 1129, 1130, 1203, 1226, // can't get in
        1180, 1290, 1317, 1836, 1969, 3024, // error at commit, read only, interrupted, time-outs
    };
    if (code == 1062 || code == 1586) {
        fault.kind = Fault::Kind::duplicate;
    } else if (code == 1064 && fault.what.find(" has an error in its body") != std::string::npos) { // a trigger of ours
        fault.kind = Fault::Kind::try_again;
        fault.cause = "trigger";
        fault.spoils_tables = true;
    } else if (again.contains(code)) {
        fault.kind = Fault::Kind::try_again;
        if (code == 1213) fault.cause = "deadlock";
        if (code == 1205 || code == 3572) fault.cause = "lock_wait";
    } else if (lost.contains(code) || (code >= 2000 && code < 3000)) {
        fault.kind = Fault::Kind::lost;
        fault.breaks_session = true;
    } else if (unavailable.contains(code)) {
        fault.kind = Fault::Kind::unavailable;
        fault.breaks_session = true;
    }
    return fault;
}

} // namespace cunmai::db
