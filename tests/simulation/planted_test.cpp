// Tests of the oracles: a bug is put into the store, and the oracle for it must notice; without the bug the same seeds
// are clean.
#include "tests/simulation/simulation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cunmai::simulation {
namespace {

constexpr std::uint64_t seeds_max = 60;

struct Planted {
    const char* name;
    Bug bug;
    std::vector<std::string> oracles; // one of these must notice it
    int per_mille = 40;
    int crash = 2; // of the plan
};

class PlantedBugTest : public testing::TestWithParam<Planted> {};

TEST_P(PlantedBugTest, IsSeen) {
    FaultPlan plan;
    plan.bug = GetParam().bug;
    plan.bug_per_mille = GetParam().per_mille;
    plan.crash = GetParam().crash;
    std::vector<std::string> seen;
    for (std::uint64_t seed = 1; seed <= seeds_max; ++seed) {
        const auto result = simulate(seed, plan, false, 110);
        for (const auto& oracle : GetParam().oracles)
            if (result.found(oracle)) return;
        seen.insert(seen.end(), result.failures.begin(), result.failures.end());
    }
    FAIL() << "not seen by " << testing::PrintToString(GetParam().oracles) << "; others said "
           << testing::PrintToString(seen).substr(0, 2000);
}

INSTANTIATE_TEST_SUITE_P(
    Store, PlantedBugTest,
    testing::Values(Planted{"AnIdempotencyRowIsSkipped", Bug::idempotency_row_skipped, {"done_twice"}, 1000},
                    Planted{"AnIdempotencyRowIsMissing", Bug::idempotency_row_skipped, {"key"}},
                    Planted{"ARefusalIsForgotten", Bug::refusal_forgotten, {"denied"}, 1000},
                    Planted{"AcknowledgedBeforeCommit", Bug::acknowledged_before_commit, {"acknowledged"}},
                    Planted{"RefusedAfterCommit", Bug::refused_after_commit, {"denied"}},
                    Planted{"AnAnswerIsGivenUp", Bug::answer_given_up, {"answer"}},
                    Planted{
                        "HalfATransactionIsKept", Bug::half_a_transaction_kept, {"chain", "row", "timers", "tasks"}},
                    Planted{"AnEventIsLost", Bug::event_lost, {"chain"}},
                    Planted{"AnEventIsChanged", Bug::event_changed, {"chain"}},
                    Planted{"AnEventIsForged", Bug::event_forged, {"replay"}},
                    Planted{"ARowIsChanged", Bug::row_changed, {"row"}},
                    Planted{"ATimerIsDropped", Bug::timer_dropped, {"timers"}, 200},
                    Planted{"ATimerIsForgotten", Bug::timer_forgotten, {"timer_late"}},
                    Planted{"ATimerFiresEarly", Bug::timer_fires_early, {"timer_early"}},
                    Planted{"ATimerFiresAgain", Bug::timer_fires_again, {"timer_twice"}},
                    Planted{"AWorkItemIsDropped", Bug::task_dropped, {"tasks"}},
                    Planted{"ANoticeIsLost", Bug::notice_lost, {"notice_lost"}},
                    Planted{"ANoticeIsPostedTwice", Bug::notice_posted_twice, {"notice_twice"}},
                    Planted{"APersonIsNotTold", Bug::person_not_told, {"told"}},
                    Planted{"APersonIsToldTwice", Bug::notice_told_twice, {"told"}, 40, 8},
                    Planted{"AMailIsLost", Bug::mail_lost, {"mail"}},
                    Planted{"ASealedVoteIsLost", Bug::vote_not_boxed, {"box"}, 500},
                    Planted{"TwoCasesForOnePlace", Bug::slot_not_taken, {"slot"}, 700}),
    [](const auto& test) { return test.param.name; });

} // namespace
} // namespace cunmai::simulation
