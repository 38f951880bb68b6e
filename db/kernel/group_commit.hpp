// Group commit without threads, queues or databases: what becomes of jobs that share a transaction. The executor drives
// it with the sessions of a database; tests/simulation drives the same code with sessions that fail at random. db/ and
// tests only.
//
// Each job is a part of the transaction that can be undone alone, so that a failing job does not spoil the others; then
// there is one commit. A batch that fails as a whole is run again job by job. A job that the database asks to repeat is
// run at most five times.
//
// Invariant: afterwards each job has its outcome. `error` is empty exactly when its work was committed.
#pragma once

#include "db/kernel/sql_errors.hpp"

#include <concepts>
#include <exception>
#include <functional>
#include <vector>

namespace cunmai::db {

template <class Session> struct Job {
    const std::function<void(Session&)>* work;
    const engine::Expected* expected;
    std::exception_ptr error{};
    bool again = false; // must be run again, alone
};

// Lends sessions, and is told about retries.
template <class Lender>
concept LendsSessions = requires(Lender lender, typename Lender::Session& session, int attempt, std::size_t works,
                                 const std::vector<const engine::Expected*>& expected) {
    { *lender.take() } -> std::same_as<typename Lender::Session&>; // throws StoreUnavailable
    lender.forget_idle();             // a session was lost, so idle ones may be lost as well
    lender.expect(session, expected); // a batch begins: it may read ahead
    lender.commit(session, works);    // throws TryAgain (nothing was kept) or StoreUnavailable (perhaps unknown)
    lender.pause_before(attempt);
    lender.retried(std::string_view("a cause"));
    session.begin_write();
    session.begin_part();
    session.end_part();
    { session.undo_part() }
    noexcept->std::same_as<bool>; // false: the fault took the whole transaction with it
    { session.rollback() }
    noexcept;
};

template <LendsSessions Lender> class GroupCommit {
  public:
    using Session = typename Lender::Session;
    using Jobs = std::vector<Job<Session>*>;

    explicit GroupCommit(Lender& lender) : lender_(lender) {}

    void run(const Jobs& jobs) {
        const bool together = jobs.size() > 1 && run_together(jobs);
        int faults = 0;
        std::exception_ptr fault;
        for (auto* job : jobs) {
            if (together && !job->again) continue;
            if (faults >= faults_in_a_row_max) {
                job->error = fault;
                continue;
            }
            job->error = nullptr;
            try {
                run_alone(*job);
                faults = 0;
            } catch (const TryAgain&) { // this job alone was refused five times; others may succeed
                job->error = std::current_exception();
            } catch (const engine::StoreUnavailable&) {
                job->error = fault = std::current_exception();
                ++faults;
            } catch (...) {
                job->error = std::current_exception();
                faults = 0;
            }
        }
    }

  private:
    static constexpr int attempts_max = 5;
    static constexpr int faults_in_a_row_max = 2; // then the database is down: trying more jobs only takes time

    struct BatchLost { // the fault of one part undid the whole transaction
        std::string_view cause;
    };

    bool run_together(const Jobs& jobs) { // returns false when nothing was kept
        try {
            const auto lease = lender_.take();
            Session& session = *lease;
            try {
                session.begin_write();
                std::vector<const engine::Expected*> expected;
                for (const auto* job : jobs) expected.push_back(job->expected);
                lender_.expect(session, expected);
                run_parts(session, jobs);
                lender_.commit(session, jobs.size());
            } catch (...) {
                session.rollback();
                throw;
            }
        } catch (const BatchLost& lost) {
            lender_.retried(lost.cause);
            return false;
        } catch (const SessionLost& fault) {
            lender_.forget_idle();
            lender_.retried(fault.cause);
            return false;
        } catch (const TryAgain& fault) {
            lender_.retried(fault.cause);
            return false;
        } catch (const engine::StoreUnavailable& fault) {
            if (!fault.outcome_unknown) {
                lender_.retried("batch");
                return false;
            }
            for (auto* job : jobs) { // all may have been kept: the callers find out by their keys
                if (!job->error) job->error = std::current_exception();
                job->again = false;
            }
        } catch (...) { // a bug showed while waiting rows were written: run alone, it fails only its own job
            lender_.retried("batch");
            return false;
        }
        return true;
    }

    void run_parts(Session& session, const Jobs& jobs) {
        for (auto* job : jobs) {
            job->error = nullptr;
            job->again = false;
            session.begin_part();
            try {
                (*job->work)(session);
                session.end_part();
            } catch (const TryAgain& fault) {
                job->again = true;
                if (!session.undo_part()) throw BatchLost{fault.cause};
                lender_.retried(fault.cause);
            } catch (...) {
                job->error = std::current_exception();
                if (!session.undo_part()) throw BatchLost{"batch"};
            }
        }
    }

    void run_alone(Job<Session>& job) {
        for (int attempt = 1;; ++attempt) {
            try {
                const auto lease = lender_.take();
                Session& session = *lease;
                try {
                    session.begin_write();
                    (*job.work)(session);
                    lender_.commit(session, 1);
                } catch (...) {
                    session.rollback();
                    throw;
                }
                return;
            } catch (const SessionLost& fault) {
                lender_.forget_idle();
                lender_.retried(fault.cause);
                if (attempt == attempts_max) throw;
            } catch (const TryAgain& fault) {
                lender_.retried(fault.cause);
                if (attempt == attempts_max) throw;
            }
            lender_.pause_before(attempt);
        }
    }

    Lender& lender_;
};

} // namespace cunmai::db
