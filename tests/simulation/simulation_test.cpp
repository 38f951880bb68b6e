// Many seeds, each a district in trouble. CUNMAI_SEEDS=n runs n of them (200 unless told), CUNMAI_FIRST_SEED=n starts
// there, CUNMAI_SEED=n replays one and prints its whole trace; CUNMAI_STEPS=n: how long each is. A failure names its
// seed.
#include "tests/simulation/simulation.hpp"
#include "tests/simulation/sql_backend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace cunmai::simulation {
namespace {

class StandingClock final : public engine::Clock {
  public:
    Instant now() const override { return first_day; }
};

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

void print(std::uint64_t seed, const Result& result) {
    std::cout << "seed " << seed << ", trace " << result.trace_hash << '\n';
    for (const auto& line : result.last_lines) std::cout << "  " << line.substr(0, 300) << '\n';
    for (const auto& [what, count] : result.counts) std::cout << "  " << what << ": " << count << '\n';
    for (const auto& failure : result.failures) std::cout << "  FAILED " << failure << '\n';
}

TEST(SimulationTest, NothingIsLostAndNothingHappensTwice) {
    const auto steps = static_cast<int>(number_from("CUNMAI_STEPS", 40));
    if (const auto seed = number_from("CUNMAI_SEED", 0); seed != 0) {
        const auto result = simulate(seed, {}, true, steps);
        print(seed, result);
        EXPECT_THAT(result.failures, testing::IsEmpty());
        return;
    }
    const auto first = number_from("CUNMAI_FIRST_SEED", 1), count = number_from("CUNMAI_SEEDS", 200);
    std::map<std::string, std::int64_t> counts;
    int failed = 0;
    for (auto seed = first; seed < first + count && failed < 5; ++seed) {
        const auto result = simulate(seed, {}, false, steps);
        for (const auto& [what, number] : result.counts) counts[what] += number;
        if (result.failures.empty()) continue;
        ++failed;
        print(seed, result);
        ADD_FAILURE() << "replay with CUNMAI_SEED=" << seed << " CUNMAI_STEPS=" << steps;
    }
    for (const auto& [what, number] : counts) std::cout << "  " << what << ": " << number << '\n';
    // The run proves something only if faults really happened.
    if (count < 100) return;
    for (const auto* what : {"accepted",
                             "accepted again",
                             "unknown outcome",
                             "crash after commit",
                             "interleaved",
                             "batches of several",
                             "retried: batch",
                             "retried: deadlock",
                             "retried: certification",
                             "retried: session_lost",
                             "retried: lock_wait",
                             "no session",
                             "race lost",
                             "unknown outcome, not kept",
                             "queue full",
                             "timers fired",
                             "worker crash",
                             "crash at a statement",
                             "a work breaks",
                             "unavailable at commit"})
        EXPECT_GT(counts[what], 0) << what;
}

TEST(SimulationTest, OneSeedIsOneStory) {
    for (const std::uint64_t seed : {3, 4, 5}) {
        const auto once = simulate(seed), again = simulate(seed);
        EXPECT_EQ(once.trace_hash, again.trace_hash);
        EXPECT_EQ(once.counts, again.counts);
    }
    EXPECT_NE(simulate(3).trace_hash, simulate(4).trace_hash);
}

// The same simulation over db/'s executor and repositories on a SQLite file. Ids are random there, so only the oracles
// are checked, not the trace.
TEST(SimulationTest, TheSameOverSqlite) {
    std::string folder = "/var/tmp/cunmai-simulation-XXXXXX";
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    for (const std::uint64_t seed : {1, 2, 3}) {
        const auto file = folder + '/' + std::to_string(seed) + ".db";
        StandingClock clock;
        db::Database database({.url = "sqlite:" + file, .secret = "secret"}, clock);
        settle_world(database);
        SqlBackend backend(database);
        Options options;
        options.seed = seed;
        options.steps = 150;
        const auto result = Simulation(backend, options, first_day, {}).run();
        if (!result.failures.empty()) print(seed, result);
        EXPECT_THAT(result.failures, testing::IsEmpty());
        EXPECT_GT(result.counts.at("accepted"), 5);
    }
    std::filesystem::remove_all(folder);
}

TEST(SimulationTest, TheDistrictHasCasesInManyStates) {
    std::set<std::string> states;
    for (const auto& [id, row] : lived_district().tables.rows) states.insert(row.state);
    EXPECT_GE(states.size(), 8U) << testing::PrintToString(states);
    EXPECT_FALSE(lived_district().tables.boxes.empty()) << "a secret ballot is open";
}

} // namespace
} // namespace cunmai::simulation
