// What goes wrong, and the bugs that tests plant to see that the oracles notice them.
#pragma once

#include "engine/ports.hpp"
#include "tests/simulation/dice.hpp"

namespace cunmai::simulation {

// The process is gone: its memory with it, its open transaction rolled back.
struct ServerCrashed {};

// Put into the store on purpose; see planted_test.cpp. Each strikes with the given chance.
enum class Bug {
    none,
    idempotency_row_skipped,
    acknowledged_before_commit,
    half_a_transaction_kept, // the database keeps what was written before a fault
    event_lost,
    event_changed,
    row_changed,
    timer_dropped,
    timer_fires_early,
    timer_fires_again, // the row forgets that it fired
    task_dropped,
    notice_lost,
    notice_posted_twice,
    notice_told_twice, // no dedup of inbox rows
    mail_lost,         // marked as sent before it is
    vote_not_boxed,
    slot_not_taken, // two open cases for one place
};

struct FaultPlan {
    // Per mille, at each statement of a write, before COMMIT, after it.
    int try_again = 4, unavailable = 4, crash = 2;
    int at_commit = 25; // one of the three
    int unknown = 25;   // committed, and an error is said
    int queue_full = 10;
    int interleave = 60; // another server's whole transaction before the first write
    int company = 250;   // another command joins the batch
    Bug bug = Bug::none;
    int bug_per_mille = 40;

    static FaultPlan none() {
        FaultPlan plan;
        plan.try_again = plan.unavailable = plan.crash = plan.at_commit = plan.unknown = plan.queue_full = 0;
        plan.interleave = plan.company = 0;
        return plan;
    }
};

} // namespace cunmai::simulation
