// As long as a thread has a Snapshot of a database, all that it reads there is of one moment, read by one session in
// one transaction. So a page that asks ten questions gets answers that agree with each other.
//
//   db::Snapshot snapshot(database);
//   const auto row = cases.find(viewer, id);               // of one moment
//   const auto events = cases.history(viewer, id, 0, 20);  // of the same moment
//
// - The moment is that of the first read. Without a read no session is taken.
// - It concerns only this database and this thread. A Snapshot inside another one is of the moment of the outer one.
// - A write by the same thread throws std::logic_error, because later reads would not show what was written.
// - It holds a session of the pool, so it must not be kept while the program waits for a client.
// - After a fault of the database every further read fails, so that no answer is of another moment.
#pragma once

#include "db/kernel/database.hpp"

namespace cunmai::db {

class Snapshot {
  public:
    explicit Snapshot(Database& database);
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

    class Session; // of the outermost Snapshot

  private:
    std::unique_ptr<Session> session_;
};

} // namespace cunmai::db
