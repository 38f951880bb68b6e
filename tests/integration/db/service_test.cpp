// Sessions, logs, rules, drafts, documents, outbox, inbox.
#include "tests/integration/db/fixture.hpp"

#include "db/kernel/database_impl.hpp"
#include "engine/fingerprint.hpp"

#include <sstream>

namespace cunmai::db::test {

class ServiceTest : public DatabaseTest {
  protected:
    // Keeps a command's reply and its row of the access log; returns what has added the row.
    std::function<void(Transaction&, int)> command(const Access& access, const std::string& key) {
        auto addition = AccessLog::addition(access);
        database.write([&](Transaction& tx) {
            tx.keep_reply(access.person, key, {}, {"hash", {}});
            addition(tx, access.status);
        });
        return addition;
    }
    std::int64_t count(const std::string& table) {
        std::int64_t rows = 0;
        database.impl().read(
            [&](Connection& connection) { connection.first_text("SELECT COUNT(*) FROM " + table, {}, {rows}); });
        return rows;
    }
};
ON_BOTH_DATABASES(ServiceTest);

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(ServiceTest, ASessionLivesUntilItEnds) {
    Sessions sessions(database);
    const auto a = person("a");
    const auto add = [&](const std::string& hash, int seconds) {
        sessions.add({hash, a, "browser", "csrf", "", clock.now(), clock.now(), clock.now().plus_seconds(seconds)});
    };
    add("h1", 3600);
    add("h2", 60);
    ASSERT_TRUE(sessions.find("h1"));
    EXPECT_EQ(sessions.find("h1")->first.csrf, "csrf");
    EXPECT_EQ(sessions.find("h1")->second.login, people.find(a)->login); // whose it is
    EXPECT_EQ(sessions.of(a).size(), 2U);
    clock.forward(60);
    EXPECT_FALSE(sessions.find("h2")); // expired
    sessions.end("h1");
    EXPECT_FALSE(sessions.find("h1"));

    add("h3", 3600);
    add("h4", 3600);
    sessions.end_all_of(a);
    EXPECT_FALSE(sessions.find("h3"));
    EXPECT_THAT(sessions.of(a), IsEmpty());

    add("h5", 3600);
    auto row = *people.find(a);
    row.active = false;
    people.update(row);
    EXPECT_FALSE(sessions.find("h5")); // a disabled person is signed out
}

TEST_P(ServiceTest, ASessionIsTouchedAtMostOnceAMinute) {
    Sessions sessions(database);
    const auto a = person("a");
    sessions.add({"h", a, "browser", "c", "", clock.now(), clock.now(), clock.now().plus_seconds(3600)});
    const auto before = database.impl().counters().write_statements.load();
    const auto found = sessions.find("h")->first;
    sessions.touch(found, clock.now().plus_seconds(59));
    EXPECT_EQ(database.impl().counters().write_statements.load(), before);
    sessions.touch(found, clock.now().plus_seconds(61));
    EXPECT_EQ(sessions.find("h")->first.seen_at, clock.now().plus_seconds(61));
}

TEST_P(ServiceTest, FailedSignInsAreRemembered) {
    Sessions sessions(database);
    for (int i = 0; i < 3; ++i) sessions.failed("Anna", clock.now().plus_seconds(i));
    auto restarted = open(url);
    EXPECT_EQ(Sessions(restarted).failures("anna", clock.now()), 3);
    EXPECT_EQ(sessions.failures("ANNA", clock.now().plus_seconds(1)), 2);
    sessions.succeeded("anna");
    EXPECT_EQ(sessions.failures("anna", {0}), 0);
}

TEST_P(ServiceTest, EveryAccessIsListedNewestFirst) {
    AccessLog log(database);
    for (int i = 0; i < 5; ++i) {
        const auto n = std::to_string(i);
        const Access access{clock.now(), {i % 2 ? "a" : ""}, "GET", "/cases/{id}", "c" + n, "127.0.0.1", "r", 200 + i};
        if (i % 2)
            command(access, n);
        else
            log.add(access);
        clock.forward(1);
    }
    const auto objects = [&](const AccessLog::Filter& filter) {
        return names_of(log.list(filter), [](const auto& row) { return row.access.object; });
    };
    EXPECT_THAT(objects({}), ElementsAre("c4", "c3", "c2", "c1", "c0"));
    AccessLog::Filter filter;
    filter.limit = 2;
    filter.before_id = log.list(filter).back().id;
    EXPECT_THAT(objects(filter), ElementsAre("c2", "c1"));
    filter = {};
    filter.person = "a";
    EXPECT_THAT(objects(filter), ElementsAre("c3", "c1"));
    filter = {};
    filter.without_routes = {"/cases/{id}", "/elsewhere"};
    EXPECT_THAT(objects(filter), IsEmpty());
    filter = {};
    filter.status = 204;
    EXPECT_THAT(objects(filter), ElementsAre("c4"));
    filter.status = 203; // a command's
    EXPECT_THAT(objects(filter), ElementsAre("c3"));
    filter = {};
    filter.route = "/cases/{id}"; // in both tables, and that of commands is read first
    filter.limit = 3;
    EXPECT_THAT(objects(filter), ElementsAre("c4", "c3", "c2"));
    filter = {};
    filter.since = "2025-03-01";
    filter.until = "2025-03-01";
    EXPECT_EQ(objects(filter).size(), 5U);
    filter.until = "2025-02-28";
    EXPECT_THAT(objects(filter), IsEmpty());
    log.add({clock.now(), {}, "GET", std::string(300, 'x') + "示", "", "", "", 404}); // too long is cut, never lost
    EXPECT_EQ(log.list({}).front().access.route.size(), 255U);
}

TEST_P(ServiceTest, ACommandsAccessIsToldByTheRowOfItsKey) {
    AccessLog log(database);
    const Access access{clock.now(), {"a"}, "POST", "/x", "c1", "127.0.0.1", "r", 422};
    const auto addition = command(access, "k");
    EXPECT_EQ(count("access_log"), 0);
    const auto rows = log.list({});
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].access.at, access.at);
    EXPECT_EQ(rows[0].access.method, "POST");
    EXPECT_EQ(rows[0].access.address, "127.0.0.1");
    EXPECT_EQ(rows[0].access.request_id, "r");
    EXPECT_EQ(rows[0].access.status, 422);

    // A command that runs again after an unclear commit is replayed, and there is still one row.
    database.write([&](Transaction& tx) { addition(tx, 422); });
    EXPECT_EQ(count("access_log"), 1);
    EXPECT_EQ(log.list({}).size(), 1U);
    // A request that the client repeats has a row of its own, and so has one whose command keeps nothing.
    database.write([&](Transaction& tx) { AccessLog::addition(access)(tx, 422); });
    EXPECT_EQ(log.list({}).size(), 2U);
    database.write([&](Transaction& tx) {
        tx.keep_reply({"b"}, "k", {}, {"hash", {}});
        AccessLog::addition(access)(tx, 200);
    });
    AccessLog::Filter of_a;
    of_a.person = "a";
    EXPECT_EQ(log.list(of_a).size(), 3U);
}

TEST_P(ServiceTest, WhoHasLookedADocumentUpNeedNotAskForItAgain) {
    Documents documents(database);
    std::istringstream in("示例");
    const auto sha256 = documents.add(in, "a.txt", "text/plain", person("a"), clock.now(), 100).sha256;
    const auto nothing = sha256_hex("nothing");
    const auto& reads = database.impl().counters().read_statements;
    const auto asked = [&](bool for_content) {
        std::int64_t before = 0;
        database.write([&](Transaction& tx) {
            before = reads;
            if (for_content)
                EXPECT_EQ(tx.document(sha256), "示例");
            else
                EXPECT_EQ(tx.documents_there({sha256}), std::set<std::string>{sha256});
        });
        return reads - before;
    };
    EXPECT_EQ(asked(false), 1); // what a write reads may never be committed, so it is not cached
    EXPECT_EQ(asked(false), 1);
    EXPECT_FALSE(documents.info(nothing));
    documents.info(sha256);
    EXPECT_EQ(asked(false), 0);
    EXPECT_EQ(asked(true), 1);
    documents.content(sha256);
    EXPECT_EQ(asked(true), 0);
    database.write([&](Transaction& tx) {
        EXPECT_EQ(tx.documents_there({nothing, sha256}), std::set<std::string>{sha256});
    });
    clock.forward(24 * 60 * 60); // it may have been removed since, unless a case names it
    EXPECT_EQ(asked(false), 1);
    EXPECT_EQ(asked(true), 1);
    documents.link({"c1"}, {sha256});
    documents.of_case({"c1"});
    EXPECT_EQ(asked(false), 0);
}

TEST_P(ServiceTest, WhatAPersonUploadsInADayIsCounted) {
    Documents documents(database);
    const auto add = [&](const std::string& content, const char* by) {
        std::istringstream in(content);
        documents.add(in, "a.txt", "text/plain", {by}, clock.now(), 1000);
    };
    const auto start = clock.now();
    add("12345", "a");
    add("12345", "a"); // the same: nothing more
    add("12345", "b");
    clock.forward(60);
    add("123", "a");
    EXPECT_EQ(documents.bytes_uploaded({"a"}, start), 8);
    EXPECT_EQ(documents.bytes_uploaded({"a"}, start.plus_seconds(1)), 3);
    EXPECT_EQ(documents.bytes_uploaded({"b"}, start), 5);
    EXPECT_EQ(documents.bytes_uploaded({"c"}, start), 0);
}

TEST_P(ServiceTest, ADocumentThatNothingNamesIsRemoved) {
    Documents documents(database);
    const auto add = [&](const std::string& content, const char* by = "a") {
        std::istringstream in(content);
        return documents.add(in, "a.txt", "text/plain", {by}, clock.now(), 1'000'000).sha256;
    };
    const auto unused = add(std::string(400'000, 'u')), linked = add("linked"), drafted = add("drafted"),
               again = add("uploaded again");
    documents.link({"c1"}, {linked});
    Drafts(database).save({"c2"}, {{"ORG-01", {{"evidence", {drafted}}}}}, {"a"}, clock.now());
    const auto before = clock.now().plus_seconds(1);
    EXPECT_EQ(documents.remove_unused(clock.now(), 10), 0) << "not yet";
    clock.forward(60);
    add("uploaded again", "b");
    const auto late = add("late");
    EXPECT_EQ(documents.remove_unused(before, 10), 1);
    EXPECT_FALSE(documents.info(unused));
    EXPECT_FALSE(documents.uploaded_by(unused, {"a"}));
    EXPECT_EQ(documents.content(unused), "");
    for (const auto& kept : {linked, drafted, again, late}) EXPECT_TRUE(documents.info(kept));
    EXPECT_EQ(add(std::string(400'000, 'u')), unused) << "as if it had never been there";
    EXPECT_EQ(documents.content(unused).size(), 400'000U);
    EXPECT_EQ(documents.remove_unused(clock.now().plus_seconds(1), 2), 2) << "some at a time";
}

TEST_P(ServiceTest, AdministrationIsLogged) {
    AdminLog log(database);
    log.add({clock.now(), {"a"}, "person_added", {{"login", "示例"}}});
    clock.forward(1);
    log.add({clock.now(), {"a"}, "grant_added", {}});
    EXPECT_THAT(names_of(log.list(10), [](const auto& e) { return e.what; }),
                ElementsAre("grant_added", "person_added"));
    EXPECT_EQ(log.list(10)[1].details, (Json{{"login", "示例"}}));
    const auto newest = log.list(1);
    ASSERT_EQ(newest.size(), 1U);
    EXPECT_THAT(names_of(log.list(10, newest[0].id), [](const auto& e) { return e.what; }),
                ElementsAre("person_added"));
    EXPECT_THAT(names_of(log.list(10, "", "grant_added"), [](const auto& e) { return e.what; }),
                ElementsAre("grant_added"));
}

TEST_P(ServiceTest, ARuleKeepsItsHistory) {
    Rules rules(database);
    EXPECT_TRUE(rules.get("committee").is_null());
    rules.set("committee", {{"quorum", {1, 2}}}, {"a"}, clock.now());
    rules.set("committee", {{"quorum", {2, 3}}}, {"b"}, clock.now());
    rules.set("catalogue", Json::array({1, 2, 3}), {"a"}, clock.now());
    EXPECT_EQ(rules.get("committee"), (Json{{"quorum", {2, 3}}}));
    EXPECT_EQ(rules.all(), (Json{{"committee", {{"quorum", {2, 3}}}}}));
    const auto changes = rules.changes("committee");
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[0].version, 2);
    EXPECT_EQ(changes[0].by, PersonId{"b"});
    EXPECT_EQ(changes[1].value, (Json{{"quorum", {1, 2}}}));
    database.read([&](Transaction& tx) {
        EXPECT_EQ(tx.rule("committee"), (Json{{"quorum", {2, 3}}}));
        EXPECT_TRUE(tx.rule("unset").is_null());
    });
    EXPECT_FALSE(rules.setting("clock"));
    rules.put_setting("clock", "1");
    rules.put_setting("clock", "2");
    EXPECT_EQ(rules.setting("clock"), "2");
}

TEST_P(ServiceTest, ADatedRuleHoldsFromItsDay) {
    Rules rules(database);
    const auto version = [&] {
        int in_command = 0;
        database.read([&](Transaction& tx) { in_command = tx.rule("catalogue").at("version"); });
        EXPECT_EQ(rules.get("catalogue").at("version"), in_command);
        return in_command;
    };
    const auto set = [&](int number, const std::string& from) {
        rules.set("catalogue", {{"version", number}, {"in_force_from", from}}, {"a"}, clock.now());
    };
    set(1, "2025-04-01");
    EXPECT_EQ(version(), 1) << "the first: there is no other"; // today is 2025-03-01
    set(2, "2025-03-01");
    EXPECT_EQ(version(), 2);
    set(3, "2025-03-03");
    set(4, "2030-01-01");
    EXPECT_EQ(version(), 2);
    clock.forward(2 * 86400 - 1); // 2025-03-03 15:59:59 there
    EXPECT_EQ(version(), 3) << "what was remembered yesterday does not count";
    clock.forward(-3 * 86400);
    EXPECT_EQ(version(), 1);
    EXPECT_TRUE(rules.all().empty());
}

TEST_P(ServiceTest, ADraftMergesAnswers) {
    Drafts drafts(database);
    EXPECT_EQ(drafts.get({"c1"}), Json::object());
    drafts.save({"c1"}, {{"ORG-01", {{"value", 3}}}, {"ORG-02", {{"value", 1}}}}, {"a"}, clock.now());
    drafts.save({"c1"}, {{"ORG-02", {{"value", 2}, {"note", "示例"}}}, {"ORG-01", nullptr}}, {"b"}, clock.now());
    EXPECT_EQ(drafts.get({"c1"}), (Json{{"ORG-02", {{"value", 2}, {"note", "示例"}}}}));
    drafts.remove({"c1"});
    EXPECT_EQ(drafts.get({"c1"}), Json::object());
}

TEST_P(ServiceTest, ADocumentComesBackByteForByte) {
    Documents documents(database);
    std::string bytes; // several chunks, zero bytes, not UTF-8
    for (int i = 0; i < 500'000; ++i) bytes += static_cast<char>(i * 7 % 256);
    const auto add = [&](const std::string& content, std::int64_t size_max = 1'000'000) {
        std::istringstream in(content);
        return documents.add(in, "纪要.pdf", "application/pdf", {"a"}, clock.now(), size_max);
    };
    const auto info = add(bytes);
    EXPECT_EQ(info.sha256, sha256_hex(bytes));
    EXPECT_EQ(info.size, 500'000);
    EXPECT_EQ(documents.content(info.sha256), bytes);
    EXPECT_EQ(documents.info(info.sha256)->name, "纪要.pdf");
    EXPECT_EQ(add(bytes).sha256, info.sha256); // again: nothing more
    EXPECT_THROW(add("12345", 4), TooLarge);
    EXPECT_FALSE(documents.info(sha256_hex("12345")));
    EXPECT_EQ(add("12345", 5).size, 5);
    EXPECT_EQ(documents.content(add("").sha256), "");
    database.read([&](Transaction& tx) {
        EXPECT_EQ(tx.document(info.sha256), bytes);
        EXPECT_EQ(tx.documents_there({info.sha256, sha256_hex("nothing")}), std::set<std::string>{info.sha256});
        std::set<std::string> many{info.sha256}; // more than one query takes
        for (int i = 0; i < 1500; ++i) many.insert(sha256_hex(std::to_string(i)));
        EXPECT_EQ(tx.documents_there(many), std::set<std::string>{info.sha256});
        EXPECT_FALSE(tx.document(sha256_hex("nothing")));
    });
    documents.link({"c1"}, {info.sha256, info.sha256});
    documents.link({"c1"}, {info.sha256});
    documents.link({"c2"}, {info.sha256});
    EXPECT_THAT(documents.linked_cases(info.sha256), ElementsAre(CaseId{"c1"}, CaseId{"c2"}));
    EXPECT_EQ(documents.of_case({"c1"}).at(0).sha256, info.sha256);
}

TEST_P(ServiceTest, ANoticeIsClaimedOnceAndComesBackWhenItsHolderDies) {
    const auto row = open_case("c1", village(1, 1));
    const auto event = event_of(row, {"a"}, "open");
    database.write([&](Transaction& tx) {
        tx.post(row, event, {"opened", {"town_officer"}, "justice", {{"p1"}, {"p2"}}, {{"x", "示例"}}});
    });
    Outbox outbox(database);
    const auto now = clock.now();
    auto items = outbox.claim(10, now, 60);
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(items[0].topic, "opened");
    EXPECT_THAT(items[0].roles, ElementsAre("town_officer"));
    EXPECT_THAT(items[0].people, ElementsAre(PersonId{"p1"}, PersonId{"p2"}));
    EXPECT_EQ(items[0].qualifier, "justice");
    EXPECT_EQ(items[0].params["case_title"], row.summary.title);
    EXPECT_EQ(items[0].params["x"], "示例");
    EXPECT_EQ(items[0].place_path, row.place.path);
    EXPECT_EQ(items[0].attempts, 1);
    EXPECT_THAT(outbox.claim(10, now, 60), IsEmpty());
    ASSERT_EQ(outbox.claim(10, now.plus_seconds(60), 60).size(), 1U);

    const auto late = items[0]; // from a claim whose lease has ended
    items = outbox.claim(10, now.plus_seconds(120), 60);
    ASSERT_EQ(items.size(), 1U);
    outbox.done(late);
    outbox.retry(late, "thawed", now, true);
    EXPECT_THAT(outbox.failures(10), IsEmpty());
    EXPECT_THAT(outbox.claim(10, now.plus_seconds(179), 60), IsEmpty()); // the present claim stands

    outbox.retry(items[0], "no answer", now.plus_seconds(200), false);
    EXPECT_THAT(outbox.claim(10, now.plus_seconds(199), 60), IsEmpty());
    items = outbox.claim(10, now.plus_seconds(200), 60);
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(items[0].attempts, 4);
    outbox.retry(items[0], "given up", now, true);
    EXPECT_THAT(outbox.claim(10, now.plus_seconds(9999), 60), IsEmpty());
    ASSERT_EQ(outbox.failures(10).size(), 1U);
    EXPECT_TRUE(outbox.failures(10)[0].dead);
    EXPECT_EQ(outbox.failures(10)[0].error, "given up");
    outbox.send_again(items[0].id, now);
    items = outbox.claim(10, now, 60);
    ASSERT_EQ(items.size(), 1U);
    outbox.done(items[0]);
    EXPECT_THAT(outbox.claim(10, now.plus_seconds(9999), 60), IsEmpty());
    EXPECT_THAT(outbox.failures(10), IsEmpty());
}

TEST_P(ServiceTest, AMailIsQueuedOncePerPerson) {
    Outbox outbox(database);
    outbox.queue_mail({"m1", "o1", "p1", "a@example.org", "题", "正文", 0});
    outbox.queue_mail({"m2", "o1", "p1", "a@example.org", "题", "正文", 0});
    outbox.queue_mail({"m3", "o1", "p2", "b@example.org", "题", "正文", 0});
    const auto mails = outbox.claim_mail(10, clock.now(), 60);
    EXPECT_THAT(names_of(mails, [](const auto& m) { return m.id; }), ElementsAre("m1", "m3"));
    EXPECT_EQ(mails[0].body, "正文");
    const auto later = outbox.claim_mail(10, clock.now().plus_seconds(60), 60);
    ASSERT_EQ(later.size(), 2U);
    outbox.mail_sent(mails[0], clock.now()); // by a server that was frozen when its lease ended
    outbox.mail_failed(mails[1], "thawed", clock.now(), true);
    EXPECT_THAT(outbox.failures(10), IsEmpty());
    EXPECT_THAT(outbox.claim_mail(10, clock.now().plus_seconds(119), 60), IsEmpty());
    outbox.mail_sent(later[0], clock.now());
    outbox.mail_failed(later[1], "550", clock.now().plus_seconds(10), true);
    EXPECT_THAT(outbox.claim_mail(10, clock.now().plus_seconds(100), 60), IsEmpty());
    EXPECT_EQ(outbox.failures(10).at(0).channel, "mail");
    outbox.send_again("m3", clock.now());
    EXPECT_EQ(outbox.claim_mail(10, clock.now(), 60).size(), 1U);
}

TEST_P(ServiceTest, APersonIsToldOnce) {
    Inbox inbox(database);
    const PersonId a{"a"};
    for (int i = 0; i < 5; ++i) {
        const Notification n{"n" + std::to_string(i), a, {"c1"}, "opened", {{"i", i}}, clock.now(), false};
        inbox.add(n, "o" + std::to_string(i));
        inbox.add({"again" + std::to_string(i), a, {"c1"}, "opened", {}, clock.now(), false}, "o" + std::to_string(i));
    }
    EXPECT_EQ(inbox.unread(a), 5);
    std::string next;
    EXPECT_THAT(names_of(inbox.list(a, false, 3, "", &next), [](const auto& n) { return n.id; }),
                ElementsAre("n4", "n3", "n2"));
    EXPECT_THAT(names_of(inbox.list(a, false, 3, next, &next), [](const auto& n) { return n.id; }),
                ElementsAre("n1", "n0"));
    EXPECT_TRUE(next.empty());
    inbox.mark_read(a, "n4");
    inbox.mark_read({"b"}, "n3"); // not theirs
    EXPECT_EQ(inbox.unread(a), 4);
    EXPECT_EQ(inbox.list(a, true, 10, "", nullptr).size(), 4U);
    inbox.mark_read(a, "");
    EXPECT_EQ(inbox.unread(a), 0);
    EXPECT_EQ(inbox.list(a, false, 1, "", nullptr)[0].params, (Json{{"i", 4}}));
}

} // namespace cunmai::db::test
