// A backup of either database restores into either; a damaged one is refused before anything is written.
#include "tests/integration/db/fixture.hpp"

#include "db/kernel/database_impl.hpp"
#include "db/operations/backup.hpp"
#include "engine/fingerprint.hpp"

#include <fstream>
#include <sstream>

namespace cunmai::db::test {

class BackupTest : public DatabaseTest {
  protected:
    void fill() {
        import_places();
        const auto a = person("a"), b = person("b");
        grant(a, "town_supervisor", town(1));
        people.add_delegation({"d1", {a, b, "town_supervisor", clock.now(), clock.now().plus_seconds(9)}, "出差\n'\\"});
        people.add_interest({"i1", a, village(1, 1).code, "亲属", clock.now()});
        auto row = open_case("c1", village(1, 1), {{"nominate", "town_supervisor", "", {}, "2025-03-10"}});
        auto closed = a_case("c2", village(1, 2));
        closed.one_open_per_place = true;
        database.write([&](Transaction& tx) {
            tx.insert(closed); // open_slot is set here, NULL in c1
            tx.add_timers(row, {{"due", clock.now(), "remind"}});
            tx.set_involved(row, {{a, "responsible"}});
            tx.post(row, event_of(row, a, "open"), {"opened", {"town_officer"}, "", {a}, {}});
            tx.keep_reply(a, "key", row.id, {"hash", {{"version", 1}}});
            tx.box_put(row.id, "entry", a, "approve");
            tx.keep_refusal({row.id, "d", row.place.path, "x", "s", clock.now(), a, {}, Json::array(), ""});
        });
        Rules(database).set("committee", {{"quorum", {1, 2}}}, a, clock.now());
        std::string bytes;
        for (int i = 0; i < 300'000; ++i) bytes += static_cast<char>(i % 251);
        std::istringstream in(bytes);
        Documents(database).add(in, "x.bin", "application/octet-stream", a, clock.now(), 1'000'000);
        for (int i = 0; i < 450; ++i) // more than two pages
            AccessLog(database).add({clock.now(), a, "GET", "/r" + std::to_string(i), "", "", "", 200});
    }
    std::string text_of(const std::string& file) {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void put_text(const std::string& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }
};
ON_BOTH_DATABASES(BackupTest);

TEST_P(BackupTest, RestoresIntoEitherDatabaseRowForRow) {
    fill();
    const auto file = folder.file("first.backup");
    std::int64_t told = 0;
    const auto taken = backup(database, file, [&](std::int64_t done, std::int64_t total) {
        EXPECT_LE(done, total);
        told = done;
    });
    EXPECT_GT(told, 450);
    EXPECT_EQ(taken.rows.at("access_log"), 450);
    EXPECT_EQ(taken.rows.at("document_chunks"), 2);
    EXPECT_EQ(check_backup(file).sha256, taken.sha256);

    for (const std::string kind : {"sqlite", "mariadb"}) {
        auto other = open(new_url(kind));
        EXPECT_EQ(restore(other, file, {}).rows, taken.rows);
        const auto again = folder.file("again-" + kind);
        backup(other, again, {});
        EXPECT_EQ(text_of(again), text_of(file)) << kind; // the same rows, to the byte
        EXPECT_EQ(hash_of(Cases(other).events({"c1"}).at(0)), cases.events({"c1"}).at(0).hash);
        other.read([&](Transaction& tx) { EXPECT_TRUE(tx.box_tally({"c1"}, "entry", {}).empty()); });
        EXPECT_ANY_THROW(sql(other, "DELETE FROM case_events"));
        EXPECT_THROW(restore(other, file, {}), NotEmpty);
    }
}

// With the server's secret it would tell, long after closing, who voted how.
TEST_P(BackupTest, NoVoteIsInItAndNoneComesOutOfAnOlderOne) {
    fill();
    const auto file = folder.file("votes.backup"), older = folder.file("older.backup");
    backup(database, file, {});
    EXPECT_EQ(text_of(file).find("ballot_box"), std::string::npos);

    std::istringstream lines(text_of(file));
    std::string header, text, line;
    std::getline(lines, header);
    auto json = Json::parse(header);
    json["tables"]["ballot_box"] = 1;
    text = json.dump() + '\n';
    while (std::getline(lines, line) && !line.starts_with("{\"sha256\"")) text += line + '\n';
    text += R"({"columns":["case_id","box","person","sealed"],"table":"ballot_box"})"
            "\n"
            R"(["c1","entry","a","x"])"
            "\n";
    put_text(older, text + Json{{"sha256", engine::sha256_hex(text)}}.dump() + '\n');
    auto other = open(new_url(GetParam()));
    EXPECT_EQ(restore(other, older, {}).rows.at("cases"), 2);
    other.read([&](Transaction& tx) { EXPECT_TRUE(tx.box_tally({"c1"}, "entry", {}).empty()); });
}

TEST_P(BackupTest, AnyDamageIsFoundBeforeAnythingIsWritten) {
    fill();
    const auto file = folder.file("whole.backup"), bad = folder.file("bad.backup");
    backup(database, file, {});
    const auto whole = text_of(file);
    auto empty = open(new_url(GetParam()));
    const auto refuses = [&](const std::string& text, const std::string& what) {
        put_text(bad, text);
        EXPECT_THROW(check_backup(bad), DamagedBackup) << what;
        EXPECT_THROW(restore(empty, bad, {}), DamagedBackup) << what;
    };
    refuses("", "empty");
    refuses("{}\n", "another file");
    for (const std::size_t at : {std::size_t{5}, whole.size() / 3, whole.size() / 2, whole.size() - 20}) {
        auto changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        refuses(changed, "a changed byte at " + std::to_string(at));
        refuses(whole.substr(0, at), "cut off at " + std::to_string(at));
    }
    refuses(whole.substr(0, whole.size() - 1), "without its last byte");
    refuses(whole + "\n", "with something after it");
    const auto line = whole.find('\n', whole.size() / 2);
    refuses(whole.substr(0, line) + whole.substr(whole.find('\n', line + 1)), "a line less");
    EXPECT_THROW(check_backup(folder.file("missing")), DamagedBackup);

    migrate(empty);
    EXPECT_EQ(restore(empty, file, {}).rows.at("cases"), 2); // still empty, so the whole one goes in
}

TEST_P(BackupTest, IsOneMomentWhileOthersWrite) {
    fill();
    const auto file = folder.file("busy.backup");
    bool wrote = false;
    backup(database, file, [&](std::int64_t, std::int64_t) {
        if (!std::exchange(wrote, true)) open_case("later", village(2, 1)); // while the backup is being taken
    });
    EXPECT_TRUE(wrote);
    EXPECT_EQ(check_backup(file).rows.at("cases"), 2);
    EXPECT_EQ(check_backup(file).rows.at("case_events"), 1);
    EXPECT_TRUE(cases.row({"later"}));
}

TEST_P(BackupTest, AFolderThatIsNotThereIsSaidSo) {
    EXPECT_THROW(backup(database, folder.file("no/such/file"), {}), std::runtime_error);
}

} // namespace cunmai::db::test
