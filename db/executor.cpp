#include "db/executor.hpp"

#include "db/prefetch.hpp"

#include <random>

namespace cunmai::db {

namespace {

constexpr int attempts_max = 5;
constexpr auto gather_max = std::chrono::microseconds(400);
constexpr int faults_in_a_row_max = 2; // then the database is out of order, and waiting for each work helps nobody

thread_local const Executor* in_lane_of = nullptr;

void pause_before_attempt(int attempt) {
    thread_local std::minstd_rand random{std::random_device{}()};
    std::this_thread::sleep_for(std::chrono::milliseconds(1 + random() % static_cast<unsigned>(10 * attempt)));
}

struct BatchLost { // a part's fault undid the whole transaction
    std::string_view cause;
};

} // namespace

Executor::Executor(Pool& sessions, int lanes, const Database::Options& options)
    : sessions_(sessions), batch_max_(std::max<std::size_t>(1, options.batch_max)), queue_max_(options.queue_max),
      observer_(options.observer) {
    for (int i = 0; i < lanes; ++i) lanes_.push_back(std::make_unique<Lane>());
    for (auto& lane : lanes_) lane->thread = std::thread([this, &lane = *lane] { loop(lane); });
}

Executor::~Executor() {
    for (auto& lane : lanes_) {
        {
            const std::lock_guard lock(lane->mutex);
            lane->stopping = true;
        }
        lane->changed.notify_one();
    }
    for (auto& lane : lanes_) lane->thread.join();
}

void Executor::run(const Work& work, const engine::Expected& expected) {
    if (in_lane_of == this) throw std::logic_error("a write inside a write would wait for itself");
    if (waiting_.fetch_add(1) >= queue_max_) {
        --waiting_;
        throw engine::Busy("too many commands wait for the database");
    }
    const auto number = expected.near.empty() ? next_lane_++ : std::hash<std::string_view>{}(expected.near);
    auto& lane = *lanes_[number % lanes_.size()];
    Job job{&work, &expected};
    bool enough = false;
    {
        const std::lock_guard lock(lane.mutex);
        lane.queue.push_back(&job);
        enough = lane.queue.size() >= lane.wanted;
    }
    if (enough) lane.changed.notify_one();
    job.done.acquire();
    --waiting_;
    if (job.error) std::rethrow_exception(job.error);
}

void Executor::loop(Lane& lane) {
    in_lane_of = this;
    std::vector<Job*> jobs;
    for (;;) {
        {
            std::unique_lock lock(lane.mutex);
            lane.wanted = 1;
            lane.changed.wait(lock, [&] { return lane.stopping || !lane.queue.empty(); });
            if (lane.queue.empty()) return;
            // Who was just answered often comes back at once: a moment's wait, and they share a commit again.
            lane.wanted = std::min(jobs.size(), batch_max_);
            lane.changed.wait_for(lock, gather_max, [&] { return lane.stopping || lane.queue.size() >= lane.wanted; });
            jobs.clear();
            while (!lane.queue.empty() && jobs.size() < batch_max_) {
                jobs.push_back(lane.queue.front());
                lane.queue.pop_front();
            }
        }
        run_all(jobs);
        for (auto* job : jobs) job->done.release(); // the job is gone after this
    }
}

void Executor::run_all(const std::vector<Job*>& jobs) {
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

bool Executor::run_together(const std::vector<Job*>& jobs) {
    try {
        const auto session = sessions_.take();
        try {
            session->begin_write();
            if (session->dialect() == Dialect::mysql) read_expected(*session, jobs);
            run_parts(*session, jobs);
            commit(*session, jobs.size());
        } catch (...) {
            session->rollback();
            throw;
        }
    } catch (const BatchLost& lost) {
        retried(lost.cause);
        return false;
    } catch (const SessionLost&) {
        sessions_.forget_idle();
        retried("session_lost");
        return false;
    } catch (const TryAgain& fault) {
        retried(fault.cause);
        return false;
    } catch (const engine::StoreUnavailable& fault) {
        if (!fault.outcome_unknown) {
            retried("batch");
            return false;
        }
        for (auto* job : jobs) { // perhaps it was all kept: only its callers can find out, by their keys
            if (!job->error) job->error = std::current_exception();
            job->again = false;
        }
    } catch (...) { // a bug while the waiting rows were written: alone, it hits only its own work
        retried("batch");
        return false;
    }
    return true;
}

void Executor::read_expected(Connection& session, const std::vector<Job*>& jobs) {
    std::vector<const engine::Expected*> expected;
    for (const auto* job : jobs) expected.push_back(job->expected);
    prefetch(session, expected);
}

void Executor::run_parts(Connection& session, const std::vector<Job*>& jobs) {
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
            retried(fault.cause);
        } catch (...) {
            job->error = std::current_exception();
            if (!session.undo_part()) throw BatchLost{"batch"};
        }
    }
}

void Executor::run_alone(Job& job) {
    for (int attempt = 1;; ++attempt) {
        try {
            const auto session = sessions_.take();
            try {
                session->begin_write();
                (*job.work)(*session);
                commit(*session, 1);
            } catch (...) {
                session->rollback();
                throw;
            }
            return;
        } catch (const SessionLost&) {
            sessions_.forget_idle();
            retried("session_lost");
            if (attempt == attempts_max) throw;
        } catch (const TryAgain& fault) {
            retried(fault.cause);
            if (attempt == attempts_max) throw;
        }
        pause_before_attempt(attempt);
    }
}

void Executor::commit(Connection& session, std::size_t works) {
    const auto start = std::chrono::steady_clock::now();
    session.commit();
    if (observer_)
        observer_->batch(static_cast<int>(works),
                         std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
}

void Executor::retried(std::string_view cause) {
    if (observer_) observer_->retried(cause);
}

} // namespace cunmai::db
