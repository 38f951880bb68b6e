// Handlers at work at a time. Whoever finds no seat waits, if not too many do already and not for too long; else
// engine::Busy, and nothing was done.
#pragma once

#include "engine/ports.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace cunmai::http {

class Seats {
  public:
    Seats(int seats, int queue_max, std::chrono::milliseconds wait)
        : free_(seats), queue_max_(queue_max), wait_(wait) {}

    class Taken {
      public:
        explicit Taken(Seats& seats) : seats_(seats) { seats_.take(); }
        ~Taken() { seats_.give_back(); }
        Taken(const Taken&) = delete;
        Taken& operator=(const Taken&) = delete;

      private:
        Seats& seats_;
    };

    int waiting() const {
        std::lock_guard lock(mutex_);
        return waiting_;
    }

  private:
    static constexpr int retry_after_seconds = 2;

    void take() {
        std::unique_lock lock(mutex_);
        if (free_ == 0) {
            if (waiting_ >= queue_max_)
                throw engine::Busy("every seat is taken and the queue is full", retry_after_seconds);
            ++waiting_;
            const bool seated = freed_.wait_for(lock, wait_, [this] { return free_ > 0; });
            --waiting_;
            if (!seated) throw engine::Busy("waited too long for a seat", retry_after_seconds);
        }
        --free_;
    }

    void give_back() {
        {
            std::lock_guard lock(mutex_);
            ++free_;
        }
        freed_.notify_one();
    }

    mutable std::mutex mutex_;
    std::condition_variable freed_;
    int free_;
    const int queue_max_;
    const std::chrono::milliseconds wait_;
    int waiting_ = 0;
};

} // namespace cunmai::http
