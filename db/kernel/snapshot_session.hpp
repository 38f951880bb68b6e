// The session that a Snapshot keeps for its thread. db/ only.
#pragma once

#include "db/kernel/database_impl.hpp"
#include "db/kernel/snapshot.hpp"

namespace cunmai::db {

class Snapshot::Session {
  public:
    explicit Session(Database::Impl& database);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    static Session* of(const Database::Impl& database); // the session of this thread, or nullptr
    Connection& connection();                           // the first call begins the transaction

  private:
    Database::Impl& database_;
    Session* const outer_;
    std::unique_ptr<Pool::Lease> lease_;
};

} // namespace cunmai::db
