#include "db/operations/migration_rehearsal.hpp"

#include "db/kernel/database.hpp"
#include "db/operations/migrations.hpp"

namespace cunmai::db {

namespace {

// DROP comes first: an account without that right must not leave a table behind.
constexpr std::string_view drop = "DROP TABLE IF EXISTS migration_rehearsal";
constexpr std::string_view steps[] = {
    drop,
    "CREATE TABLE migration_rehearsal (id INTEGER NOT NULL, above INTEGER, PRIMARY KEY (id), "
    "FOREIGN KEY (above) REFERENCES migration_rehearsal (id)) ENGINE=InnoDB",
    "ALTER TABLE migration_rehearsal ADD COLUMN more INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX migration_rehearsal_by_more ON migration_rehearsal (more)",
    "CREATE TRIGGER migration_rehearsal_no_delete BEFORE DELETE ON migration_rehearsal FOR EACH ROW SET @cunmai = 1",
    "INSERT INTO migration_rehearsal (id, above, more) VALUES (1, NULL, 1)",
    "UPDATE migration_rehearsal SET more = 2 WHERE id = 1",
    "DELETE FROM migration_rehearsal WHERE id = 1",
    "DROP TRIGGER migration_rehearsal_no_delete",
};

std::string first_text(Connection& connection, const std::string& question) {
    std::string answer;
    connection.first_text(question, {}, {answer});
    return answer;
}

// The server's number for what it refuses an account: a right, or (1419) triggers while it writes a binary log.
bool is_refusal(const std::string& error) {
    for (const std::string_view code : {"(1044)", "(1142)", "(1143)", "(1227)", "(1419)"})
        if (error.ends_with(code)) return true;
    return false;
}

[[noreturn]] void refuse(const std::string& error, const std::string& account, const std::string& database) {
    const Json facts{{"account", account}, {"database", database}, {"error", error}};
    if (error.ends_with("(1419)"))
        throw CannotMigrate("triggers", facts,
                            "the database server writes a binary log and lets only accounts with SUPER create "
                            "triggers: set log_bin_trust_function_creators = 1 in its configuration file");
    throw CannotMigrate("rights", facts, "the account " + account + " lacks rights on " + database + ": " + error);
}

} // namespace

void rehearse_migration(Connection& connection) {
    const auto account = first_text(connection, "SELECT CURRENT_USER()");
    const auto database = first_text(connection, "SELECT DATABASE()");
    std::string refused;
    std::size_t done = 0;
    for (const auto step : steps) {
        try {
            connection.run_text(std::string(step));
            ++done;
        } catch (const std::exception& error) {
            refused = error.what();
            if (!is_refusal(refused)) throw;
            break;
        }
    }
    const bool is_made = done > 1;                          // after DROP
    if (!refused.empty() && is_made) connection.rollback(); // lives on
    if (is_made) connection.run_text(std::string(drop));
    if (!refused.empty()) refuse(refused, account, database);
}

bool may_create_triggers(Connection& connection) {
    std::string name, value, log, trust, grant;
    connection.each_text("SHOW GLOBAL VARIABLES WHERE Variable_name IN ('log_bin', 'wsrep_on', "
                         "'log_bin_trust_function_creators')",
                         {}, {name, value}, [&] {
                             if (name == "log_bin_trust_function_creators")
                                 trust = value;
                             else if (value == "ON")
                                 log = value;
                         });
    if (log.empty() || trust == "ON") return true;
    bool is_super = false;
    connection.each_text("SHOW GRANTS", {}, {grant}, [&] {
        if (grant.find(" ON *.* ") == std::string::npos) return;
        is_super =
            is_super || grant.starts_with("GRANT ALL PRIVILEGES") || grant.find("SUPER") < grant.find(" ON *.* ");
    });
    return is_super;
}

} // namespace cunmai::db
