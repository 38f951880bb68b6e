// Clients that all ask at once, each in a thread of its own, one request after the other.
#pragma once

#include "tests/bench/bench.hpp"

#include <latch>
#include <mutex>
#include <thread>

namespace cunmai::bench {

// Every client makes `each` requests. Returns requests per second, and in `latencies` the seconds of each request.
// Throws what a client throws.
template <class Clients, class One>
double ask_at_once(Clients& clients, int each, const One& one, std::vector<double>& latencies) {
    std::latch start(static_cast<std::ptrdiff_t>(clients.size()) + 1);
    std::mutex mutex;
    std::exception_ptr failure;
    latencies.clear();
    std::vector<std::jthread> threads;
    for (auto& client : clients)
        threads.emplace_back([&] {
            std::vector<double> mine;
            start.arrive_and_wait();
            try {
                for (int i = 0; i < each; ++i) {
                    const Stopwatch watch;
                    one(client);
                    mine.push_back(watch.seconds());
                }
            } catch (...) {
                const std::lock_guard lock(mutex);
                failure = std::current_exception();
            }
            const std::lock_guard lock(mutex);
            latencies.insert(latencies.end(), mine.begin(), mine.end());
        });
    start.arrive_and_wait();
    const Stopwatch watch;
    threads.clear(); // joins the threads
    const auto seconds = watch.seconds();
    if (failure) std::rethrow_exception(failure);
    return static_cast<double>(clients.size()) * each / seconds;
}

} // namespace cunmai::bench
