// Processes end at the worst moment: at every single point of a transaction, and at random ones under load. What was
// acknowledged is there, what was not is there once at most, the record verifies.
#include "tests/faults/ground.hpp"
#include "tests/support/mariadb.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace cunmai::faults {
namespace {

using simulation::world;

constexpr int died_at_point = 9;

// Runs `work` in a process of its own. Returns the exit status, or minus the signal that ended it. REQUIRES: no
// database is open.
int in_a_process(const std::function<int()>& work) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        int status = 1;
        try {
            status = work();
        } catch (const std::exception& error) { std::fprintf(stderr, "in a process: %s\n", error.what()); }
        ::_exit(status);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

TEST(CrashPointTest, AProcessThatEndsAtAnyPointLeavesAllOrNothing) {
    Ground ground("sqlite");
    ClientLog log;
    const auto id = [&] {
        ground.open();
        const auto opened = ground.execute(opening(world().villages.front(), "k0"));
        ground.close();
        return opened.case_id;
    }();
    std::int64_t version = 1;
    int points = 0;
    for (int at = 0; at < 100; ++at, ++points) {
        // A command that can be given again and again: another meeting of the same case.
        const auto name = version == 1 ? "nominate" : "record_interview";
        const auto request =
            command(id, version, name,
                    version == 1 ? Json{{"category", "economy"}, {"study_record", "示例"}} : visit(ground.clock),
                    version == 1 ? "ts1" : "dr-justice", "c" + std::to_string(at));
        const int status = in_a_process([&] {
            int seen = 0;
            std::string last;
            ground.open([&](std::string_view) {
                if (seen++ == at) ::_exit(died_at_point);
            });
            const bool fine = ground.execute(request).kind == Outcome::Kind::accepted;
            ground.close();
            return fine ? 0 : 2;
        });
        ASSERT_TRUE(status == 0 || status == died_at_point) << status;
        ground.open();
        const auto found = ground.events(id);
        EXPECT_TRUE(found == version || found == version + 1) << "point " << at;
        const auto outcome = ground.execute(request);
        EXPECT_EQ(outcome.kind, Outcome::Kind::accepted) << engine::to_json(outcome.refusal).dump();
        EXPECT_EQ(outcome.replayed, found == version + 1);
        EXPECT_EQ(ground.events(id), ++version) << "once";
        log[request.idempotency_key] = {request, 1, 0, 0, outcome};
        EXPECT_THAT(ground.verify(log), testing::IsEmpty());
        ground.close();
        if (status == 0) break;
    }
    EXPECT_GE(points, 8);
}

class KillTest : public testing::TestWithParam<std::string> {};

// The client's log comes through a pipe: commands that it names as accepted were acknowledged before the process ended.
TEST_P(KillTest, OfTheServerUnderLoad) {
    Ground ground(GetParam());
    simulation::Dice dice(dice_seed(4711));
    Listener listener;
    std::size_t acknowledged = 0;
    for (int cycle = 0; cycle < cycles(3); ++cycle) {
        int ends[2];
        ASSERT_EQ(::pipe(ends), 0);
        const pid_t pid = ::fork();
        if (pid == 0) {
            ::close(ends[0]);
            ground.open();
            auto load = ground.load(
                "p" + std::to_string(cycle) + '-',
                [&](const Json& said) { // lines arrive whole, because they are shorter than PIPE_BUF
                    const auto line = said.dump() + '\n';
                    if (::write(ends[1], line.data(), line.size()) < 0) ::_exit(3);
                },
                [] { return false; });
            load.run(6);
            ::_exit(0);
        }
        ::close(ends[1]);
        // Kills the process some time after it has begun to work.
        std::string heard;
        char buffer[65536];
        auto deadline = std::chrono::steady_clock::time_point::max();
        const auto life = std::chrono::milliseconds(dice.between(30, 350));
        for (;;) {
            const auto left =
                deadline == std::chrono::steady_clock::time_point::max()
                    ? 10'000
                    : std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now())
                          .count();
            pollfd waiting{ends[0], POLLIN, 0};
            if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) <= 0) break;
            const auto count = ::read(ends[0], buffer, sizeof buffer);
            if (count <= 0) break;
            heard.append(buffer, static_cast<std::size_t>(count));
            if (deadline == std::chrono::steady_clock::time_point::max())
                deadline = std::chrono::steady_clock::now() + life;
        }
        ::kill(pid, SIGKILL);
        int status = 0;
        ::waitpid(pid, &status, 0);
        EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself";
        for (ssize_t count; (count = ::read(ends[0], buffer, sizeof buffer)) > 0;)
            heard.append(buffer, static_cast<std::size_t>(count));
        ::close(ends[0]);

        std::istringstream lines(heard);
        for (std::string line; std::getline(lines, line);) listener.hear(Json::parse(line));
        ground.open();
        EXPECT_THAT(ground.verify([&] { // before requests are repeated: unanswered ones may be there once
            auto log = listener.log;
            for (auto& [key, asked] : log)
                if (asked.accepted + asked.denied == 0) asked.denied = asked.unknown = 1;
            return log;
        }()),
                    testing::IsEmpty());
        ask_again(ground, listener.log);
        EXPECT_THAT(ground.verify(listener.log), testing::IsEmpty());
        ground.close();
        for (const auto& [key, asked] : listener.log) acknowledged += asked.accepted > 0 ? 1 : 0;
    }
    EXPECT_GT(acknowledged, 10U);
}

INSTANTIATE_TEST_SUITE_P(Store, KillTest, testing::Values("sqlite", "mariadb"),
                         [](const auto& test) { return test.param; });

// Frozen, not dead: its connection lives, and with it the lock on the case.
TEST(FreezeTest, AServerThatFreezesInsideATransactionHoldsNobodyUpForLong) {
    Ground ground("mariadb");
    ground.open();
    const auto id = ground.execute(opening(world().villages.front(), "k0")).case_id;
    ground.close();
    const auto nominate = [&](const char* key) {
        return command(id, 1, "nominate", {{"category", "economy"}, {"study_record", "示例"}}, "ts1", key);
    };
    const pid_t frozen = ::fork();
    if (frozen == 0) {
        bool is_first = true;
        ground.open([&](std::string_view what) {
            if (what == "COMMIT" && std::exchange(is_first, false)) ::raise(SIGSTOP);
        });
        const auto outcome = ground.execute(nominate("frozen"));
        ::_exit(outcome.kind == Outcome::Kind::conflict ? 0 : 1);
    }
    int status = 0;
    ::waitpid(frozen, &status, WUNTRACED);
    ASSERT_TRUE(WIFSTOPPED(status));
    ground.open();
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(ground.execute(nominate("awake")).kind, Outcome::Kind::accepted);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
    ::kill(frozen, SIGCONT);
    ::waitpid(frozen, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "what it had begun was kept, or it did not end";
    EXPECT_EQ(ground.events(id), 2);
    EXPECT_THAT(ground.verify({}), testing::IsEmpty());
    ground.close();
}

TEST(KillTest, OfTheDatabaseServerUnderLoad) {
    test::MariaDbServer server;
    test::run_on_mariadb(server.url(""), "CREATE DATABASE killed");
    Ground ground(server.url("killed"), std::filesystem::temp_directory_path());
    simulation::Dice dice(dice_seed(815));
    for (int cycle = 0; cycle < cycles(1); ++cycle) {
        ground.open();
        Listener listener;
        std::atomic<bool> stop = false;
        std::mutex mutex; // guards accepted
        std::condition_variable changed;
        int accepted = 0;
        auto load = ground.load(
            "d" + std::to_string(cycle) + '-',
            [&](const Json& said) {
                listener.hear(said);
                if (!said.contains("accepted")) return;
                const std::lock_guard lock(mutex);
                ++accepted;
                changed.notify_all();
            },
            [&] { return stop.load(); });
        std::jthread running([&] { load.run(6); });
        const auto wait_for = [&](int more) {
            std::unique_lock lock(mutex);
            const auto goal = accepted + more;
            changed.wait_for(lock, std::chrono::seconds(30), [&] { return accepted >= goal; });
        };
        wait_for(static_cast<int>(dice.between(5, 60)));
        server.kill();
        server.start();
        wait_for(10); // the service recovers by itself
        stop = true;
        running.join();
        EXPECT_GT(accepted, 10);
        ask_again(ground, listener.log);
        EXPECT_THAT(ground.verify(listener.log), testing::IsEmpty());
        ground.close();
    }
}

} // namespace
} // namespace cunmai::faults
