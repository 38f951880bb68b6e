// Very many timers due at once: how fast they are drained beside the rate of commands, whether in order, and what an
// officer notices meanwhile.
#include "adapters/notify/timers.hpp"
#include "tests/bench/crowd.hpp"
#include "tests/bench/officers.hpp"
#include "tests/bench/raw_sqlite.hpp"
#include "tests/bench/rows.hpp"

#include <atomic>
#include <stdexcept>
#include <thread>

namespace cunmai::bench {

namespace {

constexpr int officers_at_work = 8;

// Pairs of timers that were fired in the wrong order.
std::int64_t out_of_order(const std::string& file) {
    RawSqlite database(file);
    RawSqlite::Statement fired(database,
                               "SELECT case_id FROM case_events WHERE command = 'propose_completion' ORDER BY rowid");
    std::string last;
    std::int64_t wrong = 0;
    while (fired.next()) { // cases were made due in the order of their ids
        const std::string id(fired.text(0));
        wrong += id < last;
        last = id;
    }
    return wrong;
}

} // namespace

std::vector<Result> timers_due(const Options& options) {
    const std::int64_t due = options.pick(100'000, 3'000);
    const auto file = (options.folder / "timers.db").string();
    Officers rate_officers((options.folder / "rate").string(), "sqlite:" + (options.folder / "rate.db").string(), 64);
    rate_officers.give(2);
    const auto command_rate = rate_officers.give(options.pick(60, 15));

    Officers officers(options.folder.string(), "sqlite:" + file, officers_at_work);
    officers.give(5);
    officers.give(options.pick(200, 60));
    const auto unloaded = percentile(officers.latencies(), 0.99);
    say("filling " + std::to_string(due) + " cases with a due timer");
    fill_cases(file, due, Crowd::timers);

    std::atomic<bool> drained = false;
    double seconds = 0;
    std::exception_ptr failure;
    std::jthread draining([&] {
        try {
            const Stopwatch watch;
            while (timers::fire_due(officers.app()).claimed > 0) {}
            seconds = watch.seconds();
        } catch (...) { failure = std::current_exception(); }
        drained = true;
    });
    std::vector<double> latencies;
    std::int64_t given = 0;
    while (!drained) {
        officers.give(10);
        given += 10 * officers_at_work;
        latencies.insert(latencies.end(), officers.latencies().begin(), officers.latencies().end());
    }
    draining.join();
    if (failure) std::rethrow_exception(failure);
    RawSqlite database(file);
    RawSqlite::Statement left(database, "SELECT COUNT(*) FROM case_events WHERE command = 'propose_completion'");
    left.next();
    if (left.number(0) != due) throw std::runtime_error("only " + std::to_string(left.number(0)) + " timers fired");

    Pairs drain, order, tail;
    drain.add(static_cast<double>(due) / seconds, command_rate);
    order.add(static_cast<double>(out_of_order(file)), 1);
    tail.add(percentile(latencies, 0.99) * 1e3, unloaded * 1e3);
    auto drain_result = drain.result(std::to_string(due) + " timers due at once, drained beside officers' commands",
                                     "commands of 64 submitters", "1/s", Aim::printed, 0);
    drain_result.note =
        "drained in " + std::to_string(seconds) + " s; officers gave " + std::to_string(given) + " commands meanwhile";
    return {drain_result, order.result("timers fired before an older one", "none", "timers", Aim::at_most, 0),
            tail.result("p99 of a command of one of 8 officers while timers drain", "the same without", "ms",
                        Aim::at_most, 5)};
}

} // namespace cunmai::bench
