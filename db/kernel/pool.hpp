// A bounded set of sessions, opened when first needed. Thread-safe. A session that broke is thrown away.
//
// MySQL: sessions lead to the node that Nodes names. A session to another node is not lent again; when a node turns bad
// (it died, froze, or left its cluster) its sessions are cut, so that whoever waits for an answer goes on at once with
// SessionLost instead of waiting for a time-out.
#pragma once

#include "db/kernel/connection.hpp"
#include "db/kernel/nodes.hpp"

#include <condition_variable>
#include <mutex>

namespace cunmai::db {

class Pool {
    class Session;

  public:
    Pool(Connection::Target target, int size);
    ~Pool();

    class Lease { // gives the session back
      public:
        Lease(Pool& pool, std::shared_ptr<Session> session);
        ~Lease();
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        Connection& operator*() const { return *connection_; }
        Connection* operator->() const { return connection_; }

      private:
        Pool& pool_;
        std::shared_ptr<Session> session_;
        Connection* connection_;
    };

    Lease take();               // throws StoreUnavailable: none could be opened, or all stayed busy for too long
    Lease take_for_long_work(); // MySQL: one beyond the others, whose statements may take an hour (migrations)
    void forget_idle();         // after the server was found gone: the other idle sessions are dead as well

  private:
    std::shared_ptr<Session> open(Nodes::Number node, bool for_long_work);
    std::shared_ptr<Session> open_somewhere(std::shared_ptr<Session> idle, bool for_long_work);
    void give_back(std::shared_ptr<Session> session);
    void leave_room();
    void cut(Nodes::Number node);

    const Connection::Target target_;
    const int size_;
    const std::shared_ptr<Nodes> nodes_; // MySQL only
    std::mutex mutex_;                   // guards what follows, and the sockets of the sessions
    std::condition_variable freed_;
    std::vector<std::shared_ptr<Session>> idle_;
    std::vector<std::shared_ptr<Session>> all_; // idle, lent, and being opened
    int rooms_taken_ = 0;                       // by the same; those for long work need none
    std::unique_ptr<Nodes::Subscription> subscription_;
};

} // namespace cunmai::db
