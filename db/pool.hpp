// A bounded set of sessions, opened when first needed. Thread-safe. A session that broke is thrown away.
#pragma once

#include "db/connection.hpp"

#include <condition_variable>
#include <mutex>

namespace cunmai::db {

class Pool {
  public:
    Pool(Connection::Target target, int size) : target_(std::move(target)), size_(size) {}

    class Lease { // gives the session back
      public:
        Lease(Pool& pool, std::unique_ptr<Connection> connection) : pool_(pool), connection_(std::move(connection)) {}
        ~Lease() { pool_.give_back(std::move(connection_)); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        Connection& operator*() const { return *connection_; }
        Connection* operator->() const { return connection_.get(); }

      private:
        Pool& pool_;
        std::unique_ptr<Connection> connection_;
    };

    Lease take();       // throws StoreUnavailable: none could be opened, or all stayed busy for too long
    void forget_idle(); // after the server was found gone: the other idle sessions are dead as well

  private:
    void give_back(std::unique_ptr<Connection> connection);

    Connection::Target target_;
    const int size_;
    std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<std::unique_ptr<Connection>> idle_;
    int open_ = 0; // idle and lent
};

} // namespace cunmai::db
