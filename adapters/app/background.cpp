#include "adapters/app/background.hpp"

#include "adapters/notify/notifier.hpp"
#include "adapters/notify/timers.hpp"
#include "adapters/services/uploads.hpp"
#include "adapters/telemetry/log.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace cunmai {

namespace {

constexpr auto poll_every = std::chrono::seconds(1);
constexpr auto uploads_every = std::chrono::hours(1); // those that nobody used are removed
constexpr auto pause_after_fault = std::chrono::seconds(5);

} // namespace

class Background::Impl {
  public:
    explicit Impl(App& app) : app_(app) {}
    ~Impl() { stop(); }

    void start() {
        const std::lock_guard lock(mutex_);
        if (!threads_.empty()) return;
        stopping_ = false;
        threads_.emplace_back([this] {
            loop("timers", [this] {
                follow_demo_clock();
                return static_cast<int>(timers::fire_due(app_).claimed);
            });
        });
        threads_.emplace_back([this] {
            notify::Notifier notifier(app_, [this] { return stopping(); });
            loop("notifier", [&] { return notifier.work().done(); });
        });
        threads_.emplace_back([this] {
            auto due = std::chrono::steady_clock::now();
            loop("uploads", [&] {
                if (std::chrono::steady_clock::now() < due) return 0;
                const int removed = http::remove_unused_uploads(app_);
                if (removed == 0) due = std::chrono::steady_clock::now() + uploads_every;
                return removed;
            });
        });
    }

    void wake() {
        {
            const std::lock_guard lock(mutex_);
            ++wakes_;
        }
        changed_.notify_all();
    }

    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
        for (auto& thread : threads_) thread.join();
        threads_.clear();
    }

  private:
    // Works as long as there is something to do, then waits for a wake or a second.
    template <class Work> void loop(const char* name, const Work& work) {
        for (;;) {
            const auto seen = wakes();
            auto pause = std::chrono::steady_clock::duration(poll_every);
            try {
                if (work() > 0) pause = {};
            } catch (const std::exception& error) {
                log::error("background_failed", {{"part", name}, {"error", error.what()}});
                pause = pause_after_fault;
            }
            std::unique_lock lock(mutex_);
            changed_.wait_for(lock, pause, [&] { return stopping_ || wakes_ != seen; });
            if (stopping_) return;
        }
    }

    // Another server of the demo may have moved the clock.
    void follow_demo_clock() {
        if (!app_.config.demo) return;
        const auto offset = app_.rules.setting(clock_offset_setting);
        if (offset && std::stoll(*offset) > app_.clock.offset_micros()) app_.clock.set_offset(std::stoll(*offset));
    }

    bool stopping() {
        const std::lock_guard lock(mutex_);
        return stopping_;
    }

    std::uint64_t wakes() {
        const std::lock_guard lock(mutex_);
        return wakes_;
    }

    App& app_;
    std::mutex mutex_; // guards stopping_, wakes_
    std::condition_variable changed_;
    bool stopping_ = false;
    std::uint64_t wakes_ = 0;
    std::vector<std::thread> threads_;
};

Background::Background(App& app) : impl_(std::make_unique<Impl>(app)) {}
Background::~Background() = default;
void Background::start() { impl_->start(); }
void Background::wake() { impl_->wake(); }
void Background::stop() { impl_->stop(); }

Settled settle(App& app) {
    constexpr int rounds_max = 20'000; // far more than a pilot's year has; beyond it something comes again for ever
    Settled settled;
    notify::Notifier notifier(app);
    for (int round = 0; round < rounds_max; ++round) {
        const auto due = timers::fire_due(app);
        const auto worked = notifier.work();
        settled.timers += static_cast<int>(due.fired);
        settled.notices += worked.notices;
        settled.mails_sent += worked.mails_sent;
        settled.mails_failed += worked.mails_failed;
        if (due.claimed == 0 && worked.done() == 0) return settled;
    }
    throw std::runtime_error("timers, notices or mails are due again and again");
}

} // namespace cunmai
