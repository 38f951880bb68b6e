// A database file that two programs use at the same time.
#include "tests/integration/db/fixture.hpp"

#include "db/kernel/database_impl.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
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

// The server's secret opens sealed votes: of a closed ballot the files hold none, nor does the log.
TEST(SqliteFile, HoldsNoVoteOfABoxThatWasEmptied) {
    const auto folder = std::filesystem::temp_directory_path() / ("cunmai-votes-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    const auto file = (folder / "cunmai.db").string();
    TestClock clock;
    {
        Database store({"sqlite:" + file, secret}, clock);
        migrate(store);
        std::vector<std::string> sealed;
        const auto vote = [&](const char* person, const char* choice) {
            store.write([&](Transaction& tx) { tx.box_put({"c1"}, "entry", {person}, choice); });
            for (const auto& text : store.impl().reading<std::vector<std::string>>([](Connection& connection) {
                     return connection.all_text<std::string>("SELECT sealed FROM ballot_box", {},
                                                             [](auto& one) { return Outs{one}; });
                 }))
                sealed.push_back(text);
        };
        const auto found = [&] {
            std::string bytes;
            for (const auto* part : {"", "-wal"}) {
                std::ifstream stream(file + part, std::ios::binary);
                bytes.append(std::istreambuf_iterator<char>(stream), {});
            }
            return std::count_if(sealed.begin(), sealed.end(),
                                 [&](const auto& text) { return bytes.find(text) != std::string::npos; });
        };
        vote("a", "approve");
        vote("b", "reject");
        vote("b", "abstain"); // changed
        EXPECT_GT(found(), 0);
        store.impl().read([&](Connection& reader) { // from the log, which can't be cut meanwhile
            std::int64_t count = 0;
            reader.first_text("SELECT COUNT(*) FROM ballot_box", {}, {count});
            store.write([](Transaction& tx) { tx.box_empty({"c1"}, "entry"); });
        });
        put(store, "the next commit");
        EXPECT_EQ(found(), 0);
        vote("c", "approve");
        store.write([](Transaction& tx) { tx.box_remove({"c1"}, "entry", {"c"}); });
        EXPECT_EQ(found(), 0);
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
