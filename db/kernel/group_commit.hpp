// Group commit apart from threads, queues and databases: what becomes of works that share a transaction. The executor
// drives it with the sessions of a database; tests/simulation drives the same code with sessions that fail where its
// dice say. db/ and tests only.
//
// A part for each work, so that one that fails spoils nothing, and one commit. A batch that fails as a whole is run
// again work by work; a work that the database wants to see again is run at most five times.
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
    bool again = false; // asked to be run alone
};

// Who lends sessions, and is told how it went.
template <class Lender>
concept LendsSessions = requires(Lender lender, typename Lender::Session& session, int attempt, std::size_t works,
                                 const std::vector<const engine::Expected*>& expected) {
    { *lender.take() } -> std::same_as<typename Lender::Session&>; // throws StoreUnavailable
    lender.forget_idle();                                          // one was found lost: so are those that are idle
    lender.expect(session, expected);                              // a batch begins: it may read ahead
    lender.commit(session, works); // throws TryAgain: nothing was kept, StoreUnavailable: perhaps unknown
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
            } catch (const TryAgain&) { // this work's own bad luck, five times
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
    static constexpr int faults_in_a_row_max = 2; // then the database is out of order: waiting for each helps nobody

    struct BatchLost { // a part's fault undid the whole transaction
        std::string_view cause;
    };

    bool run_together(const Jobs& jobs) { // false: nothing of it was kept
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
            for (auto* job : jobs) { // perhaps it was all kept: only its callers can find out, by their keys
                if (!job->error) job->error = std::current_exception();
                job->again = false;
            }
        } catch (...) { // a bug while the waiting rows were written: alone, it hits only its own work
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
