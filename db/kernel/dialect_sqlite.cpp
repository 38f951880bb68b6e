// SQLite: WAL, full durability, foreign keys, deleted content overwritten. A writer takes the lock at BEGIN.
#include "db/kernel/dialect.hpp"

#include <soci/sqlite3/soci-sqlite3.h>

#include <fcntl.h>
#include <unistd.h>

#include <chrono>

namespace cunmai::db {

namespace {

sqlite_api::sqlite3* handle(soci::session& session) {
    return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

// What undoes a part of a batch, or one statement, is kept in memory up to this size, then in a file. SQLite moves it
// there in one write, and can't write more at once: with a larger size it reports a full disk (seen with 3.40).
constexpr int undo_bytes_in_memory = (128 << 10) - 1;
// A session is used by one thread at a time, and nobody asks SQLite how much memory it has: it need not lock for that.
[[maybe_unused]] const int configured = sqlite_api::sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, undo_bytes_in_memory) |
                                        sqlite_api::sqlite3_config(SQLITE_CONFIG_MULTITHREAD) |
                                        sqlite_api::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);

constexpr int writer_cache_kib = 65536, reader_cache_kib = 16384;

// Two programs may open a new file at once. SQLite tells the second that it is locked without waiting for the first.
std::string use_write_ahead_log(soci::session& session, int busy_timeout_ms) {
    using Clock = std::chrono::steady_clock;
    const auto until = Clock::now() + std::chrono::milliseconds(busy_timeout_ms);
    for (;;) {
        try {
            std::string mode;
            session << "PRAGMA journal_mode = WAL", soci::into(mode);
            return mode;
        } catch (const soci::soci_error&) {
            const bool is_locked = (sqlite_api::sqlite3_errcode(handle(session)) & 0xff) == SQLITE_BUSY;
            if (!is_locked || Clock::now() >= until) throw;
        }
        sqlite_api::sqlite3_sleep(5);
    }
}

} // namespace

// A database holds personal data: created for its owner only. A file that is there is not even opened: when a process
// closes any descriptor of a file, POSIX takes all its locks of that file away, SQLite's too; and another program that
// came and went would then take itself for the last, and delete the write-ahead log that this one goes on writing to.
void create_sqlite(const std::string& file) {
    const int descriptor = ::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (descriptor >= 0) ::close(descriptor);
}

bool is_sqlite_file_gone(soci::session& session) {
    int moved = 0;
    sqlite_api::sqlite3_file_control(handle(session), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return moved != 0;
}

bool empty_sqlite_log(soci::session& session, int busy_timeout_ms) {
    auto* database = handle(session);
    sqlite_api::sqlite3_busy_timeout(database, 0);
    const int result =
        sqlite_api::sqlite3_wal_checkpoint_v2(database, "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    sqlite_api::sqlite3_busy_timeout(database, busy_timeout_ms);
    return result == SQLITE_OK;
}

void open_sqlite(soci::session& session, const Connection::Target& target) {
    if (::access(target.connect.c_str(), F_OK) != 0) // SQLite would make an empty one
        throw std::runtime_error("there is no file " + target.connect);
    soci::connection_parameters parameters(soci::sqlite3, "dbname=\"" + target.connect + '"');
    session.open(parameters);
    sqlite_api::sqlite3_extended_result_codes(handle(session), 1);
    session << "PRAGMA busy_timeout = " + std::to_string(target.busy_timeout_ms);
    session << "PRAGMA foreign_keys = ON";
    session << "PRAGMA cache_size = -" + std::to_string(target.read_only ? reader_cache_kib : writer_cache_kib);
    if (target.read_only) {
        session << "PRAGMA query_only = ON";
        return;
    }
    if (const auto mode = use_write_ahead_log(session, target.busy_timeout_ms); mode != "wal")
        throw std::runtime_error("SQLite can't use its write-ahead log here (journal_mode " + mode + ")");
    session << "PRAGMA synchronous = FULL";
    int secure = 0;
    session << "PRAGMA secure_delete = ON", soci::into(secure);
}

Fault sqlite_fault(soci::session& session, const soci::soci_error& error) {
    Fault fault;
    fault.what = reason_of(error);
    if (!session.get_backend()) return fault;
    const auto* sqlite_error = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
    const int code = sqlite_error ? sqlite_error->result() : sqlite_api::sqlite3_extended_errcode(handle(session));
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT: {
        const int extended = code > 0xff ? code : sqlite_api::sqlite3_extended_errcode(handle(session));
        if (extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY ||
            extended == SQLITE_CONSTRAINT_ROWID)
            fault.kind = Fault::Kind::duplicate;
        break;
    }
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_INTERRUPT:
    case SQLITE_READONLY:
        fault.kind = Fault::Kind::unavailable;
        fault.surely_not_committed = true;
        fault.breaks_session = (code & 0xff) == SQLITE_FULL || (code & 0xff) == SQLITE_READONLY;
        break;
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
    case SQLITE_NOTADB:
    case SQLITE_PERM:
        fault.kind = Fault::Kind::unavailable;
        fault.breaks_session = true;
        break;
    default: break;
    }
    return fault;
}

void run_sqlite_script(soci::session& session, const std::string& script) {
    char* message = nullptr;
    const int code = sqlite_api::sqlite3_exec(handle(session), script.c_str(), nullptr, nullptr, &message);
    const std::string text = message ? message : "";
    sqlite_api::sqlite3_free(message);
    if (code != SQLITE_OK) throw soci::sqlite3_soci_error(text, code);
}

bool in_transaction(soci::session& session, Dialect dialect) {
    return dialect == Dialect::mysql || sqlite_api::sqlite3_get_autocommit(handle(session)) == 0;
}

std::vector<std::string> begin_statements(Dialect dialect, bool write) {
    if (dialect == Dialect::sqlite) return {write ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED"};
    if (write) return {"START TRANSACTION"};
    return {"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"};
}

std::string reason_of(const std::exception& error) {
    if (const auto* soci_error = dynamic_cast<const soci::soci_error*>(&error)) return soci_error->get_error_message();
    return error.what();
}

} // namespace cunmai::db
