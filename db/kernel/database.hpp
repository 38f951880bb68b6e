// A database of cases: SQLite (embedded default) or MySQL/MariaDB, behind one set of repositories.
//   sqlite:FILE                                         one file, created when missing
//   mysql://user:password@host[:port][,host…]/database  MySQL 8 / MariaDB 10.11, or the nodes of a Galera cluster
// Every class of db/ takes a Database and may be used from many threads. Each call is one transaction of its own; only
// the reads of a thread that has a Snapshot (snapshot.hpp) share one.
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
    // A command is run again. Causes: deadlock, lock_wait, certification, changed (by another transaction),
    // session_lost, trigger (could not be read), batch (the fault of another command in the batch undid it).
    virtual void retried(std::string_view cause) = 0;
    // From now on another node is written to. Names are those in the address; `why` says what is wrong with the former
    // node, or why the new one is preferred.
    virtual void node_switched(const std::string& from, const std::string& to, const std::string& why) = 0;
};

class Database : public engine::Store {
  public:
    struct Options {
        std::string url;
        std::string secret; // server's secret: seals ballots; not in the database
        int pool_size = 8;  // sessions for reading
        int busy_timeout_ms = 5000;
        int lanes = 4;                                 // MySQL: sessions for writing, each for one batch at a time
        std::size_t batch_max = 64;                    // commands that share a commit
        std::size_t queue_max = 2000;                  // commands that wait; more are refused with engine::Busy
        Observer* observer = nullptr;                  // outlives the database
        std::function<void(std::string_view)> probe{}; // tests only: connection.hpp
    };
    Database(const Options& options, const engine::Clock& clock);
    ~Database() override;

    // Runs the work through the executor, which commits it durably together with other waiting work (executor.hpp).
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

} // namespace cunmai::db
