// `cunmai serve` killed and frozen at random moments while officers work over HTTP. The log of what they were answered
// is held against cases, history, timers, inboxes and the mails that arrived: everything acknowledged is there, and
// everything happened once.
#include "tests/faults/served.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <sys/wait.h>
#include <thread>

namespace cunmai::faults {
namespace {

constexpr std::size_t officers = 6;

struct Way {
    const char* kind;
    int servers;
};

class ServedTest : public testing::TestWithParam<Way> {
  protected:
    // What happens to the servers in one cycle.
    void trouble(int kind, Shift& shift) {
        const auto any = static_cast<int>(dice.below(static_cast<std::uint64_t>(served.servers())));
        const auto other = (any + 1) % served.servers();
        const auto a_while = std::chrono::milliseconds(dice.between(100, 1500));
        switch (kind % 4) {
        case 0:
            served.kill(any);
            EXPECT_TRUE(other == any || shift.acknowledges(10)); // the other server goes on
            served.start(any);
            break;
        case 1:
            served.freeze(any);
            std::this_thread::sleep_for(a_while); // usually longer than officers wait for an answer
            served.thaw(any);
            break;
        case 2:
            for (int server = 0; server < served.servers(); ++server) served.kill(server);
            for (int server = 0; server < served.servers(); ++server) served.start(server);
            break;
        default:
            served.freeze(any);
            std::this_thread::sleep_for(a_while);
            served.kill(other);
            if (any != other) served.thaw(any);
            served.start(other);
        }
    }

    void cycle(int number) {
        Shift shift(served, listener, "served-" + std::to_string(number) + '-', officers);
        served.forward(dice.between(1, 9) * simulation::day_seconds); // something is due
        EXPECT_TRUE(shift.acknowledges(static_cast<int>(dice.between(5, 60))));
        trouble(number, shift);
        EXPECT_TRUE(shift.acknowledges(10)); // the service goes on
        shift.end();
        accepted += shift.acknowledged();
    }

    Served served{GetParam().kind, GetParam().servers};
    simulation::Dice dice{dice_seed(4711)};
    Listener listener;
    int accepted = 0;
};

TEST_P(ServedTest, NothingAcknowledgedIsLostAndNothingHappensTwice) {
    constexpr int held_against_the_log_every = 3;
    const auto count = cycles(3);
    for (int number = 0; number < count && !HasFailure(); ++number) {
        cycle(number);
        if (number + 1 < count && number % held_against_the_log_every != held_against_the_log_every - 1) continue;
        ask_again(served.officer(), listener.log);
        ASSERT_TRUE(served.come_to_rest()) << "something stays due, or untold";
        EXPECT_THAT(served.verify(listener.log), testing::IsEmpty()) << "after cycle " << number;
    }
    for (int server = 0; server < served.servers(); ++server) {
        const int status = served.stop(server);
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    }
    std::cout << accepted << " commands acknowledged\n";
    EXPECT_GT(accepted, 20 * count);
}

INSTANTIATE_TEST_SUITE_P(Servers, ServedTest, testing::Values(Way{"sqlite", 1}, Way{"mariadb", 2}),
                         [](const auto& test) { return test.param.kind; });

} // namespace
} // namespace cunmai::faults
