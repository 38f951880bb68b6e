#include "db/kernel/executor.hpp"

#include "db/kernel/prefetch.hpp"

#include <random>

namespace cunmai::db {

namespace {

constexpr auto gather_max = std::chrono::microseconds(400);

thread_local const Executor* in_lane_of = nullptr;

} // namespace

class Executor::Lender {
  public:
    using Session = Connection;

    Lender(Pool& pool, Observer* observer) : pool_(pool), observer_(observer) {}

    Pool::Lease take() { return pool_.take(); }
    void forget_idle() { pool_.forget_idle(); }
    void expect(Connection& session, const std::vector<const engine::Expected*>& works) {
        if (session.dialect() == Dialect::mysql) prefetch(session, works);
    }
    void commit(Connection& session, std::size_t works) {
        const auto start = std::chrono::steady_clock::now();
        session.commit();
        if (observer_)
            observer_->batch(static_cast<int>(works),
                             std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    void pause_before(int attempt) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1 + jitter_() % static_cast<unsigned>(10 * attempt)));
    }
    void retried(std::string_view cause) {
        if (observer_) observer_->retried(cause);
    }

  private:
    Pool& pool_;
    Observer* const observer_;
    std::minstd_rand jitter_{std::random_device{}()};
};

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
    const auto number = expected.near.empty() ? next_lane_++ : std::hash<std::string_view>{}(expected.near);
    auto& lane = *lanes_[number % lanes_.size()];
    Waiting job(work, expected);
    bool enough = false;
    {
        const std::lock_guard lock(lane.mutex);
        // Counted under the lane's lock: whoever has seen the count comes behind this work in the queue.
        if (waiting_.fetch_add(1) >= queue_max_) {
            --waiting_;
            throw engine::Busy("too many commands wait for the database");
        }
        lane.queue.push_back(&job);
        enough = lane.queue.size() >= lane.wanted;
    }
    if (enough) lane.changed.notify_one();
    job.wait();
    --waiting_;
    if (job.error) std::rethrow_exception(job.error);
}

void Executor::loop(Lane& lane) {
    in_lane_of = this;
    Lender lender(sessions_, observer_);
    GroupCommit<Lender> group_commit(lender);
    std::vector<Waiting*> taken;
    for (;;) {
        {
            std::unique_lock lock(lane.mutex);
            lane.wanted = 1;
            lane.changed.wait(lock, [&] { return lane.stopping || !lane.queue.empty(); });
            if (lane.queue.empty()) return;
            // Callers that were just answered often come back at once. Waiting a moment lets them share a commit again.
            lane.wanted = std::min(taken.size(), batch_max_);
            lane.changed.wait_for(lock, gather_max, [&] { return lane.stopping || lane.queue.size() >= lane.wanted; });
            taken.clear();
            while (!lane.queue.empty() && taken.size() < batch_max_) {
                taken.push_back(lane.queue.front());
                lane.queue.pop_front();
            }
        }
        group_commit.run({taken.begin(), taken.end()});
        for (auto* job : taken) job->done(); // the job may be destroyed by its caller from here on
    }
}

} // namespace cunmai::db
