// The one way in which this process writes. Works wait in a queue; each lane has a thread that takes what waits, runs
// it in one transaction as group_commit.hpp says, and then lets each caller have its own outcome.
//
// SQLite has one lane: one writer, in the order of the queue. MySQL has several; works near each other (the same case)
// share a lane, so that they never wait for each other's locks; and what the works of a batch are expected to read is
// read for all of them at once.
//
// Invariants: a caller returns after its work was committed durably, or with the reason why not. No work is dropped,
// and none runs after its caller has returned. A full queue refuses at once with Busy. db/ only.
#pragma once

#include "db/kernel/database.hpp"
#include "db/kernel/group_commit.hpp"
#include "db/kernel/pool.hpp"

#include <atomic>
#include <deque>
#include <thread>

#include <semaphore.h>

namespace cunmai::db {

class Executor {
  public:
    using Work = std::function<void(Connection&)>;

    Executor(Pool& sessions, int lanes, const Database::Options& options);
    ~Executor(); // finishes what it took

    void run(const Work& work, const engine::Expected& expected); // throws what the work throws, StoreUnavailable, Busy
    std::size_t waiting() const { return waiting_; }

  private:
    class Lender; // of the pool's sessions, to group_commit.hpp
    struct Waiting : Job<Connection> {
        Waiting(const Work& asked, const engine::Expected& expected_reads) : Job{&asked, &expected_reads} {
            ::sem_init(&done_, 0, 0);
        }
        ~Waiting() { ::sem_destroy(&done_); }
        Waiting(const Waiting&) = delete;
        Waiting& operator=(const Waiting&) = delete;

        void done() { ::sem_post(&done_); }
        void wait() {
            while (::sem_wait(&done_) != 0) {} // a signal
        }

      private:
        ::sem_t done_; // not std::binary_semaphore: that one yields the processor a dozen times before it sleeps
    };
    struct Lane {
        std::mutex mutex; // guards queue, wanted, stopping
        std::condition_variable changed;
        std::deque<Waiting*> queue;
        std::size_t wanted = 1; // works in the queue that wake the thread
        bool stopping = false;
        std::thread thread;
    };

    void loop(Lane& lane);

    Pool& sessions_;
    const std::size_t batch_max_, queue_max_;
    Observer* const observer_;
    std::atomic<std::size_t> waiting_ = 0;
    std::atomic<std::size_t> next_lane_ = 0;
    std::vector<std::unique_ptr<Lane>> lanes_;
};

} // namespace cunmai::db
