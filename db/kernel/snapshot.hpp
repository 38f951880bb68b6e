// What a thread reads of a database while it has a Snapshot comes from one moment, by one session and one transaction:
// a page that asks ten questions gets answers that agree with each other.
//
//   db::Snapshot snapshot(database);
//   const auto row = cases.find(viewer, id);               // of that moment
//   const auto events = cases.history(viewer, id, 0, 20);  // of the same
//
// - The moment is that of the first read; who reads nothing takes no session.
// - For this database and this thread alone. One inside another is the outer one.
// - A write of the same thread is a mistake: what is read afterwards would not show it. It throws std::logic_error.
// - It holds a session of the pool: not to be kept while a client is waited for.
// - After a fault of the database every further read fails: nothing of another moment is mixed in.
#pragma once

#include "db/kernel/database.hpp"

namespace cunmai::db {

class Snapshot {
  public:
    explicit Snapshot(Database& database);
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

    class Session; // of one that is not inside another

  private:
    std::unique_ptr<Session> session_;
};

} // namespace cunmai::db
