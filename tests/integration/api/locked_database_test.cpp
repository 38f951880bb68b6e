// A database that another program has locked, or whose file is gone: a clear 503 that says when to come back, nothing
// written, and the server goes on by itself.
#include "tests/integration/api/district.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace cunmai::test {
namespace {

class OtherProgram { // the sqlite3 of the system, in the middle of a transaction
  public:
    explicit OtherProgram(const std::string& url) {
        auto file = url.substr(std::string("sqlite:").size());
        int to[2], from[2];
        if (::pipe(to) != 0 || ::pipe(from) != 0) throw std::runtime_error("no pipe");
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, to[0], 0);
        posix_spawn_file_actions_adddup2(&actions, from[1], 1);
        for (const int end : {to[0], to[1], from[0], from[1]}) posix_spawn_file_actions_addclose(&actions, end);
        std::string name = "sqlite3", batch = "-batch", bail = "-bail";
        char* arguments[] = {name.data(), batch.data(), bail.data(), file.data(), nullptr};
        const int failed = ::posix_spawnp(&pid_, "sqlite3", &actions, nullptr, arguments, environ);
        posix_spawn_file_actions_destroy(&actions);
        ::close(to[0]);
        ::close(from[1]);
        input_ = to[1];
        if (failed != 0) throw std::runtime_error("sqlite3 is not installed");
        const std::string lock = ".timeout 10000\nBEGIN IMMEDIATE;\nSELECT 'it is mine';\n";
        if (::write(input_, lock.data(), lock.size()) < 0) throw std::runtime_error("sqlite3 does not listen");
        std::string said;
        for (char byte = 0; byte != '\n' && ::read(from[0], &byte, 1) == 1;) said += byte;
        ::close(from[0]);
        EXPECT_EQ(said, "it is mine\n");
    }
    ~OtherProgram() {
        ::close(input_);
        int status = 0;
        ::waitpid(pid_, &status, 0);
    }
    OtherProgram(const OtherProgram&) = delete;
    OtherProgram& operator=(const OtherProgram&) = delete;

  private:
    pid_t pid_ = -1;
    int input_ = -1;
};

TEST(LockedDatabase, AnswersThatItIsBusyAndGoesOn) {
    const auto id = case_in("department_review", village_a);
    District::the().token("panel");
    const auto key = fresh_key();
    {
        const OtherProgram other(District::the().app().config.database);
        const auto answer = as("panel").give_at(3, id, "return_to_town", {{"reason", "示例"}}, key);
        EXPECT_EQ(answer.status, 503) << answer.body;
        EXPECT_EQ(answer.code(), "store_unavailable");
        EXPECT_FALSE(answer.json().at("outcome_unknown"));
        EXPECT_FALSE(answer.header("Retry-After").empty());
        EXPECT_EQ(answer.body.find("sqlite"), std::string::npos) << answer.body;
    }
    EXPECT_EQ(as("auditor").get("/cases/" + id).json().at("version"), 3);
    const auto again = as("panel").give_at(3, id, "return_to_town", {{"reason", "示例"}}, key);
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_FALSE(again.json().at("replayed"));
}

TEST(GoneDatabase, IsNotWrittenToAndTheServerGoesOnWhenItIsBack) {
    District district;
    const auto id = case_in("department_review", village_a);
    district.token("panel");
    district.token("auditor");
    const auto file = district.app().config.database.substr(std::string("sqlite:").size());
    const auto key = fresh_key();
    std::filesystem::rename(file, file + "-elsewhere");
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto answer = as("panel").give_at(3, id, "return_to_town", {{"reason", "示例"}}, key);
        EXPECT_EQ(answer.status, 503) << answer.body;
        EXPECT_EQ(answer.code(), "store_unavailable");
        EXPECT_FALSE(answer.json().at("outcome_unknown"));
        EXPECT_FALSE(answer.header("Retry-After").empty());
        EXPECT_EQ(answer.body.find("sqlite"), std::string::npos) << answer.body;
        EXPECT_EQ(answer.body.find(file), std::string::npos) << answer.body;
    }
    EXPECT_EQ(as("auditor").get("/cases/" + id).status, 503);
    HttpClient watcher(district.port());
    EXPECT_EQ(watcher.send({"GET", "/healthz", "", {}}).status, 200);
    EXPECT_EQ(watcher.send({"GET", "/readyz", "", {}}).status, 503);
    EXPECT_FALSE(std::filesystem::exists(file));

    std::filesystem::rename(file + "-elsewhere", file);
    EXPECT_EQ(as("auditor").get("/cases/" + id).json().at("version"), 3);
    const auto again = as("panel").give_at(3, id, "return_to_town", {{"reason", "示例"}}, key);
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_FALSE(again.json().at("replayed"));
}

} // namespace
} // namespace cunmai::test
