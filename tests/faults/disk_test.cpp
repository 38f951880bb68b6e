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
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cunmai::faults {
namespace {

using simulation::world;

// Runs in a process of its own, with which limits and mounts end. Returns whether `work` found everything right.
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

// A disk that is remounted read-only; where mounts are not allowed, a folder and files that a user without privileges
// may only read.
class Disk {
  public:
    Disk() {
        std::string pattern = "/var/tmp/cunmai-disk-XXXXXX";
        if (!::mkdtemp(pattern.data())) throw std::runtime_error("no folder for the test");
        folder = pattern;
        const bool own_mounts =
            ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
        mounted_ = own_mounts && ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=64m") == 0;
        constexpr uid_t nobody = 65534;
        if (!mounted_ && ::geteuid() == 0 && (::chown(folder.c_str(), nobody, nobody) != 0 || ::setuid(nobody) != 0))
            throw std::runtime_error("can't become somebody without privileges");
    }
    ~Disk() {
        if (mounted_) ::umount2(folder.c_str(), MNT_DETACH);
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    // REQUIRES: no file on it is open for writing.
    void only_reading(bool only) const {
        if (mounted_) {
            if (::mount(nullptr, folder.c_str(), nullptr, MS_REMOUNT | (only ? MS_RDONLY : 0), nullptr) != 0)
                throw std::runtime_error("can't mount the disk anew");
            return;
        }
        if (!only) ::chmod(folder.c_str(), 0700);
        for (const auto& entry : std::filesystem::directory_iterator(folder))
            ::chmod(entry.path().c_str(), only ? 0400 : 0600);
        if (only) ::chmod(folder.c_str(), 0500);
    }
    std::string folder;

  private:
    bool mounted_ = false;
};

TEST(DiskTest, ADiskThatCanOnlyBeReadTakesNothingAndThenGoesOn) {
    EXPECT_TRUE(alone([] {
        const Disk disk;
        ClientLog log;
        Ground ground("sqlite:" + disk.folder + "/cunmai.db", disk.folder);
        ground.open();
        const auto id = a_case_in_review(ground, log);
        ground.close();
        disk.only_reading(true);
        ground.open();
        const auto request = command(id, 2, "record_interview", visit(ground.clock), "dr-justice", "ro");
        log["ro"].request = request;
        EXPECT_THROW(ground.execute(request), engine::StoreUnavailable);
        disk.only_reading(false);
        EXPECT_EQ(try_commands(ground, id, log, "rw", 3).accepted, 3);
        ask_again(ground, log);
        EXPECT_THAT(ground.verify(log), testing::IsEmpty());
        ground.close();
        return true;
    }));
}

} // namespace
} // namespace cunmai::faults
