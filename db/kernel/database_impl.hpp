// What stands behind Database: the sessions, and the two ways to run a transaction. Repositories of db/ use
// `database.impl().write(…)` and `.read(…)` with a Connection; the engine uses Database::write with a Transaction.
#pragma once

#include "db/kernel/executor.hpp"
#include "db/kernel/knowledge_cache.hpp"
#include "db/kernel/known_documents.hpp"

namespace cunmai::db {

class Database::Impl {
  public:
    Impl(const Options& options, const engine::Clock& clock);

    // `work` may run several times: it must have no effect outside the transaction, and set its results anew each time.
    // It runs on a thread of the executor and must write only through its connection.
    void write(const std::function<void(Connection&)>& work, const engine::Expected& expected = {});
    void read(const std::function<void(Connection&)>& work);
    std::unique_ptr<Pool::Lease> begin_reading(); // with an open read transaction; for read and Snapshot
    // A session of its own, in no transaction (migrations).
    void alone(const std::function<void(Connection&)>& work);

    // The same, with a result.
    template <class T> T reading(const std::function<T(Connection&)>& work) {
        T result{};
        read([&](Connection& connection) { result = work(connection); });
        return result;
    }

    Dialect dialect() const { return dialect_; }
    const engine::Clock& clock() const { return clock_; }
    const std::string& secret() const { return secret_; }
    const std::string& schema_name() const { return schema_name_; }
    const Counters& counters() const { return counters_; } // so far, by this process
    std::vector<Nodes::Look> nodes();                      // of MySQL, in the order of the address; asks them all
    KnowledgeCache& knowledge() { return knowledge_; }
    KnownDocuments& known_documents() { return known_documents_; }
    std::size_t waiting() const { return executor_->waiting(); }

  private:
    Pool& writers() { return *writers_; }
    Pool& readers() { return *readers_; }

    Dialect dialect_ = Dialect::sqlite;
    const engine::Clock& clock_;
    std::string secret_;
    std::string schema_name_; // of MySQL; for the name of the migrations' lock
    Counters counters_;
    std::unique_ptr<Pool> writers_; // one for each lane: SQLite has one, so one writer at a time
    std::unique_ptr<Pool> readers_; // apart from writers_, so that readers never keep a command waiting
    std::shared_ptr<Nodes> nodes_;  // MySQL
    std::unique_ptr<Nodes::Subscription> node_switches_;
    KnowledgeCache knowledge_;
    KnownDocuments known_documents_;
    std::unique_ptr<Executor> executor_; // destroyed before the sessions
};

} // namespace cunmai::db
