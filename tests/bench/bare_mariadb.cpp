#include "tests/bench/bare_mariadb.hpp"

#include "tests/bench/bench.hpp"

#include <mysql.h>
#include <mysqld_error.h>

#include <latch>
#include <map>
#include <mutex>
#include <regex>
#include <stdexcept>
#include <thread>

namespace cunmai::bench {

namespace {

void close(MYSQL* handle) { mysql_close(handle); }

bool begins(const std::string& text) { return text.starts_with("START TRANSACTION") || text.starts_with("BEGIN"); }
bool is_savepoint(const std::string& text) {
    return text.starts_with("SAVEPOINT") || text.starts_with("RELEASE SAVEPOINT");
}
// Statements of triggers are in the log, too. They must not be sent, because the triggers run again.
bool is_of_a_trigger(const std::string& text) {
    return text.starts_with("INSERT INTO work_counts") || text.starts_with("INSERT INTO case_counts");
}

struct Deadlock {}; // the server has rolled back, and the transaction must be sent again

void send(MariaDbSession& session, const SqlTransactionText& transaction) {
    for (;;) {
        try {
            session.run("START TRANSACTION");
            for (const auto& statement : transaction) session.run(statement);
            session.run("COMMIT");
            return;
        } catch (const Deadlock&) {}
    }
}

} // namespace

MariaDbSession::MariaDbSession(const std::string& url) : handle_(mysql_init(nullptr), close) {
    static const std::regex form(R"(mysql://([^:@/]*)(?::([^@/]*))?@([^:/]+):(\d+)/([^?]*).*)");
    std::smatch match;
    if (!std::regex_match(url, match, form)) throw std::logic_error("not an address of MariaDB: " + url);
    mysql_options(handle_.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (!mysql_real_connect(handle_.get(), match[3].str().c_str(), match[1].str().c_str(), match[2].str().c_str(),
                            match[5].str().empty() ? nullptr : match[5].str().c_str(),
                            static_cast<unsigned>(std::stoi(match[4])), nullptr, 0))
        throw std::runtime_error(mysql_error(handle_.get()));
}

void MariaDbSession::run(const std::string& sql) { rows(sql); }

std::vector<std::vector<std::string>> MariaDbSession::rows(const std::string& sql) {
    const int code = mysql_real_query(handle_.get(), sql.data(), sql.size());
    if (code != 0 && mysql_errno(handle_.get()) == ER_LOCK_DEADLOCK) throw Deadlock{};
    if (code != 0) throw std::runtime_error(std::string(mysql_error(handle_.get())) + " in " + sql.substr(0, 200));
    std::vector<std::vector<std::string>> result;
    auto* stored = mysql_store_result(handle_.get());
    if (!stored) return result;
    while (auto* row = mysql_fetch_row(stored)) {
        const auto* lengths = mysql_fetch_lengths(stored);
        auto& cells = result.emplace_back();
        for (unsigned i = 0; i < mysql_num_fields(stored); ++i)
            cells.emplace_back(row[i] ? std::string(row[i], lengths[i]) : "");
    }
    mysql_free_result(stored);
    return result;
}

std::vector<SqlTransactionText> statements_of(const std::string& url, const std::function<void()>& work) {
    MariaDbSession session(url);
    session.run("SET GLOBAL log_output = 'TABLE'");
    session.run("TRUNCATE TABLE mysql.general_log");
    session.run("SET GLOBAL general_log = ON");
    work();
    session.run("SET GLOBAL general_log = OFF");
    std::vector<SqlTransactionText> transactions;
    std::map<std::string, SqlTransactionText> open; // by connection
    for (const auto& row : session.rows("SELECT thread_id, command_type, argument FROM mysql.general_log")) {
        const auto& [connection, command, text] = std::tie(row[0], row[1], row[2]);
        if (command != "Query" && command != "Execute") continue;
        if (begins(text)) {
            open[connection].clear();
        } else if (const auto found = open.find(connection); found != open.end()) {
            if (text.starts_with("COMMIT")) transactions.push_back(found->second);
            if (text.starts_with("COMMIT") || text.starts_with("ROLLBACK")) {
                if (!text.starts_with("ROLLBACK TO")) open.erase(found);
            } else if (!is_savepoint(text) && !is_of_a_trigger(text)) {
                found->second.push_back(text);
            }
        }
    }
    session.run("TRUNCATE TABLE mysql.general_log");
    return transactions;
}

void copy_mariadb_rows(const std::string& server_url, const std::string& from, const std::string& to) {
    MariaDbSession session(server_url);
    session.run("SET foreign_key_checks = 0");
    for (const auto& row : session.rows("SHOW TABLES FROM " + to)) {
        const auto& table = row[0];
        if (table == "schema_migrations" || table.ends_with("_counts")) continue; // triggers count again
        std::string columns;
        for (const auto& column :
             session.rows("SELECT column_name FROM information_schema.columns WHERE table_schema = '" + from +
                          "' AND table_name = '" + table + "' AND extra NOT LIKE '%GENERATED%'"))
            columns += (columns.empty() ? "" : ", ") + column[0];
        session.run("REPLACE INTO " + to + '.' + table + " (" + columns + ") SELECT " + columns + " FROM " + from +
                    '.' + table);
    }
}

double send_on_connections(const std::string& url, const std::vector<SqlTransactionText>& transactions, int cases,
                           int connections) {
    std::latch start(connections + 1);
    std::mutex mutex;
    std::exception_ptr failure;
    std::vector<std::jthread> threads;
    for (int connection = 0; connection < connections; ++connection)
        threads.emplace_back([&, connection] {
            try {
                MariaDbSession session(url);
                session.run("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
                start.arrive_and_wait();
                for (std::size_t i = 0; i < transactions.size(); ++i) {
                    if (static_cast<int>(i) % cases % connections != connection) continue;
                    send(session, transactions[i]);
                }
            } catch (...) {
                const std::lock_guard lock(mutex);
                failure = std::current_exception();
            }
        });
    start.arrive_and_wait();
    const Stopwatch watch;
    threads.clear(); // joins the threads
    const auto seconds = watch.seconds();
    if (failure) std::rethrow_exception(failure);
    return static_cast<double>(transactions.size()) / seconds;
}

} // namespace cunmai::bench
