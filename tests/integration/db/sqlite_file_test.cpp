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

// A statement that must be undone, or may have to be, keeps what it overwrites: however much that is.
TEST(SqliteFile, MuchCanBeUndone) {
    const auto folder = std::filesystem::temp_directory_path() / ("cunmai-undo-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    TestClock clock;
    {
        Database store({"sqlite:" + (folder / "cunmai.db").string(), secret}, clock);
        const auto sum = [&] {
            return store.impl().reading<std::int64_t>([](Connection& connection) {
                std::int64_t value = 0;
                connection.first_text("SELECT SUM(n) FROM large", {}, {value});
                return value;
            });
        };
        store.impl().write([](Connection& connection) {
            connection.run_text("CREATE TABLE large (n INTEGER, bytes BLOB)");
            connection.run_text("WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < "
                                "6000) INSERT INTO large SELECT n, RANDOMBLOB(4000) FROM numbers");
        });
        const auto before = sum();
        store.impl().write([](Connection& connection) {
            connection.run_text("SAVEPOINT here");
            connection.run_text("UPDATE large SET n = n + 1, bytes = RANDOMBLOB(4000)");
            connection.run_text("ROLLBACK TO SAVEPOINT here");
        });
        EXPECT_EQ(sum(), before);
    }
    std::filesystem::remove_all(folder);
}

} // namespace cunmai::db::test
