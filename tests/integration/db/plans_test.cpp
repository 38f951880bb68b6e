// No query reads a growing table whole. The test runs everything that the repositories can do, catches every statement
// (by SQLite's trace, or from MariaDB's log), and looks at its plan.
#include "db/cases/openings.hpp"
#include "db/kernel/queries.hpp"
#include "db/operations/tables_check.hpp"
#include "db/people/at_that_time.hpp"
#include "tests/integration/db/fixture.hpp"

#include <mysql.h>
#include <sqlite3.h>

#include <regex>
#include <set>

namespace cunmai::db::test {

namespace {

const std::set<std::string> growing{
    "cases",        "case_events",     "work_items",     "timers",           "involved",   "outbox",
    "command_keys", "refusals",        "ballot_box",     "sessions",         "access_log", "sign_in_failures",
    "documents",    "document_chunks", "document_links", "document_uploads", "drafts",     "inbox",
    "mails",        "work_counts",     "admin_log",      "case_counts",      "people",     "role_grants",
    "places",       "delegations",     "interests"};

// Statements, or parts of them, that read a whole table on purpose.
const std::vector<std::string> whole_on_purpose{
    "SELECT DISTINCT e.case_id FROM case_events",                       // verify
    "SELECT id FROM cases WHERE\n(one_open_per_place",                  // verify
    "SELECT code, name, parent, level, path FROM places ORDER BY path", // the whole register, on request
    "SELECT 1 FROM places LIMIT 1",
    "LOWER(p.name) LIKE", // a text somewhere in a name: along the primary key, up to a page
    "LOWER(login) LIKE",
};

bool is_whole_on_purpose(const std::string& sql) {
    return std::any_of(whole_on_purpose.begin(), whole_on_purpose.end(),
                       [&](const auto& part) { return sql.find(part) != std::string::npos; });
}

bool reads(const std::string& sql) {
    return sql.starts_with("SELECT") || sql.starts_with("UPDATE") || sql.starts_with("DELETE");
}

std::set<std::string>* caught_by_sqlite = nullptr;

int note_statement(unsigned, void*, void* statement, void* text) {
    if (!caught_by_sqlite || static_cast<const char*>(text)[0] == '-') return 0; // a statement of a trigger
    if (auto* expanded = sqlite3_expanded_sql(static_cast<sqlite3_stmt*>(statement))) {
        caught_by_sqlite->insert(expanded);
        sqlite3_free(expanded);
    }
    return 0;
}

int trace(sqlite3* handle, const char**, const void*) {
    return sqlite3_trace_v2(handle, SQLITE_TRACE_STMT, note_statement, nullptr);
}

using MySql = std::unique_ptr<MYSQL, decltype(&mysql_close)>;

MySql connect(const std::string& url) {
    static const std::regex form(R"(mysql://([^:@/]*)(?::([^@/]*))?@([^:/]+):(\d+)/([^?]*).*)");
    std::smatch match;
    if (!std::regex_match(url, match, form)) throw std::logic_error("not an address of MariaDB: " + url);
    MySql handle(mysql_init(nullptr), mysql_close);
    mysql_options(handle.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (!mysql_real_connect(handle.get(), match[3].str().c_str(), match[1].str().c_str(), match[2].str().c_str(),
                            match[5].str().c_str(), static_cast<unsigned>(std::stoi(match[4])), nullptr, 0))
        throw std::runtime_error(mysql_error(handle.get()));
    return handle;
}

std::vector<std::map<std::string, std::string>> rows(MYSQL* handle, const std::string& sql) {
    if (mysql_real_query(handle, sql.data(), sql.size()) != 0)
        throw std::runtime_error(std::string(mysql_error(handle)) + " in " + sql);
    std::vector<std::map<std::string, std::string>> all;
    if (auto* result = mysql_store_result(handle)) {
        const auto* fields = mysql_fetch_fields(result);
        while (auto* row = mysql_fetch_row(result)) {
            auto& one = all.emplace_back();
            for (unsigned i = 0; i < mysql_num_fields(result); ++i) one[fields[i].name] = row[i] ? row[i] : "";
        }
        mysql_free_result(result);
    }
    return all;
}

} // namespace

class PlansTest : public DatabaseTest {
  protected:
    PlansTest() { fill(); }

    AccessLog access{database};
    Timers timers{database};
    Outbox outbox{database};
    Inbox inbox{database};
    Sessions sessions{database};
    Documents documents{database};

    static Place village_elsewhere(int number) { // in one of nine other districts
        const auto district_code = "99020" + std::to_string(1 + number % 9);
        const auto code = district_code + "001" + std::to_string(200 + number % 50);
        return {code, "示例村", district_code + "001", "village",
                '/' + district_code + '/' + district_code + "001/" + code + '/'};
    }

    // Enough rows to give the optimiser a choice, a tenth of them in the officers' district.
    void fill() {
        std::vector<Place> all{district()};
        for (int t = 1; t <= 9; ++t) {
            all.push_back(town(t));
            for (int v = 1; v <= 9; ++v) all.push_back(village(t, v));
        }
        places.import(all, false);
        for (const std::string login : {"a", "b", "c", "d"}) grant(person(login), "town_supervisor", town(1));
        for (int i = 0; i < 300; ++i)
            grant(person("x" + std::to_string(i)), "village_officer",
                  i % 10 ? village_elsewhere(i) : village(2, 1 + i % 9));
        people.add_interest({"i1", {"p-a"}, village(1, 1).code, "示例", clock.now()});
        people.add_delegation(
            {"d1", {{"p-a"}, {"p-b"}, "town_supervisor", clock.now(), clock.now().plus_seconds(900)}, ""});
        database.write([&](Transaction& tx) {
            for (int i = 0; i < 3000; ++i) {
                const auto id = "c" + std::to_string(i);
                auto row = a_case(id, i % 10 ? village_elsewhere(i) : village(1 + i / 10 % 9, 1 + i / 90 % 9));
                row.updated_at = row.updated_at.plus_seconds(i);
                row.batch = "round-" + std::to_string(i % 50);
                if (i % 3 == 0) row.parent.text = "c" + std::to_string(i + 1);
                tx.insert(row);
                tx.append(event_of(row, {"p-x" + std::to_string(i % 40)}, "open"));
                tx.set_tasks(row, {{"nominate", i % 4 ? "village_officer" : "town_supervisor", "", {}, "2025-03-10"}});
                tx.add_timers(row, {{"t", clock.now().plus_seconds(i), "remind"}});
                tx.set_involved(row, {{{"p-x" + std::to_string(i % 40)}, "issuer"}});
                tx.post(row, event_of(row, {"x"}, "open"), {"opened", {"village_officer"}, "", {}, Json::object()});
                const PersonId actor{"p-x" + std::to_string(i % 40)};
                tx.keep_reply(actor, "k" + id, row.id, {"h", Json::object()});
                if (i % 2)
                    access.addition({clock.now(), actor, "POST", "/cases", id, "127.0.0.1", "r" + id, 0})(tx, 200);
                if (i % 5 == 0)
                    tx.keep_refusal({row.id,
                                     row.definition,
                                     row.place.path,
                                     "x",
                                     row.state,
                                     clock.now(),
                                     {"x"},
                                     {},
                                     Json::array(),
                                     "r"});
            }
        });
        for (int i = 0; i < 600; ++i) {
            const auto n = std::to_string(i);
            const PersonId who{"p-x" + std::to_string(i % 40)};
            access.add({clock.now(), who, "GET", "/cases", "c" + n, "127.0.0.1", "r" + n, 200});
            inbox.add({"n" + n, who, {"c" + n}, "opened", Json::object(), clock.now(), i % 2 == 0}, "o" + n);
            sessions.add({"s" + n, who, "browser", "x", "", clock.now(), clock.now(), clock.now().plus_seconds(90)});
            sessions.failed("x" + n, clock.now());
            outbox.queue_mail({"m" + n, "o" + n, who.text, "a@example.invalid", "s", "b", 0});
        }
        sql("UPDATE outbox SET state = 'done' WHERE case_id NOT LIKE 'c1__'"); // nearly all was delivered
        sql("UPDATE mails SET state = 'done' WHERE id NOT LIKE 'm1_'");
    }

    void do_everything() {
        const PersonId me{"p-a"};
        const auto now = clock.now();
        for (const auto& place : {village(1, 1), town(1), district()}) {
            const auto officer = of_place(place, "town_supervisor", me);
            for (const std::string sort : {"-updated", "updated", "opened", "due", "title", "place"}) {
                CaseFilter filter;
                filter.sort = sort;
                filter.limit = 2;
                filter.cursor = cases.list(officer, filter).next_cursor;
                cases.list(officer, filter);
            }
            const auto list = [&](auto change) {
                CaseFilter filter;
                change(filter);
                cases.list(officer, filter);
            };
            list([](auto& f) { f.definition = "village_lifecycle"; });
            list([](auto& f) { f.state = "self_check"; });
            list([](auto& f) { f.category = "disputes"; });
            list([](auto& f) { f.colour = "green"; });
            list([](auto& f) { f.batch = "round-1"; });
            list([](auto& f) { f.parent = "c1"; });
            list([](auto& f) { f.due_before = "2025-03-20"; });
            list([](auto& f) { f.due_after = "2025-03-20"; });
            list([](auto& f) { f.role = "town_supervisor"; });
            list([](auto& f) { f.involved = "p-x1"; });
            list([](auto& f) { f.open_only = true; });
            list([](auto& f) { f.final_only = true; });
            list([](auto& f) { f.text = "示例"; });
            list([&](auto& f) { f.place_code = town(1).code; });
            cases.count_by_state(officer, "village_lifecycle", "");
            cases.round_progress(officer, "round-1");
            for (const std::string box : {"todo", "done", "started", "watching"})
                for (const bool narrow : {false, true}) {
                    WorkFilter filter;
                    filter.box = box;
                    filter.limit = 2;
                    if (narrow) {
                        filter.definition = "village_lifecycle";
                        filter.text = "示例";
                    }
                    filter.cursor = cases.worklist(officer, filter, "2025-03-01").next_cursor;
                    cases.worklist(officer, filter, "2025-03-01");
                }
            for (const std::string due : {"overdue", "soon"}) {
                WorkFilter filter;
                filter.due = due;
                filter.role = "town_supervisor";
                cases.worklist(officer, filter, "2025-03-01");
            }
            cases.counts(officer, "2025-03-01");
            cases.claim(officer, {"c0"}, "nominate", true);
            cases.claim(officer, {"c0"}, "nominate", false);
            cases.find(officer, {"c1"});
            cases.history(officer, {"c1"}, 0, 20);
            cases.refusals(officer, {"c0"}, 20);
        }
        cases.all_ids("c5", 100);
        cases.events({"c1"});
        cases.ids_with_events_but_no_row(5);
        cases.ids_with_wrong_slot(5);
        facts_text(database, {"c1"});
        cases.open_in_older_version("village_lifecycle", 2, "", 5);

        database.write([&](Transaction& tx) {
            const auto before = *tx.load({"c1"});
            auto after = moved(before, "town_screening");
            tx.move(before, after);
            tx.append(event_of(after, me, "submit_self_check"));
            tx.set_tasks(after, {{"endorse", "town_supervisor", "", {}, ""}});
            tx.set_tasks(after, {});
            tx.add_timers(after, {{"u", now, "remind"}});
            tx.set_involved(after, {});
            tx.finish_timer({"c1"}, "u", now);
            tx.reply(me, "kc1");
            tx.has_open_case("village_lifecycle", village(1, 1).code);
            tx.open_children({"c1"});
            tx.commands_since({"c1"}, 0, 10);
            tx.linked_cases({{"c2"}, {"c3"}});
            tx.documents_there({"d1", "d2"});
            tx.grants(me);
            tx.delegations_to({"p-b"}, now);
            tx.holders("town_supervisor", village(1, 1).path);
            tx.roles_of(me);
            tx.declared_interest(me, village(1, 1).code, now);
            tx.box_put({"c1"}, "b", me, "approve");
            tx.box_tally({"c1"}, "b", {});
            tx.box_remove({"c1"}, "b", me);
            tx.box_empty({"c1"}, "b");
            tx.place(village(1, 1).code);
        });
        timers.claim(20, now.plus_seconds(300), 60);
        timers.next_due();
        for (const auto& item : outbox.claim(20, now.plus_seconds(3000), 60)) {
            outbox.done(item);
            outbox.retry(item, "示例", now, true);
            outbox.send_again(item.id, now);
        }
        for (const auto& mail : outbox.claim_mail(20, now.plus_seconds(3000), 60)) {
            outbox.mail_failed(mail, "示例", now, true);
            outbox.send_again(mail.id, now);
            outbox.mail_sent(mail, now);
        }
        outbox.failures(20);
        std::string next;
        inbox.list(me, true, 20, "", &next);
        inbox.list({"p-x1"}, false, 2, "", &next);
        inbox.list({"p-x1"}, false, 2, next, &next);
        inbox.unread(me);
        inbox.mark_read({"p-x1"}, "n1");
        inbox.mark_read({"p-x1"}, "");
        sessions.touch(sessions.find("s1")->first, now.plus_seconds(3600));
        sessions.of({"p-x1"});
        sessions.end("s2");
        sessions.end_all_of({"p-x2"});
        sessions.failures("x1", now);
        sessions.succeeded("x1");
        access.list({});
        AccessLog::Filter of_person;
        of_person.person = "p-x1";
        access.list(of_person);
        AccessLog::Filter of_kind;
        of_kind.route = "/cases";
        of_kind.status = 200;
        access.list(of_kind);
        AdminLog(database).list(20);
        std::istringstream content("示例");
        const auto document = documents.add(content, "a.txt", "text/plain", me, now, 100);
        documents.link({"c1"}, {document.sha256});
        documents.info(document.sha256);
        documents.uploaded_by(document.sha256, me);
        documents.bytes_uploaded(me, now);
        documents.content(document.sha256);
        documents.linked_cases(document.sha256);
        documents.of_case({"c1"});
        Drafts drafts(database);
        drafts.save({"c1"}, {{"ORG-01", {{"value", 1}}}}, me, now);
        drafts.get({"c1"});
        drafts.remove({"c1"});
        people.by_login("a");
        people.find(me);
        people.grants_of(me);
        people.grants_over(village(1, 1).path, "");
        roles_ever_held(database, {me.text, "p-a"});
        interests_ever_declared(database, {me.text, "p-a"});
        people.delegations_from(me);
        people.delegations_to(me);
        people.interests_of(me);
        people.involvements({"p-x1"});
        people.names({"p-a", "p-b"});
        places.children(town(1).code);
        places.within({district().path}, "town", "", 20, "");
        villages_without_case(database, {town(1).path}, "village_lifecycle", "", 20, "");
        openings_by_town(database, {district().path}, "village_lifecycle");
    }

    std::set<std::string> caught_statements() {
        std::set<std::string> caught;
        if (GetParam() == "sqlite") {
            caught_by_sqlite = &caught;
            do_everything();
            caught_by_sqlite = nullptr;
            return caught;
        }
        const auto session = connect(url);
        rows(session.get(), "SET GLOBAL log_output = 'TABLE'");
        rows(session.get(), "TRUNCATE TABLE mysql.general_log");
        rows(session.get(), "SET GLOBAL general_log = ON");
        do_everything();
        rows(session.get(), "SET GLOBAL general_log = OFF");
        for (const auto& row :
             rows(session.get(), "SELECT argument FROM mysql.general_log WHERE command_type = 'Query'"))
            caught.insert(row.at("argument"));
        return caught;
    }
};
ON_BOTH_DATABASES(PlansTest);

namespace {

// The tables that a plan reads whole.
std::string read_whole_by_sqlite(sqlite3* handle, const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    const auto explain = "EXPLAIN QUERY PLAN " + sql;
    if (sqlite3_prepare_v2(handle, explain.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        return std::string("can't be explained: ") + sqlite3_errmsg(handle);
    std::string whole;
    std::set<std::string> made; // results of inner queries
    static const std::regex scan(R"(SCAN (\S+)(.*))"), inner(R"((?:CO-ROUTINE|MATERIALIZE) (\S+).*)");
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const std::string line = reinterpret_cast<const char*>(sqlite3_column_text(statement, 3));
        std::smatch match;
        if (std::regex_match(line, match, inner)) made.insert(match[1]);
        if (!std::regex_match(line, match, scan)) continue;
        const bool by_index = match[2].str().find("INDEX") != std::string::npos;
        if (!by_index && !made.contains(match[1]) && match[1].str().front() != '(' && match[1] != "CONSTANT")
            whole += line + "; ";
    }
    sqlite3_finalize(statement);
    return whole;
}

std::string read_whole_by_mariadb(MYSQL* handle, const std::string& sql) {
    std::string whole;
    for (const auto& row : rows(handle, "EXPLAIN " + sql)) {
        const auto& table = row.at("table");
        if (row.at("type") != "ALL" || table.empty() || table.front() == '<') continue; // <derived2>: an inner query
        whole += table + " (" + row.at("rows") + " rows, could use " + row.at("possible_keys") + "); ";
    }
    return whole;
}

} // namespace

TEST_P(PlansTest, NoQueryReadsAGrowingTableWhole) {
    const auto caught = caught_statements();
    EXPECT_GT(caught.size(), 100U);
    std::map<std::string, std::string> wholes;
    if (GetParam() == "sqlite") {
        sqlite3* handle = nullptr;
        ASSERT_EQ(sqlite3_open(url.substr(url.find(':') + 1).c_str(), &handle), SQLITE_OK);
        for (const auto& sql : caught)
            if (reads(sql) && !is_whole_on_purpose(sql))
                if (const auto whole = read_whole_by_sqlite(handle, sql); !whole.empty()) wholes[sql] = whole;
        sqlite3_close(handle);
    } else {
        const auto session = connect(url);
        // Removes the old index entries of the delivered notices at once, which the server would do some time later.
        for (const std::string table : {"outbox", "mails"}) rows(session.get(), "OPTIMIZE TABLE " + table);
        for (const auto& table : growing) rows(session.get(), "ANALYZE TABLE " + table);
        for (const auto& sql : caught)
            if (reads(sql) && !is_whole_on_purpose(sql) && sql.find("information_schema") == std::string::npos)
                if (const auto whole = read_whole_by_mariadb(session.get(), sql); !whole.empty()) wholes[sql] = whole;
    }
    for (const auto& [sql, whole] : wholes) ADD_FAILURE() << whole << "\n" << sql;
}

} // namespace cunmai::db::test

// Traces every connection that SQLite opens in this program, from its start.
static const int listening = sqlite3_auto_extension(reinterpret_cast<void (*)()>(cunmai::db::test::trace));
