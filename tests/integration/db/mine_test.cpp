// Wherever a statement says "mine", several persons have the same things, and their ids and sign-in names are the
// beginnings of each other: each reads and changes only their own.
#include "tests/integration/db/fixture.hpp"

#include <sstream>

namespace cunmai::db::test {

class Mine : public DatabaseTest {
  protected:
    Mine() {
        import_places();
        for (const auto& login : logins) {
            Person one;
            one.id = of(login);
            one.login = login;
            one.name = "示例" + login;
            people.add(one);
        }
    }
    static PersonId of(const std::string& login) { return {"p-" + login}; }
    static std::vector<std::string> others_than(const std::string& login) {
        auto others = logins;
        std::erase(others, login);
        return others;
    }
    inline static const std::vector<std::string> logins{"a", "a1", "a1_", "aa1", "b%"};
};
ON_BOTH_DATABASES(Mine);

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(Mine, InboxesAreReadAndMarkedOneByOne) {
    Inbox inbox(database);
    for (const auto& login : logins)
        for (const std::string n : {"1", "2", "3"})
            inbox.add({"n" + n + "-" + login, of(login), {"c1"}, "topic", Json::object(), clock.now(), false}, "o" + n);
    const auto ids = [&](const std::string& login, bool unread) {
        return names_of(inbox.list(of(login), unread, 9, "", nullptr), [](const auto& one) { return one.id; });
    };
    for (const auto& login : logins) {
        EXPECT_THAT(ids(login, false), ElementsAre("n3-" + login, "n2-" + login, "n1-" + login));
        EXPECT_EQ(inbox.unread(of(login)), 3);
    }
    inbox.mark_read(of("a1"), "n1-a"); // another's
    for (const auto& login : logins) EXPECT_EQ(inbox.unread(of(login)), 3) << login;
    inbox.mark_read(of("a1"), "n1-a1");
    EXPECT_THAT(ids("a1", true), ElementsAre("n3-a1", "n2-a1"));
    inbox.mark_read(of("a1"), "");
    EXPECT_THAT(ids("a1", true), IsEmpty());
    EXPECT_THAT(ids("a1", false), SizeIs(3));
    for (const auto& login : others_than("a1")) EXPECT_EQ(inbox.unread(of(login)), 3) << login;
}

TEST_P(Mine, SessionsAndFailuresAreCountedAndEndedOneByOne) {
    Sessions sessions(database);
    for (const auto& login : logins) {
        for (const std::string n : {"1", "2"}) {
            Session session;
            session.token_hash = "t" + n + "-" + login;
            session.person = of(login);
            session.kind = "browser";
            session.created_at = session.seen_at = clock.now();
            session.expires_at = clock.now().plus_seconds(3600);
            EXPECT_TRUE(sessions.add(session));
        }
        sessions.failed(login, clock.now());
        sessions.failed(login, clock.now());
    }
    const auto tokens = [&](const std::string& login) {
        return names_of(sessions.of(of(login)), [](const auto& one) { return one.token_hash; });
    };
    for (const auto& login : logins) {
        EXPECT_THAT(tokens(login), ElementsAre("t1-" + login, "t2-" + login));
        EXPECT_EQ(sessions.failures(login, clock.now().plus_seconds(-60)), 2) << login;
    }
    sessions.end("t1-a");
    EXPECT_THAT(tokens("a"), ElementsAre("t2-a"));
    sessions.end_all_of(of("a1"));
    sessions.succeeded("a1");
    EXPECT_THAT(tokens("a1"), IsEmpty());
    EXPECT_EQ(sessions.failures("a1", clock.now().plus_seconds(-60)), 0);
    for (const auto& login : others_than("a1")) {
        EXPECT_THAT(tokens(login), SizeIs(login == "a" ? 1 : 2)) << login;
        EXPECT_EQ(sessions.failures(login, clock.now().plus_seconds(-60)), 2) << login;
    }
    people.set_password(of("aa1"), "$argon2id$new", false);
    EXPECT_FALSE(sessions.find("t1-aa1")) << "opened with a former password";
    EXPECT_TRUE(sessions.find("t1-a1_"));
    auto left = *people.find(of("a1_"));
    left.active = false;
    people.update(left);
    EXPECT_FALSE(sessions.find("t1-a1_"));
    EXPECT_TRUE(sessions.find("t1-b%"));
}

TEST_P(Mine, GrantsDelegationsAndInterestsAreEndedOneByOne) {
    for (const auto& login : logins) {
        grant(of(login), "town_supervisor", town(1));
        const auto& to = login == "a" ? "b%" : "a";
        people.add_delegation(
            {"d-" + login, {of(login), of(to), "town_supervisor", clock.now(), clock.now().plus_seconds(9)}, "x"});
        for (const int v : {1, 2})
            people.add_interest({"i" + std::to_string(v) + login, of(login), village(1, v).code, "x", clock.now()});
    }
    const auto places_of = [&](const std::string& login) {
        return names_of(people.interests_of(of(login)), [](const auto& one) { return one.id; });
    };
    for (const auto& login : logins) {
        EXPECT_THAT(people.grants_of(of(login)), SizeIs(1)) << login;
        EXPECT_THAT(names_of(people.delegations_from(of(login)), [](const auto& one) { return one.id; }),
                    ElementsAre("d-" + login));
        EXPECT_THAT(places_of(login), ElementsAre("i1" + login, "i2" + login));
    }
    EXPECT_THAT(people.delegations_to(of("a")), SizeIs(4));
    EXPECT_THAT(people.delegations_to(of("b%")), SizeIs(1));
    people.end_interest("i1a1", clock.now());
    people.end_delegation("d-a1", clock.now());
    people.remove_grant(people.grants_of(of("a1")).at(0).id, clock.now());
    for (const auto& login : logins) {
        const bool ended = login == "a1";
        EXPECT_THAT(people.grants_of(of(login)), SizeIs(ended ? 0 : 1)) << login;
        EXPECT_THAT(places_of(login), SizeIs(ended ? 1 : 2)) << login;
        database.read([&](Transaction& tx) {
            EXPECT_EQ(tx.declared_interest(of(login), village(1, 1).code, clock.now()), !ended) << login;
            EXPECT_TRUE(tx.declared_interest(of(login), village(1, 2).code, clock.now())) << login;
            EXPECT_FALSE(tx.declared_interest(of(login), village(1, 3).code, clock.now())) << login;
        });
    }
    database.read([&](Transaction& tx) {
        const auto in_force = tx.delegations_to(of("a"), clock.now());
        EXPECT_THAT(names_of(in_force, [](const auto& one) { return one.principal.text; }),
                    testing::UnorderedElementsAre("p-a1_", "p-aa1", "p-b%"));
    });
}

TEST_P(Mine, ClaimsRepliesPostsAndUploadsAreOnesOwn) {
    const auto row = open_case(
        "c1", village(1, 1), {{"nominate", "town_supervisor", "", {}, ""}, {"decline", "town_supervisor", "", {}, ""}});
    const auto as_officer = [&](const std::string& login) { return of_place(town(1), "town_supervisor", of(login)); };
    EXPECT_TRUE(cases.claim(as_officer("a1"), row.id, "nominate", true));
    Documents documents(database);
    database.write([&](Transaction& tx) {
        tx.set_involved(row, {{of("a"), "supervisor"}});
        for (const auto& login : logins) {
            tx.keep_reply(of(login), "key", row.id, {"hash of " + login, {{"n", 1}}});
            tx.box_put(row.id, "box", of(login), "approve");
        }
    });
    for (const auto& login : logins) {
        std::istringstream content("示例 " + login);
        documents.add(content, login + ".txt", "text/plain", of(login), clock.now(), 1000);
        std::istringstream shared("the same bytes");
        documents.add(shared, "of " + login + ".txt", "text/plain", of(login), clock.now(), 1000);
    }
    for (const auto& login : logins) {
        EXPECT_EQ(cases.counts(as_officer(login), "2025-03-01").claimed, login == "a1" ? 1 : 0) << login;
        EXPECT_EQ(people.involvements(of(login)).size(), login == "a" ? 1U : 0U) << login;
        EXPECT_EQ(documents.bytes_uploaded(of(login), {0}),
                  static_cast<std::int64_t>(std::string("示例 ").size() + login.size() + 14))
            << login;
        database.read([&](Transaction& tx) { EXPECT_EQ(tx.reply(of(login), "key")->body_hash, "hash of " + login); });
    }
    database.write([&](Transaction& tx) { tx.box_remove(row.id, "box", of("a1")); });
    database.read([&](Transaction& tx) {
        EXPECT_EQ(tx.box_tally(row.id, "box", {}), (Json{{"approve", 4}}));
        EXPECT_EQ(tx.box_tally(row.id, "box", {of("a"), of("a1")}), (Json{{"approve", 3}}));
    });
    EXPECT_FALSE(cases.claim(as_officer("a"), row.id, "nominate", false));
    EXPECT_TRUE(cases.claim(as_officer("a"), row.id, "decline", true));
    EXPECT_EQ(cases.counts(as_officer("a1"), "2025-03-01").claimed, 1);
}

TEST_P(Mine, PeopleAreFoundByWhatWasTypedAndNotByItsBeginning) {
    const auto found = [&](const std::string& text) {
        return names_of(people.search(text, "", 9, ""), [](const auto& one) { return one.login; });
    };
    EXPECT_THAT(found("a1"), ElementsAre("a1", "a1_", "aa1"));
    EXPECT_THAT(found("1_"), ElementsAre("a1_"));
    EXPECT_THAT(found("%"), ElementsAre("b%"));
    EXPECT_THAT(found("p-a"), ElementsAre("a")) << "an id is compared whole";
    for (const auto& login : logins) EXPECT_EQ(people.by_login(login)->id, of(login)) << login;
    EXPECT_FALSE(people.by_login("a_"));
    EXPECT_FALSE(people.by_login("a%"));
}

} // namespace cunmai::db::test
