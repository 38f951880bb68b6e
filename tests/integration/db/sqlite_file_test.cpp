// A database file that two programs use at the same time.
#include "tests/integration/db/fixture.hpp"

#include "db/database_impl.hpp"

#include <array>
#include <cstdio>
#include <filesystem>
#include <unistd.h>

namespace cunmai::db::test {

namespace {

void put(Database& store, const std::string& key) {
    store.impl().write([&](Connection& c) { c.run("service.put_setting", {{"setting_key", key}, {"value", "1"}}); });
}

std::string answer_of(const std::string& command) {
    std::string text;
    std::array<char, 256> piece{};
    auto* pipe = ::popen(command.c_str(), "r");
    while (pipe && std::fgets(piece.data(), piece.size(), pipe)) text += piece.data();
    EXPECT_EQ(pipe ? ::pclose(pipe) : -1, 0) << command;
    return text;
}

} // namespace

TEST(SqliteFile, AnotherProgramThatComesAndGoesTakesNothingAway) {
    const auto folder = std::filesystem::temp_directory_path() / ("cunmai-file-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    const auto file = (folder / "cunmai.db").string();
    TestClock clock;
    {
        Database store({"sqlite:" + file, secret}, clock);
        migrate(store);
        put(store, "before");
        store.impl().read([](Connection&) {}); // a second connection
        const auto look = "sqlite3 '" + file + "' \"SELECT COUNT(*) FROM settings WHERE setting_key IN ";
        EXPECT_EQ(answer_of(look + "('before')\""), "1\n");
        EXPECT_TRUE(std::filesystem::exists(file + "-wal")) << "the other program deleted the log that is in use";
        put(store, "after");
        EXPECT_EQ(answer_of(look + "('before', 'after')\""), "2\n");
    }
    std::filesystem::remove_all(folder);
}

} // namespace cunmai::db::test
