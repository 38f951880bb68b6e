// The faults of a simulation, and the bugs that tests plant to see that the oracles notice them.
#pragma once

#include "engine/ports.hpp"
#include "tests/simulation/dice.hpp"

namespace cunmai::simulation {

// The process is gone: its memory with it, its open transaction rolled back.
struct ServerCrashed {};

// A bug in one piece of work, which must harm no other.
struct WorkBroken : std::runtime_error {
    WorkBroken() : std::runtime_error("simulated: a bug") {}
};

// Put into the store on purpose; see planted_test.cpp. Each strikes with the given chance.
enum class Bug {
    none,
    idempotency_row_skipped,
    refusal_forgotten,
    acknowledged_before_commit,
    refused_after_commit,    // the caller gets an error
    answer_given_up,         // the client does not ask again
    half_a_transaction_kept, // the database keeps what was written before a fault
    event_lost,
    event_changed,
    event_forged, // changed together with its hash
    row_changed,
    timer_dropped,
    timer_fires_early,
    timer_forgotten,   // no server claims what is due
    timer_fires_again, // the row forgets that it fired
    task_dropped,
    notice_lost,
    notice_posted_twice,
    person_not_told,
    notice_told_twice, // no dedup of inbox rows
    mail_lost,         // marked as sent before it is
    vote_not_boxed,
    slot_not_taken, // two open cases for one place
};

struct FaultPlan {
    // Chances per mille: when a session is lent, at each statement of a write, before COMMIT, after it.
    int not_lent = 8;
    int try_again = 4, unavailable = 4, session_lost = 2, crash = 2, broken = 2;
    int at_commit = 30; // one of these five faults at COMMIT
    int race_lost = 5;  // the store claims that another server moved the case first
    int unknown = 25;   // committed, but an error is reported
    int queue_full = 10;
    int interleave = 60; // a whole transaction of another server before the first write or a retry
    int company = 250;   // another command joins the batch
    Bug bug = Bug::none;
    int bug_per_mille = 40;

    static FaultPlan none() {
        FaultPlan plan;
        plan.not_lent = plan.try_again = plan.unavailable = plan.session_lost = plan.crash = plan.broken =
            plan.race_lost = 0;
        plan.at_commit = plan.unknown = plan.queue_full = 0;
        plan.interleave = plan.company = 0;
        return plan;
    }
};

} // namespace cunmai::simulation
