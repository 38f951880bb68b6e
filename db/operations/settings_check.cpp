#include "db/operations/settings_check.hpp"

#include "db/kernel/database_impl.hpp"
#include "db/operations/migration_rehearsal.hpp"

#include <cstdlib>
#include <map>

namespace cunmai::db {

namespace {

using Severity = Finding::Severity;

class Findings {
  public:
    void check(const std::string& what, const std::string& value, bool good, const std::string& wanted,
               const std::string& remedy, Severity otherwise) {
        list_.push_back({what, value, wanted, good ? "" : remedy, good ? Severity::good : otherwise});
    }
    std::vector<Finding> take() { return std::move(list_); }

  private:
    std::vector<Finding> list_;
};

Variables shown(Connection& connection, const std::string& statement) {
    Variables values;
    std::string name, value;
    connection.each_text(statement, {}, {name, value}, [&] { values[name] = value; });
    return values;
}

std::string or_unset(const Variables& values, const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() ? "(unknown here)" : found->second;
}

std::int64_t number(const std::string& text) { return std::strtoll(text.c_str(), nullptr, 10); }

void check_server(Findings& findings, const Variables& server) {
    const auto is = [&](const char* name, const char* wanted, const char* why, const char* remedy, Severity otherwise) {
        const auto value = or_unset(server, name);
        findings.check(name, value, value == wanted, std::string(wanted) + ": " + why, remedy, otherwise);
    };
    is("innodb_flush_log_at_trx_commit", "1", "a crash must not lose an acknowledged command",
       "set innodb_flush_log_at_trx_commit = 1 in my.cnf on every node, and restart it", Severity::fault);
    is("innodb_doublewrite", "ON", "a crash must not leave half-written pages",
       "set innodb_doublewrite = ON in my.cnf (safe to leave off only on file systems that never tear a page)",
       Severity::warning);
    is("character_set_server", "utf8mb4", "new databases can hold every Chinese character",
       "set character_set_server = utf8mb4 in my.cnf", Severity::warning);
    if (or_unset(server, "log_bin") == "ON")
        is("sync_binlog", "1", "the binary log must not lag behind what was acknowledged",
           "set sync_binlog = 1 in my.cnf", Severity::warning);
    const auto packet = or_unset(server, "max_allowed_packet");
    findings.check("max_allowed_packet", packet, number(packet) >= 16 << 20, "at least 16777216 (16 MB)",
                   "set max_allowed_packet = 64M in my.cnf", Severity::warning);
    const auto connections = or_unset(server, "max_connections");
    findings.check("max_connections", connections, number(connections) >= 100,
                   "at least 100: each server takes up to 12, monitoring and backups some more",
                   "set max_connections = 300 in my.cnf", Severity::warning);
}

} // namespace

std::vector<Finding> check_session(const Variables& session) {
    Findings findings;
    const auto is = [&](const char* name, const std::string& value, const char* wanted, const char* why) {
        findings.check(name, value, value == wanted, std::string(wanted) + ": " + why,
                       "Cunmai sets this itself: a proxy or an init_connect between it and the server changes it back",
                       Severity::fault);
    };
    is("character_set_client", or_unset(session, "character_set_client"), "utf8mb4", "nothing is lost on the way");
    const auto isolation =
        session.count("tx_isolation") ? session.at("tx_isolation") : or_unset(session, "transaction_isolation");
    is("transaction_isolation", isolation, "READ-COMMITTED", "what a command relies on is compared when it is written");
    const auto database = or_unset(session, "character_set_database");
    findings.check("character_set_database", database, database == "utf8mb4", "utf8mb4",
                   "ALTER DATABASE … CHARACTER SET utf8mb4 (the tables are utf8mb4 already)", Severity::warning);
    const auto mode = or_unset(session, "sql_mode");
    findings.check("sql_mode", mode, mode.find("STRICT_ALL_TABLES") != std::string::npos,
                   "STRICT_ALL_TABLES: a value that does not fit is refused, not cut",
                   "Cunmai sets this itself: a proxy or an init_connect changes it back", Severity::fault);
    return findings.take();
}

Finding check_clock(engine::Instant theirs, engine::Instant ours) {
    const auto off = (theirs.micros - ours.micros) / 1'000'000;
    const bool good = std::abs(off) <= 2;
    return {"clock", std::to_string(off) + " s from this machine's", "within 2 s",
            good ? "" : "run chrony or another NTP client on every node and server",
            good ? Severity::good : Severity::warning};
}

namespace {

void check_cluster(Findings& findings, const Variables& server, const Variables& session, const Variables& status) {
    const auto cluster = or_unset(status, "wsrep_cluster_status");
    findings.check("wsrep_cluster_status", cluster, cluster == "Primary", "Primary: the node belongs to the majority",
                   "see docs/cluster.md, recovery", Severity::fault);
    const auto state = or_unset(status, "wsrep_local_state_comment");
    findings.check("wsrep_local_state", state, state == "Synced", "Synced",
                   "wait until the node has caught up; if it does not, look at its error log", Severity::fault);
    const auto size = or_unset(status, "wsrep_cluster_size");
    findings.check("wsrep_cluster_size", size, number(size) >= 3 && number(size) % 2 == 1,
                   "3 or 5: a majority must be left when one node is lost",
                   "start the nodes that are missing; with two only, add garbd as the third", Severity::warning);
    const auto waits = or_unset(session, "wsrep_sync_wait");
    findings.check("wsrep_sync_wait", waits, waits == "1", "1: a person reads their own writes on any node",
                   "Cunmai sets this itself: a proxy or an init_connect changes it back", Severity::fault);
    const auto snapshot = or_unset(server, "innodb_snapshot_isolation");
    findings.check("innodb_snapshot_isolation", snapshot, snapshot == "ON",
                   "ON: the server refuses lost updates itself",
                   "set innodb_snapshot_isolation = ON in my.cnf (MariaDB 10.11.8 or later)", Severity::warning);
    const auto format = or_unset(server, "binlog_format");
    findings.check("binlog_format", format, format == "ROW", "ROW: the only one that Galera replicates safely",
                   "set binlog_format = ROW in my.cnf", Severity::fault);
    const auto increment = or_unset(server, "innodb_autoinc_lock_mode");
    findings.check("innodb_autoinc_lock_mode", increment, increment == "2", "2", "set innodb_autoinc_lock_mode = 2",
                   Severity::warning);
    const auto paused = or_unset(status, "wsrep_flow_control_paused");
    findings.check("wsrep_flow_control_paused", paused, std::strtod(paused.c_str(), nullptr) < 0.1,
                   "below 0.1: the share of time for which writers waited for a slow node",
                   "find the slow node (wsrep_local_recv_queue_avg on each) and its disk", Severity::warning);
}

std::vector<Finding> check_mysql(Connection& connection) {
    Findings findings;
    const auto server = shown(connection, "SHOW GLOBAL VARIABLES");
    const auto session = shown(connection, "SHOW SESSION VARIABLES");
    check_server(findings, server);
    const auto trust = or_unset(server, "log_bin_trust_function_creators");
    findings.check("log_bin_trust_function_creators", trust, may_create_triggers(connection),
                   "ON where a binary log is written: migrations create triggers, which needs SUPER otherwise",
                   "set log_bin_trust_function_creators = ON in my.cnf", Severity::warning);
    if (or_unset(server, "wsrep_on") == "ON")
        check_cluster(findings, server, session, shown(connection, "SHOW GLOBAL STATUS LIKE 'wsrep%'"));
    engine::Instant theirs;
    connection.first_text("SELECT CAST(UNIX_TIMESTAMP(SYSDATE(6)) * 1000000 AS SIGNED)", {}, {theirs});
    auto list = findings.take();
    for (auto& finding : check_session(session)) list.push_back(std::move(finding));
    list.push_back(check_clock(theirs, engine::SystemClock().now()));
    return list;
}

std::vector<Finding> check_sqlite(Connection& connection) {
    Findings findings;
    const auto is = [&](const char* name, const char* wanted, const char* why) {
        std::string value;
        connection.first_text(std::string("PRAGMA ") + name, {}, {value});
        findings.check(name, value, value == wanted, std::string(wanted) + ": " + why,
                       "Cunmai sets this itself: look for another program that has the file open", Severity::fault);
    };
    is("journal_mode", "wal", "readers never wait for the writer");
    is("synchronous", "2", "FULL: a power cut must not lose an acknowledged command");
    is("foreign_keys", "1", "a row never points to nothing");
    return findings.take();
}

} // namespace

std::vector<Finding> check_settings(Database& database) {
    std::vector<Finding> findings;
    if (database.is_sqlite()) // the writer's session: the readers' have no say in durability
        database.impl().alone([&](Connection& connection) { findings = check_sqlite(connection); });
    else
        database.impl().read([&](Connection& connection) { findings = check_mysql(connection); });
    for (const auto& node : database.impl().nodes()) {
        const bool good = node.what.empty();
        findings.push_back({"node", node.name + (good ? " is ready" : ' ' + node.what),
                            "each node answers, is Synced, and keeps what it has acknowledged",
                            good ? "" : "see docs/cluster.md; Cunmai does not use this node meanwhile",
                            good ? Severity::good : Severity::fault});
    }
    return findings;
}

} // namespace cunmai::db
