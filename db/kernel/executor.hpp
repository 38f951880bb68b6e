// The only way in which this process writes. Work waits in a queue. Each lane has a thread that takes a batch from the
// queue, runs it in one transaction (group_commit.hpp), and then gives each caller its own outcome.
//
// SQLite has one lane, because it has one writer. MySQL has several. Work on the same case goes to the same lane, so
// that its pieces never wait for each other's locks, and what a batch is expected to read is read at once for all.
//
// Invariants: a caller returns after its work was committed durably, or with the reason why it was not. No work is
// dropped, and none runs after its caller has returned. A full queue refuses at once with Busy. db/ only.
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
    ~Executor(); // finishes the work that it has accepted

    void run(const Work& work, const engine::Expected& expected); // throws what the work throws, StoreUnavailable, Busy
    std::size_t waiting() const { return waiting_; }

  private:
    class Lender; // lends the pool's sessions to group_commit.hpp
    struct Waiting : Job<Connection> {
        Waiting(const Work& asked, const engine::Expected& expected_reads) : Job{&asked, &expected_reads} {
            ::sem_init(&done_, 0, 0);
        }
        ~Waiting() { ::sem_destroy(&done_); }
        Waiting(const Waiting&) = delete;
        Waiting& operator=(const Waiting&) = delete;

        void done() { ::sem_post(&done_); }
        void wait() {
            while (::sem_wait(&done_) != 0) {} // interrupted by a signal
        }

      private:
        ::sem_t done_; // std::binary_semaphore yields the processor a dozen times before it sleeps
    };
    struct Lane {
        std::mutex mutex; // guards queue, wanted, stopping
        std::condition_variable changed;
        std::deque<Waiting*> queue;
        std::size_t wanted = 1; // how many pieces of work in the queue wake the thread
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
