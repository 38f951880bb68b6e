// The disk is full, or can only be read: clear faults, nothing damaged, and it goes on by itself when there is room.
#include "tests/faults/ground.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cunmai::faults {
namespace {

using simulation::world;

// In a process of its own: limits and mounts end with it. True when `work` found everything right.
bool alone(const std::function<bool()>& work) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        bool fine = false;
        try {
            fine = work();
        } catch (const std::exception& error) { std::fprintf(stderr, "alone: %s\n", error.what()); }
        ::_exit(fine && !testing::Test::HasFailure() ? 0 : 1);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

struct Tried {
    int accepted = 0, faults = 0;
};

// Commands one after another, until `enough`; each is remembered.
Tried try_commands(Ground& ground, const CaseId& id, ClientLog& log, const std::string& prefix, int count) {
    Tried tried;
    for (int i = 0; i < count; ++i) {
        const auto key = prefix + std::to_string(i);
        auto payload = visit(ground.clock);
        payload["findings"] = std::string(3000, 'x');
        const auto request =
            command(id, ground.backend().row(id)->version, "record_interview", payload, "dr-justice", key);
        try {
            const auto outcome = ground.execute(request);
            EXPECT_EQ(outcome.kind, Outcome::Kind::accepted);
            log[key] = {request, 1, 0, 0, outcome};
            ++tried.accepted;
        } catch (const engine::StoreUnavailable&) {
            log[key].request = request;
            if (++tried.faults == 3) break;
        }
    }
    return tried;
}

CaseId a_case_in_review(Ground& ground, ClientLog& log) {
    const auto request = opening(world().villages.front(), "d1");
    const auto opened = ground.execute(request);
    log["d1"] = {request, 1, 0, 0, opened};
    ground.execute(
        command(opened.case_id, 1, "nominate", {{"category", "economy"}, {"study_record", "示例"}}, "ts1", "d2"));
    return opened.case_id;
}

TEST(DiskTest, AFullDiskTakesNothingAndThenGoesOn) {
    EXPECT_TRUE(alone([] {
        ::signal(SIGXFSZ, SIG_IGN); // a write beyond the limit is an error, as on a full disk
        Ground ground("sqlite");
        ground.open();
        ClientLog log;
        const auto id = a_case_in_review(ground, log);
        const auto used = std::filesystem::file_size(ground.folder() + "/cunmai.db-wal") +
                          std::filesystem::file_size(ground.folder() + "/cunmai.db");
        rlimit full{used + 200'000, RLIM_INFINITY};
        ::setrlimit(RLIMIT_FSIZE, &full);
        const auto tried = try_commands(ground, id, log, "full", 2000);
        EXPECT_EQ(tried.faults, 3) << "the disk never filled up; accepted " << tried.accepted;
        EXPECT_TRUE(ground.backend().row(id)) << "reading goes on";
        rlimit room{RLIM_INFINITY, RLIM_INFINITY};
        ::setrlimit(RLIMIT_FSIZE, &room);
        EXPECT_EQ(try_commands(ground, id, log, "room", 3).accepted, 3);
        ask_again(ground, log);
        EXPECT_THAT(ground.verify(log), testing::IsEmpty());
        ground.close();
        return true;
    }));
}

TEST(DiskTest, ADiskThatCanOnlyBeReadTakesNothingAndThenGoesOn) {
    const bool can_mount =
        alone([] { return ::unshare(CLONE_NEWNS) == 0 || ::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0; });
    if (!can_mount) GTEST_SKIP() << "this machine allows no mounts, so no disk can be made read-only";
    EXPECT_TRUE(alone([] {
        if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
        ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
        std::string folder = "/var/tmp/cunmai-disk-XXXXXX";
        if (!::mkdtemp(folder.data())) return false;
        if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=64m") != 0) return false;
        ClientLog log;
        {
            Ground ground("sqlite:" + folder + "/cunmai.db", folder);
            ground.open();
            const auto id = a_case_in_review(ground, log);
            // Nothing of ours may be open for writing when a mount is made read-only.
            ground.close();
            EXPECT_EQ(::mount(nullptr, folder.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr), 0);
            ground.open();
            const auto request = command(id, 2, "record_interview", visit(ground.clock), "dr-justice", "ro");
            log["ro"].request = request;
            EXPECT_THROW(ground.execute(request), engine::StoreUnavailable);
            EXPECT_EQ(::mount(nullptr, folder.c_str(), nullptr, MS_REMOUNT, nullptr), 0);
            EXPECT_EQ(try_commands(ground, id, log, "rw", 3).accepted, 3);
            ask_again(ground, log);
            EXPECT_THAT(ground.verify(log), testing::IsEmpty());
            ground.close();
        }
        ::umount2(folder.c_str(), MNT_DETACH);
        ::rmdir(folder.c_str());
        return true;
    }));
}

} // namespace
} // namespace cunmai::faults
