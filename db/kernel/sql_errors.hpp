// What can go wrong with a statement, as the four cases that db/ treats differently. Everything else is a bug in our
// SQL and a std::logic_error. db/ only; what leaves db/ is engine::StoreUnavailable (TryAgain and SessionLost are
// ones).
#pragma once

#include "engine/ports.hpp"

namespace cunmai::db {

// A unique key was there already. The transaction goes on: only this statement did nothing.
class Duplicate : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// The database asks to run the whole transaction once more: deadlock, lock time-out, certification failure, a key that
// another transaction has just written. Nothing of it was kept.
class TryAgain : public engine::StoreUnavailable {
  public:
    // `cause`: a word for those who count: deadlock, lock_wait, certification (a Galera cluster refused the commit),
    // changed (a row or table, by another transaction), session_lost.
    explicit TryAgain(const std::string& what, std::string_view why = "changed") : StoreUnavailable(what), cause(why) {}
    std::string_view cause; // lives as long as the program
};

// The connection broke before COMMIT was sent: nothing was kept, another connection may do.
class SessionLost : public TryAgain {
  public:
    explicit SessionLost(const std::string& what) : TryAgain(what, "session_lost") {}
};

} // namespace cunmai::db
