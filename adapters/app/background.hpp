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

// Does the same in the calling thread until nothing is due. For demo servers whose clock was moved, and for tests.
Settled settle(App& app);

} // namespace cunmai
