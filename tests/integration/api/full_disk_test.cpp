// A full disk: commands, uploads and even reading (an access that can't be logged is refused) answer 503, nothing is
// half-written, and the server goes on when there is room again. While this process has a file size limit of zero,
// every write fails as on a full disk; that works with and without root.
#include "tests/integration/api/district.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

namespace cunmai::test {
namespace {

class FullDisk {
  public:
    FullDisk() {
        std::signal(SIGXFSZ, SIG_IGN); // as in `cunmai serve`: the write fails instead of ending the program
        ::getrlimit(RLIMIT_FSIZE, &before_);
        auto nothing = before_;
        nothing.rlim_cur = 0;
        EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &nothing), 0);
    }
    ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

  private:
    rlimit before_{};
};

void expect_unavailable(const Answer& answer) {
    EXPECT_EQ(answer.status, 503) << answer.body;
    EXPECT_EQ(answer.code(), "store_unavailable") << answer.body;
    EXPECT_FALSE(answer.header("Retry-After").empty());
    EXPECT_EQ(answer.body.find("sqlite"), std::string::npos) << answer.body;
}

std::string integrity(const std::string& url) {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open(url.substr(std::string("sqlite:").size()).c_str(), &database), SQLITE_OK);
    std::string said;
    sqlite3_exec(
        database, "PRAGMA integrity_check",
        [](void* to, int, char** columns, char**) { return static_cast<std::string*>(to)->append(columns[0]), 0; },
        &said, nullptr);
    sqlite3_close(database);
    return said;
}

TEST(FullDisk, NothingIsHalfWrittenAndTheServerGoesOn) {
    const auto id = case_in("department_review", village_a);
    District::the().token("panel");
    District::the().token("auditor");
    const auto before = as("auditor").get("/cases/" + id + "/history").json();
    const auto key = fresh_key();
    const Json reason{{"reason", "示例"}};
    {
        const FullDisk full;
        for (int attempt = 0; attempt < 3; ++attempt)
            expect_unavailable(as("panel").give_at(3, id, "return_to_town", reason, key));
        expect_unavailable(as("panel").raw("POST", "/attachments?name=a.pdf", some_pdf("too much"),
                                           {{"Content-Type", "application/pdf"}}));
        expect_unavailable(as("auditor").get("/cases/" + id));
        HttpClient watcher(District::the().port());
        EXPECT_EQ(watcher.send({"GET", "/healthz", "", {}}).status, 200);
    }
    EXPECT_EQ(as("auditor").get("/cases/" + id + "/history").json(), before);
    const auto again = as("panel").give_at(3, id, "return_to_town", reason, key);
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_FALSE(again.json().at("replayed"));
    EXPECT_EQ(again.json().at("version"), 4);
    EXPECT_FALSE(as("panel").upload("a.pdf", "application/pdf", some_pdf("fits again")).empty());
    EXPECT_EQ(integrity(District::the().app().config.database), "ok");
}

// The same with a real disk that is really full, where mounting one is allowed.
class SmallDisk {
  public:
    SmallDisk() {
        std::string name = "/tmp/cunmai-disk-XXXXXX";
        if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        path = name;
        mounted = ::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=32m") == 0;
    }
    ~SmallDisk() {
        if (mounted) ::umount2(path.c_str(), MNT_DETACH);
        ::rmdir(path.c_str());
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    void fill() const {
        std::ofstream filler(path + "/filler", std::ios::binary);
        const std::string page(4096, 'x');
        while (filler << page << std::flush) {}
    }
    void make_room() const { std::filesystem::remove(path + "/filler"); }

    std::string path;
    bool mounted = false;
};

TEST(FullDisk, ARealOneToo) {
    const SmallDisk disk;
    if (!disk.mounted) {
        std::cout << "not run: this user may not mount a file system; the limit on file sizes above stands for it\n";
        return;
    }
    const District district("", disk.path + "/data");
    const auto id = case_in("department_review", village_a);
    District::the().token("panel");
    District::the().token("auditor");
    const auto before = as("auditor").get("/cases/" + id + "/history").json();
    const auto key = fresh_key();
    const Json reason{{"reason", "示例"}};
    disk.fill();
    // What is free inside the database's own files is used up first.
    int looks = 0;
    while (looks < 20'000 && as("auditor").get("/me").status == 200) ++looks;
    expect_unavailable(as("auditor").get("/me"));
    for (int attempt = 0; attempt < 3; ++attempt)
        expect_unavailable(as("panel").give_at(3, id, "return_to_town", reason, key));
    expect_unavailable(as("panel").raw("POST", "/attachments?name=a.pdf", some_pdf("too much"),
                                       {{"Content-Type", "application/pdf"}}));
    HttpClient watcher(district.port());
    EXPECT_EQ(watcher.send({"GET", "/healthz", "", {}}).status, 200);
    EXPECT_EQ(watcher.send({"GET", "/readyz", "", {}}).status, 503);

    disk.make_room();
    EXPECT_EQ(as("auditor").get("/cases/" + id + "/history").json(), before);
    const auto again = as("panel").give_at(3, id, "return_to_town", reason, key);
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_FALSE(again.json().at("replayed"));
    EXPECT_EQ(integrity(district.app().config.database), "ok");
}

} // namespace
} // namespace cunmai::test
