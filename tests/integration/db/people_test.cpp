// People, grants, delegations, interests, places.
#include "db/kernel/database_impl.hpp"
#include "tests/integration/db/fixture.hpp"

#include <future>

namespace cunmai::db::test {

class PeopleTest : public DatabaseTest {};
ON_BOTH_DATABASES(PeopleTest);

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(PeopleTest, APersonComesBackAsEntered) {
    people.add({{"p1"}, "Li.Si", "示例·李四", "13800000000", "li@example.org", "en", true, "$argon2id$x"});
    const auto back = people.by_login("LI.SI");
    ASSERT_TRUE(back);
    EXPECT_EQ(back->login, "li.si");
    EXPECT_EQ(back->name, "示例·李四");
    EXPECT_EQ(back->language, "en");
    EXPECT_EQ(back->password_hash, "$argon2id$x");

    auto changed = *back;
    changed.email = "new@example.org";
    changed.active = false;
    changed.password_hash = "ignored";
    people.update(changed);
    people.set_password({"p1"}, "$argon2id$y", false);
    EXPECT_EQ(people.find({"p1"})->email, "new@example.org");
    EXPECT_FALSE(people.find({"p1"})->active);
    EXPECT_EQ(people.find({"p1"})->password_hash, "$argon2id$y");
    EXPECT_FALSE(people.find({"p2"}));
}

TEST_P(PeopleTest, ALoginIsTakenOnce) {
    person("a");
    Person other;
    other.id = {"p9"};
    other.login = "A";
    EXPECT_THROW(people.add(other), AlreadyThere);
    other.login = "b";
    people.add(other);
    other.login = "a";
    EXPECT_THROW(people.update(other), AlreadyThere);
    EXPECT_EQ(people.find({"p9"})->login, "b");
}

TEST_P(PeopleTest, PeopleAreSearchedByTextAndRole) {
    import_places();
    for (const std::string login : {"anna", "bert", "carl"}) person(login);
    grant({"p-bert"}, "town_officer", town(1));
    const auto logins = [&](const std::string& text, const std::string& role, int limit, const std::string& after) {
        return names_of(people.search(text, role, limit, after), [](const auto& p) { return p.login; });
    };
    EXPECT_THAT(logins("", "", 2, ""), ElementsAre("anna", "bert"));
    EXPECT_THAT(logins("", "", 2, "bert"), ElementsAre("carl"));
    EXPECT_THAT(logins("示例b", "", 9, ""), ElementsAre("bert"));
    EXPECT_THAT(logins("", "town_officer", 9, ""), ElementsAre("bert"));
    EXPECT_THAT(logins("_", "", 9, ""), IsEmpty());
    using Names = std::map<std::string, std::string>;
    EXPECT_EQ(people.names({"p-anna", "p-carl", "unknown"}), (Names{{"p-anna", "示例anna"}, {"p-carl", "示例carl"}}));
    EXPECT_TRUE(people.names({}).empty());
}

TEST_P(PeopleTest, AGrantCountsFromGivingToTaking) {
    import_places();
    const auto a = person("a");
    people.add_grant({"g1", a, "town_supervisor", "", town(1).code, town(1).path, "", clock.now(), {"root"}});
    ASSERT_EQ(people.grants_of(a).size(), 1U);
    EXPECT_EQ(people.grants_of(a)[0].place_name, "示例镇1");
    EXPECT_EQ(people.grants_of(a)[0].granted_at, clock.now());
    EXPECT_EQ(people.grants_over(village(1, 2).path, "town_supervisor").size(), 1U);
    EXPECT_EQ(people.grants_over(village(1, 2).path, "").size(), 1U);
    EXPECT_THAT(people.grants_over(village(2, 1).path, "town_supervisor"), IsEmpty());
    database.read([&](Transaction& tx) {
        EXPECT_EQ(tx.holders("town_supervisor", village(1, 2).path).size(), 1U);
        EXPECT_THAT(tx.holders("town_supervisor", district().path), IsEmpty()); // a town does not cover its district
        EXPECT_THAT(tx.holders("town_officer", village(1, 2).path), IsEmpty());
        EXPECT_EQ(tx.roles_of(a).size(), 1U);
    });
    EXPECT_TRUE(people.grant("g1"));
    people.remove_grant("g1", clock.now());
    EXPECT_FALSE(people.grant("g1"));
    EXPECT_THAT(people.grants_of(a), IsEmpty());
    database.read([&](Transaction& tx) { EXPECT_THAT(tx.grants(a), IsEmpty()); });
}

TEST_P(PeopleTest, WhoLeftHoldsNothing) {
    import_places();
    const auto a = person("a");
    grant(a, "committee_member", district());
    auto row = *people.find(a);
    row.active = false;
    people.update(row);
    database.read([&](Transaction& tx) {
        EXPECT_THAT(tx.grants(a), IsEmpty());
        EXPECT_THAT(tx.holders("committee_member", district().path), IsEmpty());
        EXPECT_THAT(tx.roles_of(a), IsEmpty());
    });
    EXPECT_THAT(people.grants_over(district().path, "committee_member"), IsEmpty());
}

TEST_P(PeopleTest, ADelegationIsInForceForItsPeriod) {
    const auto a = person("a"), b = person("b");
    const auto start = clock.now().plus_seconds(100), end = clock.now().plus_seconds(200);
    people.add_delegation({"d1", {a, b, "town_supervisor", start, end}, "出差"});
    const auto in_force = [&](Instant at) {
        std::size_t count = 0;
        database.read([&](Transaction& tx) { count = tx.delegations_to(b, at).size(); });
        return count;
    };
    EXPECT_EQ(in_force(start.plus_seconds(-1)), 0U);
    EXPECT_EQ(in_force(start), 1U);
    EXPECT_EQ(in_force(end.plus_seconds(-1)), 1U);
    EXPECT_EQ(in_force(end), 0U);
    EXPECT_EQ(people.delegations_from(a).at(0).reason, "出差");
    EXPECT_EQ(people.delegations_to(b).size(), 1U);
    people.end_delegation("d1", start.plus_seconds(10));
    EXPECT_EQ(in_force(start.plus_seconds(9)), 1U);
    EXPECT_EQ(in_force(start.plus_seconds(10)), 0U);
}

TEST_P(PeopleTest, ADelegationIsNotWrittenOverAGrantThatCameMeanwhile) {
    const auto a = person("a"), b = person("b");
    const auto state = people.state();
    grant(b, "system_administrator", district());
    EXPECT_THROW(people.add_delegation({"d1", {a, b, "town_supervisor", clock.now(), clock.now()}, "出差"}, state),
                 Overtaken);
    EXPECT_THAT(people.delegations_to(b), IsEmpty());
}

TEST_P(PeopleTest, ARoleIsNotTakenFromWhoGotAPostMeanwhile) {
    import_places();
    const auto a = person("a");
    grant(a, "town_supervisor", town(1));
    const auto id = people.grants_of(a).at(0).id;
    const auto row = open_case("c1", village(1, 1));
    const auto state = people.state();
    const auto involved = people.involvements(a);
    database.write([&](Transaction& tx) { tx.set_involved(row, {{a, "supervisor"}}); });
    EXPECT_EQ(people.state(), state) << "cases do not change it";
    EXPECT_THROW(people.remove_grant(id, clock.now(), state, &involved), Overtaken);
    auto left = *people.find(a);
    left.active = false;
    EXPECT_THROW(people.update(left, state, &involved), Overtaken);
    EXPECT_EQ(people.grants_of(a).size(), 1U);
    const auto now_involved = people.involvements(a);
    people.remove_grant(id, clock.now(), state, &now_involved);
    EXPECT_THAT(people.grants_of(a), IsEmpty());
}

TEST_P(PeopleTest, ARoleIsNotTakenWhileItsHolderIsBeingPutIntoAPost) {
    import_places();
    const auto a = person("a");
    grant(a, "town_supervisor", town(1));
    const auto id = people.grants_of(a).at(0).id;
    const auto row = open_case("c1", village(1, 1));
    const auto state = people.state();
    const auto involved = people.involvements(a);
    auto server = open(url); // another one
    std::future<bool> taken;
    database.write([&](Transaction& tx) {
        EXPECT_EQ(tx.holders("town_supervisor", village(1, 1).path).size(), 1U);
        if (!taken.valid())
            taken = std::async(std::launch::async, [&] {
                try {
                    People(server).remove_grant(id, clock.now(), state, &involved);
                    return true;
                } catch (const Overtaken&) { return false; }
            });
        taken.wait_for(std::chrono::seconds(1)); // whoever is not kept waiting is through by then
        tx.set_involved(row, {{a, "supervisor"}});
    });
    EXPECT_FALSE(taken.get());
    EXPECT_EQ(people.grants_of(a).size(), 1U);
}

TEST_P(PeopleTest, ADeclaredInterestIsKnown) {
    const auto a = person("a");
    people.add_interest({"i1", a, village(1, 1).code, "亲属", clock.now()});
    const auto declared = [&](const Place& place, engine::Instant since) {
        bool has = false;
        database.read([&](Transaction& tx) { has = tx.declared_interest(a, place.code, since); });
        return has;
    };
    const auto now = clock.now(), before = now.plus_seconds(-1);
    EXPECT_TRUE(declared(village(1, 1), now));
    EXPECT_FALSE(declared(village(1, 2), now));
    EXPECT_EQ(people.interests_of(a).at(0).reason, "亲属");
    people.end_interest("i1", now);
    EXPECT_FALSE(declared(village(1, 1), now));
    EXPECT_TRUE(declared(village(1, 1), before)) << "it was in force then";
    people.add_interest({"i2", a, village(1, 1).code, "亲属", now});
    EXPECT_TRUE(declared(village(1, 1), now)) << "one in force counts before one that ended";
    people.end_interest("i2", now);
    EXPECT_THAT(people.interests_of(a), IsEmpty());
}

TEST_P(PeopleTest, PlacesAreImportedOnceAllOrNothing) {
    EXPECT_FALSE(places.any());
    const std::vector<Place> register_{district(), town(1), village(1, 1), village(1, 2)};
    EXPECT_EQ(places.import(register_, true).inserted, 4);
    EXPECT_FALSE(places.any()); // a dry run writes nothing
    EXPECT_EQ(places.import(register_, false).inserted, 4);
    const auto again = places.import(register_, false);
    EXPECT_EQ(again.inserted, 0);
    EXPECT_EQ(again.unchanged, 4);

    auto moved_place = village(1, 2);
    moved_place.path = "/990100/990100002/" + moved_place.code + '/';
    moved_place.parent = "990100002";
    try {
        places.import({village(1, 3), moved_place}, false);
        ADD_FAILURE() << "a place moved";
    } catch (const PlaceMoved& moved) { EXPECT_EQ(moved.code, moved_place.code); }
    EXPECT_FALSE(places.find(village(1, 3).code)); // nothing of it

    EXPECT_THAT(names_of(places.children(town(1).code), [](const auto& p) { return p.name; }),
                ElementsAre("示例村11", "示例村12"));
    EXPECT_EQ(places.all().size(), 4U);
    const auto within = [&](const std::string& scope, const std::string& level, const std::string& text) {
        return names_of(places.within({scope}, level, text, 10, ""), [](const auto& p) { return p.name; });
    };
    EXPECT_THAT(within(town(1).path, "village", ""), ElementsAre("示例村11", "示例村12"));
    EXPECT_THAT(within(town(2).path, "village", ""), IsEmpty());
    EXPECT_THAT(within(district().path, "", "村12"), ElementsAre("示例村12"));
    EXPECT_EQ(places.find(town(1).code)->path, town(1).path);
    database.read([&](Transaction& tx) { EXPECT_EQ(tx.place(town(1).code)->name, "示例镇1"); });
}

// The first import makes its indexes at the end: nothing of that may stay when it fails.
TEST_P(PeopleTest, AFirstImportThatFailsLeavesRowsAndIndexesAsTheyWere) {
    const auto indexes = [&] {
        return database.impl().reading<std::vector<std::string>>([&](Connection& connection) {
            return connection.all_text<std::string>(
                GetParam() == "sqlite" ? "SELECT name || sql FROM sqlite_master WHERE type = 'index' AND tbl_name = "
                                         "'places' AND sql IS NOT NULL ORDER BY 1"
                                       : "SELECT CONCAT(index_name, column_name) FROM information_schema.statistics "
                                         "WHERE table_schema = DATABASE() AND table_name = 'places' ORDER BY 1",
                {}, [](std::string& index) { return Outs{index}; });
        });
    };
    const auto before = indexes();
    EXPECT_THAT(before, Not(IsEmpty()));
    EXPECT_ANY_THROW(places.import({district(), town(1), village(1, 1), village(1, 1)}, false)); // a code comes twice
    EXPECT_FALSE(places.any());
    EXPECT_EQ(indexes(), before);

    EXPECT_EQ(places.import({village(1, 2), district(), town(1)}, false).inserted, 3);
    EXPECT_EQ(indexes(), before);
    EXPECT_THAT(names_of(places.children(town(1).code), [](const auto& p) { return p.name; }), ElementsAre("示例村12"));
}

} // namespace cunmai::db::test
