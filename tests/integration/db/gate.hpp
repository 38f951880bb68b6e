// Holds a database's writer at a COMMIT, so that a test decides what waits behind it and in which order.
#pragma once

#include "db/kernel/database.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace cunmai::db::test {

// A probe of the database that holds the first COMMIT until it is opened, counts all, and throws where it is told to.
class Gate {
  public:
    void operator()(std::string_view what) {
        std::unique_lock lock(mutex_);
        if (what == "COMMIT") {
            ++commits_;
            changed_.notify_all();
            changed_.wait(lock, [&] { return !closed_; });
        }
        if (fault_ && what == fault_at_) {
            const auto fault = std::exchange(fault_, nullptr);
            lock.unlock();
            fault();
        }
    }
    void close() {
        set([&] { closed_ = true, commits_ = 0; });
    }
    void open() {
        set([&] { closed_ = false; });
    }
    void await_commit() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return commits_ > 0; });
    }
    void fail_once(std::string at, std::function<void()> fault) {
        set([&] { fault_at_ = std::move(at), fault_ = std::move(fault); });
    }
    int commits() {
        const std::lock_guard lock(mutex_);
        return commits_;
    }

  private:
    template <class Change> void set(Change change) {
        const std::lock_guard lock(mutex_);
        change();
        changed_.notify_all();
    }
    std::mutex mutex_;
    std::condition_variable changed_;
    bool closed_ = false;
    int commits_ = 0;
    std::string fault_at_;
    std::function<void()> fault_;
};

// Waits until so many pieces of work are in the database's queue or being committed. Whatever is given afterwards comes
// behind them.
inline void await_queue(const Database& database, std::size_t works) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (database.waiting() < works) {
        if (std::chrono::steady_clock::now() > deadline) { // not thrown: the caller has yet to open the gate
            ADD_FAILURE() << "the work never came into the queue";
            return;
        }
        std::this_thread::yield();
    }
}

} // namespace cunmai::db::test
