#include "db/kernel/snapshot.hpp"

#include "db/kernel/snapshot_session.hpp"

namespace cunmai::db {

namespace {
thread_local Snapshot::Session* innermost = nullptr; // this thread may have one session for each database
}

Snapshot::Snapshot(Database& database) {
    if (!Session::of(database.impl())) session_ = std::make_unique<Session>(database.impl());
}
Snapshot::~Snapshot() = default;

Snapshot::Session::Session(Database::Impl& database) : database_(database), outer_(innermost) { innermost = this; }

Snapshot::Session::~Session() {
    innermost = outer_;
    if (lease_) (*lease_)->rollback();
}

Snapshot::Session* Snapshot::Session::of(const Database::Impl& database) {
    auto* session = innermost;
    while (session && &session->database_ != &database) session = session->outer_;
    return session;
}

Connection& Snapshot::Session::connection() {
    if (!lease_) lease_ = database_.begin_reading();
    return **lease_;
}

} // namespace cunmai::db
