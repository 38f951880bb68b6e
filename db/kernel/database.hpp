// A database of cases: SQLite (embedded default) or MySQL/MariaDB, behind one set of repositories.
//   sqlite:FILE                                         one file, created when missing
//   mysql://user:password@host[:port][,host…]/database  MySQL 8 / MariaDB 10.11, or the nodes of a Galera cluster
// Every class of db/ takes a Database and may be used from many threads; each call is one transaction of its own.
// Faults are engine::StoreUnavailable; soci_error never leaves db/.
#pragma once

#include "engine/ports.hpp"

#include <memory>
#include <string>

namespace cunmai::db {

// What the executor and the watch over the nodes do, for metrics and the log; called from their threads, between
// commands: must be quick and must not throw.
class Observer {
  public:
    virtual ~Observer() = default;
    virtual void batch(int commands, double commit_seconds) = 0; // was committed
    // Run again: deadlock, lock_wait, certification, changed (by another transaction), session_lost, trigger (could not
    // be read), or batch: another command's fault undid it.
    virtual void retried(std::string_view cause) = 0;
    // Everybody writes to another node now. Names as in the address; `why`: what is wrong with the first, or why the
    // other is better.
    virtual void node_switched(const std::string& from, const std::string& to, const std::string& why) = 0;
};

class Database : public engine::Store {
  public:
    struct Options {
        std::string url;
        std::string secret; // server's secret: seals ballots; not in the database
        int pool_size = 8;  // sessions for reading (SQLite) or for everything (MySQL)
        int busy_timeout_ms = 5000;
        int lanes = 4;                                 // MySQL: transactions that are written at the same time
        std::size_t batch_max = 64;                    // commands that share a commit
        std::size_t queue_max = 2000;                  // commands that wait; more are refused with engine::Busy
        Observer* observer = nullptr;                  // outlives the database
        std::function<void(std::string_view)> probe{}; // tests only: connection.hpp
    };
    Database(const Options& options, const engine::Clock& clock);
    ~Database() override;

    // Through the executor: with what else waits, in one durable commit (executor.hpp).
    void write(const std::function<void(engine::Transaction&)>& work) override;
    void write_expecting(const engine::Expected& expected,
                         const std::function<void(engine::Transaction&)>& work) override;
    void read(const std::function<void(engine::Transaction&)>& work) override;

    bool is_sqlite() const;
    std::size_t waiting() const; // works in the executor's queue
    const engine::Clock& clock() const;

    class Impl; // sessions and dialect; db/ only
    Impl& impl() { return *impl_; }

  private:
    std::unique_ptr<Impl> impl_;
};

struct MigrationStatus {
    int number = 0;
    std::string name;
    bool applied = false;
    std::string applied_at;
};

// Why the tables can't be brought up to date. Nothing was changed. `code` and `facts` are for messages in the reader's
// language (cli.cannot_migrate.<code>); what() is English.
class CannotMigrate : public std::runtime_error {
  public:
    CannotMigrate(std::string_view its_code, Json its_facts, const std::string& what)
        : std::runtime_error(what), code(its_code), facts(std::move(its_facts)) {}
    std::string code;
    Json facts;
};

// Applies what is missing, in order, under a lock. Throws CannotMigrate before the first statement when an applied file
// has changed since, or when the server would refuse a later statement (db/migration_rehearsal.hpp).
void migrate(Database& database);
std::vector<MigrationStatus> migration_status(Database& database);

// Compares the compiled tables with those stored for the same version; stores new versions. Throws std::runtime_error
// that says what to do when a table changed without a new version.
void check_definitions(Database& database, const std::vector<const engine::Definition*>& definitions);

} // namespace cunmai::db
