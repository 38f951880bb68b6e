// What the server does by itself: fires due timers, and carries notices from the outbox to inboxes and mails.
// Any number of servers may do this on one database: work is claimed under a lease that is committed before anything
// happens. A fault is logged and the work is tried again later; nothing is swallowed.
#pragma once

#include "adapters/services/app.hpp"

#include <memory>

namespace cunmai {

class Background {
  public:
    explicit Background(App& app);
    ~Background(); // stops

    void start();
    void wake(); // there may be something to do now
    void stop(); // prompt: finishes the piece of work in hand

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

struct Settled {
    int timers = 0, notices = 0, mails_sent = 0, mails_failed = 0;
};

// The same, here and now, until nothing is due. For a demo server whose clock was moved, and for tests.
Settled settle(App& app);

} // namespace cunmai
