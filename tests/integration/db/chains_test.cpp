// Chains of hashes beside the cases: refused commands by place, and administration with every row before and after its
// change, on both databases; what was there before them is taken over by migrating and by restoring.
#include "tests/integration/db/fixture.hpp"

#include "db/kernel/administration_chain.hpp"
#include "db/kernel/database_impl.hpp"
#include "db/operations/backup.hpp"
#include "db/operations/migrations.hpp"
#include "db/operations/tables_check.hpp"
#include "engine/digest.hpp"

#include <fstream>
#include <thread>

namespace cunmai::db::test {

namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Chains : public DatabaseTest {
  protected:
    void refuse(Database& on, const Place& place, const std::string& command) {
        on.write([&](Transaction& tx) { refuse(tx, place, command); });
    }
    void refuse(Transaction& tx, const Place& place, const std::string& command) {
        tx.keep_refusal({{}, "d", place.path, command, "s", clock.now(), {"a"}, {}, Json::array({command}), "r"});
    }
    void do_everything() {
        import_places();
        const auto a = person("a"), b = person("b");
        grant(a, "town_supervisor", town(1));
        people.add_delegation({"d1", {a, b, "town_supervisor", clock.now(), clock.now().plus_seconds(9)}, "出差\n'\\"});
        people.add_interest({"i1", a, village(1, 1).code, "亲属", clock.now()});
        Rules(database).set("committee", {{"quorum", {1, 2}}}, a, clock.now());
        refuse(database, town(1), "x");
        refuse(database, town(1), "y");
        refuse(database, town(2), "z");
    }
    std::vector<AdminEvent> log() { return AdminLog(database).list(100); }
    std::string changes_of_the_newest() {
        std::string text;
        database.impl().read([&](Connection& connection) {
            connection.first_text("SELECT changes FROM admin_log ORDER BY chain_seq DESC LIMIT 1", {}, {text});
        });
        return text;
    }
    void expect_whole(Database& on) {
        EXPECT_THAT(check_refusals(on).wrong, IsEmpty());
        for (const auto& wrong : check_administration(on).wrong)
            ADD_FAILURE() << wrong.kind << ' ' << wrong.name << ' ' << wrong.what;
    }
    // As migration 0013 left them.
    void forget_chains() {
        for (const std::string trigger : {"refusals_no_update", "admin_log_no_update"}) sql("DROP TRIGGER " + trigger);
        sql("DROP TABLE chains");
        if (database.is_sqlite()) {
            sql("DROP INDEX refusals_by_chain");
            sql("DROP INDEX admin_log_by_chain");
        } else {
            sql("ALTER TABLE refusals DROP KEY refusals_by_chain");
            sql("ALTER TABLE admin_log DROP KEY admin_log_by_chain");
        }
        for (const std::string column :
             {"refusals DROP COLUMN chain_seq", "refusals DROP COLUMN hash", "admin_log DROP COLUMN changes",
              "admin_log DROP COLUMN chain_seq", "admin_log DROP COLUMN hash"})
            sql("ALTER TABLE " + column);
        sql("DELETE FROM schema_migrations WHERE number IN (14, 15)");
    }
};
ON_BOTH_DATABASES(Chains);

TEST_P(Chains, RefusalsOfAPlaceAreOneChainHoweverTheyAreWritten) {
    refuse(database, town(1), "first");
    database.write([&](Transaction& tx) { // in one transaction
        for (const auto* command : {"a", "b", "c"}) refuse(tx, town(1), command);
        refuse(tx, town(2), "d");
        refuse(tx, town(1), "e");
    });
    auto other = open(url);
    std::vector<std::jthread> threads; // at the same moment, through two servers
    for (int thread = 0; thread < 4; ++thread)
        threads.emplace_back([&, thread] {
            for (int i = 0; i < 10; ++i) refuse(thread % 2 ? other : database, town(1 + i % 2), std::to_string(i));
        });
    threads.clear();
    const auto checked = check_refusals(database);
    EXPECT_THAT(checked.wrong, IsEmpty());
    EXPECT_EQ(checked.chained, 46);
    EXPECT_EQ(checked.before_the_chain, 0);
}

// A command that was undone within a batch leaves no gap.
TEST_P(Chains, ARefusalThatIsRolledBackIsNotInTheChain) {
    refuse(database, town(1), "first");
    EXPECT_ANY_THROW(database.write([&](Transaction& tx) {
        refuse(tx, town(1), "undone");
        throw std::runtime_error("changed its mind");
    }));
    refuse(database, town(1), "second");
    EXPECT_EQ(check_refusals(database).chained, 2);
    EXPECT_THAT(check_refusals(database).wrong, IsEmpty());
}

TEST_P(Chains, EveryChangeIsOneEventWithTheRowBeforeAndAfter) {
    import_places();
    EXPECT_EQ(log().front().what, "register_imported");
    clock.forward(1); // the log is in the order of time
    const auto id = person("a");
    EXPECT_EQ(log().front().what, "person_added");
    auto row = *people.find(id);
    row.name = "示例新名";
    clock.forward(1);
    people.update(row, {}, nullptr, {{"root"}, "person_changed", {{"person", id}}});
    EXPECT_EQ(log().front().by.text, "root");
    const auto changes = Json::parse(changes_of_the_newest());
    ASSERT_THAT(changes, SizeIs(1));
    EXPECT_EQ(changes[0]["before"]["name"], "示例a");
    EXPECT_EQ(changes[0]["after"]["name"], "示例新名");
    EXPECT_FALSE(changes[0]["after"].contains("password_hash"));

    people.set_password(id, "$argon2id$a hash", true);
    EXPECT_THAT(changes_of_the_newest(), testing::Not(HasSubstr("argon2id")));
    people.add_grant({"g1", id, "town_officer", "", town(1).code, town(1).path, "", clock.now(), {"root"}}, {}, {},
                     People::Password::must_be_changed);
    people.remove_grant("g1", clock.now());
    EXPECT_THAT(names_of(log(), [](const auto& event) { return event.what; }),
                testing::UnorderedElementsAre("register_imported", "person_added", "person_changed", "password_set",
                                              "grant_added", "grant_removed"));
    expect_whole(database);
}

TEST_P(Chains, WhatWasNotDoneLeavesNoEvent) {
    const auto a = person("a"), b = person("b");
    const auto before = check_administration(database).events;
    Person same;
    same.id = {"p-other"};
    same.login = "a";
    EXPECT_THROW(people.add(same), AlreadyThere);
    const auto state = people.state();
    grant(a, "town_officer", town(1));
    auto row = *people.find(b);
    row.name = "x";
    EXPECT_THROW(people.update(row, state), Overtaken);
    people.update(*people.find(b));                      // as it is
    EXPECT_FALSE(people.set_password(b, "x", false, 7)); // not the password's number
    people.remove_grant("no such grant", clock.now());
    EXPECT_EQ(check_administration(database).events, before + 1);
    expect_whole(database);
}

TEST_P(Chains, ManyAdministratorsAtOnceWriteOneChain) {
    import_places();
    auto other = open(url);
    People theirs(other);
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread)
        threads.emplace_back([&, thread] {
            for (int i = 0; i < 5; ++i) {
                Person row;
                row.login = "p" + std::to_string(thread) + std::to_string(i);
                row.id = {row.login};
                (thread % 2 ? theirs : people).add(row);
            }
        });
    threads.clear();
    EXPECT_EQ(check_administration(database).events, 21);
    expect_whole(database);
}

TEST_P(Chains, EveryColumnOfTheSixTablesIsInIt) {
    for (const auto& table : administered_tables()) {
        std::set<std::string> known;
        for (const auto& column : table.columns) known.insert(column.name);
        if (table.name == "people") known.insert("password_hash"); // on purpose
        const auto columns = database.impl().reading<std::vector<std::string>>([&](Connection& connection) {
            return connection.all<std::string>("columns_of_names", {{"table_name", table.name}},
                                               [](std::string& name) { return Outs{name}; });
        });
        EXPECT_EQ(known, std::set<std::string>(columns.begin(), columns.end())) << table.name;
    }
}

TEST_P(Chains, WhatWasThereBeforeIsTakenOverByMigrating) {
    do_everything();
    const auto logged = static_cast<std::int64_t>(log().size());
    forget_chains();
    migrate(database);
    expect_whole(database);
    EXPECT_EQ(check_refusals(database).before_the_chain, 3);
    EXPECT_EQ(check_administration(database).before_the_chain, logged);
    EXPECT_THAT(wrong_triggers(database), SizeIs(2)) << "those that this test dropped";
    EXPECT_THAT(names_of(log(), [](const auto& event) { return event.what; }), testing::Contains("taken_over"));

    refuse(database, town(1), "later"); // goes on from there
    people.end_interest("i1", clock.now());
    migrate(database);
    expect_whole(database);
    EXPECT_EQ(check_refusals(database).chained, 1);

    sql("UPDATE refusals SET actor = 'x' WHERE chain_seq = 0 AND command = 'x'");
    EXPECT_THAT(check_refusals(database).wrong, SizeIs(1)) << "before the chain, in a place that has one";
    sql("UPDATE refusals SET actor = 'a' WHERE chain_seq = 0");
    sql("UPDATE refusals SET actor = 'x' WHERE chain_seq = 0 AND command = 'z'");
    EXPECT_THAT(check_refusals(database).wrong, SizeIs(1)) << "in a place where nothing was refused since";
    sql("UPDATE admin_log SET what = 'nothing' WHERE chain_seq = 0");
    EXPECT_THAT(check_administration(database).wrong, ElementsAre(Field(&Wrong::what, HasSubstr("before the chain"))));
}

// A backup of version 13: without the table and the columns that came later.
std::string older(const std::string& text) {
    std::istringstream lines(text);
    std::string result, line, table;
    while (std::getline(lines, line)) {
        auto json = Json::parse(line);
        if (json.is_object() && json.contains("sha256")) break;
        if (json.is_object() && json.contains("format")) {
            json["schema"] = 13;
            json["tables"].erase("chains");
        }
        if (json.is_object() && json.contains("table")) table = json["table"];
        if (table == "chains") continue;
        auto& row = json.is_array() ? json : json["columns"];
        const int added = table == "refusals" ? 2 : table == "admin_log" ? 3 : 0;
        for (int i = 0; i < added; ++i) row.erase(row.size() - 1);
        if (json.is_object() && json.contains("format")) json.erase("columns");
        result += json.dump() + '\n';
    }
    return result + Json{{"sha256", sha256_hex(result)}}.dump() + '\n';
}

TEST_P(Chains, WhatWasThereBeforeIsTakenOverByRestoring) {
    do_everything();
    const auto file = folder.file("now.backup"), former = folder.file("former.backup");
    backup(database, file, {});
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    std::ofstream(former) << older(text.str());

    auto same = open(new_url(GetParam())), from_former = open(new_url(GetParam()));
    restore(same, file, {});
    expect_whole(same);
    EXPECT_EQ(check_administration(same).before_the_chain, 0);
    restore(from_former, former, {});
    expect_whole(from_former);
    EXPECT_EQ(check_refusals(from_former).before_the_chain, 3);
    EXPECT_GT(check_administration(from_former).before_the_chain, 0);
    for (auto* restored : {&same, &from_former}) {
        EXPECT_THAT(wrong_triggers(*restored), IsEmpty());
        EXPECT_THAT(wrong_migrations(*restored), IsEmpty());
        EXPECT_THAT(wrong_counts(*restored), IsEmpty());
        EXPECT_THAT(wrong_documents(*restored), IsEmpty());
    }
}

TEST_P(Chains, TriggersThatAreMissingChangedOrForeignAreNamed) {
    const std::string end = database.is_sqlite() ? " BEGIN SELECT 1; END" : " FOR EACH ROW SET @x = 1";
    EXPECT_THAT(wrong_triggers(database), IsEmpty());
    sql("DROP TRIGGER case_events_no_update");
    EXPECT_THAT(wrong_triggers(database), ElementsAre(Field(&Wrong::name, "case_events_no_update")));
    sql("CREATE TRIGGER case_events_no_update BEFORE UPDATE ON case_events" + end);
    EXPECT_THAT(wrong_triggers(database), ElementsAre(Field(&Wrong::what, HasSubstr("something else"))));
    sql("CREATE TRIGGER quiet BEFORE INSERT ON case_events" + end);
    EXPECT_THAT(wrong_triggers(database), SizeIs(2));
}

TEST_P(Chains, CountsAndPartsThatDoNotFitAreNamed) {
    import_places();
    const auto a = person("a");
    open_case("c1", village(1, 1), {{"nominate", "town_supervisor", "", {}, "2025-03-10"}});
    std::istringstream content("a document");
    const auto document = Documents(database).add(content, "a.txt", "text/plain", a, clock.now(), 100);
    EXPECT_THAT(wrong_counts(database), IsEmpty());
    EXPECT_THAT(wrong_documents(database), IsEmpty());
    sql("UPDATE work_counts SET items = items + 1");
    sql("UPDATE case_counts SET items = items + 1");
    EXPECT_THAT(wrong_counts(database), SizeIs(2));
    sql("UPDATE documents SET chunks = 2");
    sql("UPDATE document_uploads SET person = 'nobody'");
    EXPECT_THAT(wrong_documents(database), testing::Each(Field(&Wrong::name, document.sha256)));
    EXPECT_THAT(wrong_documents(database), SizeIs(3));
}

} // namespace

} // namespace cunmai::db::test
