// All nodes die at once while officers work over HTTP through two servers, and are brought back step by step as
// docs/cluster.md ("When all nodes died") tells an operator. What was acknowledged is there, and everything happened
// once.
#include "tests/faults/served.hpp"
#include "tests/support/galera.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iostream>

#include <sys/wait.h>

namespace cunmai::test {

namespace {

constexpr std::size_t officers = 6;
constexpr int servers = 2;

// Returns the last position of each node by its own log.
std::array<std::int64_t, GaleraCluster::nodes> bring_back(GaleraCluster& cluster) {
    std::array<std::int64_t, GaleraCluster::nodes> known{};
    for (int node = 0; node < GaleraCluster::nodes; ++node)
        known[static_cast<std::size_t>(node)] = cluster.recovered_position(node);
    const auto knows_most = static_cast<int>(std::max_element(known.begin(), known.end()) - known.begin());
    cluster.bootstrap(knows_most);
    for (int node = 0; node < GaleraCluster::nodes; ++node)
        if (node != knows_most) {
            cluster.start(node);
            cluster.wait_until_synced(node);
        }
    return known;
}

TEST(AllNodesTest, KilledUnderLoadLoseNothingAcknowledged) {
    auto& cluster = GaleraCluster::shared();
    cluster.run(0, "CREATE DATABASE all_killed CHARACTER SET utf8mb4");
    faults::Served served(cluster.url("all_killed"), servers);
    simulation::Dice dice(dice_seed(4711));
    faults::Listener listener;
    for (int cycle = 0; cycle < cycles(1) && !HasFailure(); ++cycle) {
        faults::Shift shift(served, listener, "cluster-" + std::to_string(cycle) + '-', officers);
        served.forward(dice.between(1, 9) * simulation::day_seconds); // something is due
        ASSERT_TRUE(shift.acknowledges(static_cast<int>(dice.between(20, 80))));
        const auto first = static_cast<int>(dice.below(GaleraCluster::nodes));
        for (int next = 0; next < GaleraCluster::nodes; ++next) cluster.kill((first + next) % GaleraCluster::nodes);

        for (int server = 0; server < servers; ++server) {
            const int status = served.stop(server);
            EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
        }
        const auto known = bring_back(cluster);
        std::cout << shift.acknowledged() << " acknowledged; the nodes knew " << testing::PrintToString(known) << '\n';
        EXPECT_THAT(served.verify_replay(), testing::IsEmpty());
        for (int server = 0; server < servers; ++server) served.start(server);
        EXPECT_TRUE(shift.acknowledges(10)); // the service goes on
        shift.end();

        faults::ask_again(served.officer(), listener.log);
        ASSERT_TRUE(served.come_to_rest()) << "something stays due, or untold";
        EXPECT_THAT(served.verify(listener.log), testing::IsEmpty()) << "after cycle " << cycle;
    }
}

} // namespace

} // namespace cunmai::test
