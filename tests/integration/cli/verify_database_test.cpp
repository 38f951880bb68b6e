// Somebody who owns the database changes what is no event and no case row: the verifier names the thing. At the end
// every column of every table, by the schema's own list, is changed at random: what the verifier does not see stands in
// a list, with the reason why it need not.
#include "adapters/demo/pilot/answers.hpp"
#include "adapters/services/administration.hpp"
#include "adapters/services/verifier.hpp"
#include "tests/support/demo_app.hpp"
#include "tests/support/tampering.hpp"

#include <gmock/gmock.h>

#include <random>
#include <sstream>

namespace cunmai::test {

namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string village = "990100001201", other_village = "990100001202", third_village = "990100001203";

// A district at work: something in every table.
class VerifyDatabase : public ::testing::Test {
  protected:
    VerifyDatabase() {
        managed = app.village_in_review(village);
        to_committee(managed);
        hold_ballot();
        manage();
        waiting = app.village_in_review(other_village);
        to_committee(waiting);
        open_secret_ballot();
        check_itself();
        be_refused();
        administer();
        keep_the_rest();
    }

    static std::string id_of(const std::string& login) { return DemoApp::person(login).text; }

    void to_committee(const engine::CaseId& id) {
        app.gives("reviewer-civil_affairs", id, "record_courtyard_meeting",
                  {{"participants", "示例"}, {"held_on", app->today()}, {"venue", "示例"}, {"findings", "示例"}});
        for (const auto* department : {"organisation", "discipline", "political_legal", "civil_affairs", "agriculture"})
            app.gives(std::string("reviewer-") + department, id, "sign_opinion",
                      {{"department", department}, {"opinion", "endorse"}, {"text", "示例"}});
        app.gives("panel1", id, "endorse");
    }

    engine::CaseId convene(const engine::CaseId& id, bool secret) {
        const auto meeting_id = app.opens("secretary", "committee_meeting", "990100", "convene",
                                          {{"title", "示例会议"},
                                           {"meeting_on", app->today()},
                                           {"chair", id_of("chair")},
                                           {"agenda", {id.text}},
                                           {"secret", secret}});
        app.gives("secretary", meeting_id, "start_session", {{"attendance", present(5)}});
        app.gives("secretary", id, "open_ballot", {{"meeting", meeting_id.text}});
        return meeting_id;
    }

    static Json present(int members) {
        auto people = Json::array({id_of("chair")});
        for (int i = 1; i <= members; ++i) people.push_back(id_of("member" + std::to_string(i)));
        return people;
    }

    void hold_ballot() {
        meeting = convene(managed, false);
        app.gives("secretary", meeting, "record_attendance", {{"attendance", present(6)}});
        for (const auto* login : {"chair", "member1", "member2", "member3", "member4", "member5", "member6"})
            app.gives(login, managed, "cast_vote", {{"choice", "approve"}});
        app.gives("secretary", managed, "close_ballot");
        app.gives("secretary", meeting, "close_meeting", {{"minutes", "示例"}});
    }

    void manage() {
        app.gives(
            "s-990100001", managed, "adopt_plan",
            {{"programme", "示例"}, {"measures", "示例"}, {"funds_committed", 1000}, {"monitoring_cycle_days", 30}});
        app.gives("panel1", managed, "assign",
                  {{"commander", id_of("commander1")},
                   {"supervisor", id_of("s-990100001")},
                   {"coordinator", id_of("coordinator-industry1")}});
        app.gives("s-990100001", managed, "issue_prescription",
                  {{"problem", "示例"},
                   {"task", "示例"},
                   {"root_cause", "示例"},
                   {"measures", "示例"},
                   {"acceptance_criterion", "示例"},
                   {"responsible_person", id_of("v-" + village)},
                   {"deadline_on", "2199-03-01"}});
        const auto facts = app->cases.row(managed)->facts;
        prescription.text = facts.at("prescriptions").begin().key();
        app.gives("s-990100001", prescription, "issue");
    }

    void open_secret_ballot() {
        secret_meeting = convene(waiting, true);
        app.gives("member1", waiting, "cast_vote", {{"choice", "approve"}});
    }

    // With a photo that only the answers name.
    void check_itself() {
        const auto add = [&](const std::string& text, const std::string& type) {
            std::istringstream content(text);
            const auto by = DemoApp::person("v-" + third_village);
            return app->documents.add(content, "a", type, by, app->clock.now(), 1 << 20).sha256;
        };
        checked = app.opens("panel1", "village_lifecycle", third_village, "open", Json::object());
        photo = add("a photo", "image/jpeg");
        answers =
            add(pilot::answers_document(app->rules.get("catalogue"), {}, photo, "示例").dump(), "application/json");
        engine::CommandRequest request;
        request.case_id = checked;
        request.expected_version = 1;
        request.name = "submit_self_check";
        request.payload = {{"answers", answers}};
        request.actor = DemoApp::person("v-" + third_village);
        request.idempotency_key = "with documents";
        request.documents = {answers, photo};
        ASSERT_EQ(app->service.execute(request).kind, engine::Outcome::Kind::accepted);
    }

    void be_refused() {
        for (const auto* login : {"v-990100001201", "member1", "v-990100001201"}) {
            engine::CommandRequest request;
            request.case_id = managed;
            request.name = "adopt_plan";
            request.payload = Json::object();
            request.actor = DemoApp::person(login);
            request.idempotency_key = std::string("refused ") + std::to_string(++refused);
            ASSERT_NE(app->service.execute(request).kind, engine::Outcome::Kind::accepted);
        }
    }

    void administer() {
        namespace admin = administration;
        const auto ok = [](const admin::Result& result) {
            ASSERT_TRUE(result.ok()) << engine::to_json(result.refusal).dump();
        };
        const auto root = DemoApp::person("sysadmin"), security = DemoApp::person("secadmin");
        db::Person person;
        person.login = "newcomer";
        person.name = "示例新人";
        const auto added = admin::add_person(*app, root, person, "a long password 1");
        ok(added);
        newcomer = added.id;
        const auto granted = admin::add_grant(*app, security, {newcomer}, "town_officer", "", "990100001");
        ok(granted);
        ok(admin::remove_grant(*app, security, granted.id));
        ok(admin::delegate(*app, DemoApp::person("o-990100001"), DemoApp::person("o-990100002"), "town_officer",
                           app->today(), app->today(), "示例"));
        ok(admin::declare_interest(*app, DemoApp::person("member8"), village, "示例"));
        ok(admin::set_rule(*app, root, "extensions_max", 3));
        ok(admin::put_place(*app, root, {"990100001901", "示例新村", "990100001", "village", ""}));
    }

    void keep_the_rest() {
        const auto now = app->clock.now();
        const auto person = DemoApp::person("panel1");
        app->sessions.add({std::string(64, 'a'), person, "browser", "x", "", now, now, now.plus_seconds(99), 0});
        app->sessions.failed("nobody", now);
        app->access_log.add({now, person, "GET", "/x", "", "", "", 200});
        app->drafts.save(checked, {{"ORG-01", {{"value", 1}}}}, person, now);
        app->rules.put_setting("of the test", "1");
        app->inbox.add({"n1", person, managed, "managed", Json::object(), now, false}, "o1");
        app->outbox.queue_mail({"m1", "o1", person.text, "a@example.invalid", "s", "b"});
    }

    // What counting triggers would follow, they do not see.
    void past_all_triggers(const std::function<void(Tampering&)>& work) {
        Tampering hand(app.database_file());
        const auto triggers = hand.values("SELECT sql FROM sqlite_master WHERE type = 'trigger'");
        for (const auto& name : hand.values("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            hand.execute("DROP TRIGGER " + name);
        work(hand);
        for (const auto& trigger : triggers) hand.execute(trigger);
    }

    static void put_back(Tampering& hand, const std::string& table) { // as `kept` has it
        std::string columns;
        for (const auto& column : hand.values("SELECT name FROM pragma_table_info('" + table + "')"))
            columns += (columns.empty() ? "" : ", ") + column;
        hand.execute("DELETE FROM " + table + "; INSERT INTO " + table + " (" + columns + ") SELECT " + columns +
                     " FROM kept; DROP TABLE kept");
    }

    verifier::Report verify() { return verifier::verify(*app, {true, {}}); }
    void tamper(const std::string& sql) { Tampering(app.database_file()).run(sql); }
    static auto thing(const std::string& kind, const std::string& name, const std::string& what = "") {
        return AllOf(Field(&verifier::Damage::kind, kind), Field(&verifier::Damage::name, HasSubstr(name)),
                     Field(&verifier::Damage::what, HasSubstr(what)));
    }
    static auto of_case(const engine::CaseId& id, const std::string& what = "") {
        return AllOf(Field(&verifier::Damage::case_id, id), Field(&verifier::Damage::what, HasSubstr(what)));
    }

    DemoApp app;
    engine::CaseId managed, waiting, checked, meeting, secret_meeting, prescription;
    std::string photo, answers, newcomer;
    int refused = 0;
};

TEST_F(VerifyDatabase, AWholeDistrictIsWhole) {
    const auto report = verify();
    for (const auto& damage : report.damage)
        ADD_FAILURE() << damage.kind << ' ' << damage.name << damage.case_id.text << ' ' << damage.seq << ' '
                      << damage.what;
    EXPECT_EQ(report.refusals, 3);
    EXPECT_GT(report.administration, 8);
    EXPECT_EQ(report.administration_before_the_chain, 0);
}

TEST_F(VerifyDatabase, ATriggerThatIsMissingChangedOrForeignIsNamed) {
    const auto change = [&](const std::string& sql) { Tampering(app.database_file()).execute(sql); };
    const std::string name = "work_items_count";
    Tampering hand(app.database_file());
    const auto text = hand.value("SELECT sql FROM sqlite_master WHERE name = '" + name + "'");
    change("DROP TRIGGER " + name);
    EXPECT_THAT(verify().damage, Contains(thing("trigger", name, "is missing")));
    change("CREATE TRIGGER " + name + " AFTER INSERT ON work_items BEGIN SELECT 1; END");
    EXPECT_THAT(verify().damage, Contains(thing("trigger", name, "does something else")));
    change("DROP TRIGGER " + name);
    change(text);
    change("CREATE TRIGGER quiet AFTER INSERT ON case_events BEGIN DELETE FROM refusals; END");
    EXPECT_THAT(verify().damage, Contains(thing("trigger", "quiet", "is not one of this program")));
}

TEST_F(VerifyDatabase, LinksAndPartsOfDocumentsAreComparedWithEvents) {
    tamper("INSERT INTO document_links (case_id, sha256) VALUES ('" + managed.text + "', '" + photo + "')");
    EXPECT_THAT(verify().damage, Contains(of_case(managed, "no event names it")));
    tamper("DELETE FROM document_links WHERE sha256 = '" + photo + "'");
    EXPECT_THAT(verify().damage, Contains(of_case(checked, "not linked")));
    tamper("INSERT INTO document_links (case_id, sha256) VALUES ('" + checked.text + "', '" + photo + "')");
    tamper("UPDATE documents SET size = size + 1 WHERE sha256 = '" + photo + "'");
    EXPECT_THAT(verify().damage, Contains(of_case(checked, photo)));
    tamper("UPDATE documents SET size = size - 1 WHERE sha256 = '" + photo + "'");
    tamper("INSERT INTO document_chunks (sha256, n, content) VALUES ('" + photo + "', 1, 'aGlkZGVu')");
    EXPECT_THAT(verify().damage, Contains(thing("document", photo, "parts")));
    tamper("DELETE FROM document_chunks WHERE n = 1");
    tamper("UPDATE documents SET name = 'b' WHERE sha256 = '" + photo + "'");
    EXPECT_THAT(verify().damage, Contains(thing("document", photo, "first uploader")));
    tamper("UPDATE documents SET name = 'a' WHERE sha256 = '" + photo + "'");
    EXPECT_THAT(verify().damage, IsEmpty());
}

TEST_F(VerifyDatabase, RulesThatEventsQuoteAreThoseOfTheirTime) {
    // Somebody who also mends the administration's record would be found by what the events quote.
    tamper(R"(UPDATE rules SET value = '{"quorum":[1,3],"pass":[1,2],"secret":false}' WHERE rule_key = 'committee')");
    EXPECT_THAT(verify().damage, Contains(of_case(managed, "for the rule committee")));
}

TEST_F(VerifyDatabase, CasesSayTheSameOfEachOther) {
    tamper("DELETE FROM case_events WHERE case_id = '" + prescription.text + "'");
    tamper("DELETE FROM cases WHERE id = '" + prescription.text + "'");
    EXPECT_THAT(verify().damage, Contains(of_case(managed, "one opened the other")));
    tamper("DELETE FROM case_events WHERE case_id = '" + meeting.text + "'");
    tamper("DELETE FROM cases WHERE id = '" + meeting.text + "'");
    EXPECT_THAT(verify().damage, Contains(of_case(managed)));
}

// A meeting written anew without its ballot, from its start to its row, with hashes that are right.
TEST_F(VerifyDatabase, AMeetingThatTellsAnotherResultIsNamed) {
    auto events = app->cases.events(meeting);
    const auto row = app->cases.row(meeting);
    auto previous = engine::first_previous_hash;
    auto facts = row->facts;
    Tampering hand(app.database_file());
    for (auto& event : events) {
        if (event.command == "ballot_closed") {
            auto payload = Json::parse(event.payload);
            payload["result"] = "rejected";
            event.payload = payload.dump();
            auto changes = Json::parse(event.changes);
            for (auto& change : changes)
                if (change.at("path").get<std::string>().starts_with("/results"))
                    change["value"]["result"] = "rejected";
            event.changes = changes.dump();
            facts["results"][0]["result"] = "rejected";
        }
        event.previous_hash = previous;
        previous = event.hash = engine::hash_of(event);
        hand.run("UPDATE case_events SET payload = '" + event.payload + "', changes = '" + event.changes +
                 "', previous_hash = '" + event.previous_hash + "', hash = '" + event.hash + "' WHERE case_id = '" +
                 meeting.text + "' AND seq = " + std::to_string(event.seq));
    }
    hand.run("UPDATE cases SET facts = '" + facts.dump() + "', head_hash = '" + previous + "' WHERE id = '" +
             meeting.text + "'");
    const auto report = verify();
    EXPECT_THAT(report.damage, Contains(of_case(managed, "a ballot was closed")));
    EXPECT_THAT(report.damage, Contains(of_case(meeting, "rejected")));
}

TEST_F(VerifyDatabase, ARefusalChangedDroppedMovedOrPutInIsNamed) {
    Tampering hand(app.database_file());
    const auto path = hand.value("SELECT place_path FROM refusals LIMIT 1");
    const auto second = hand.value("SELECT id FROM refusals WHERE chain_seq = 2");
    const auto keep = [&] { hand.execute("DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT * FROM refusals"); };
    const auto put_back = [&] {
        hand.execute("DELETE FROM refusals");
        hand.execute("INSERT INTO refusals SELECT * FROM kept");
    };
    keep();
    hand.run("UPDATE refusals SET actor = 'x' WHERE chain_seq = 2");
    EXPECT_THAT(verify().damage, Contains(thing("refusal", second, "hash")));
    put_back();
    hand.run("DELETE FROM refusals WHERE chain_seq = 2");
    EXPECT_THAT(verify().damage, Contains(thing("refusal", "", "number 2 is missing")));
    put_back();
    hand.run("DELETE FROM refusals WHERE chain_seq = 3");
    EXPECT_THAT(verify().damage, Contains(thing("refusals", path, "chain ends at number 3")));
    put_back();
    hand.run("UPDATE refusals SET chain_seq = 0, hash = '' WHERE chain_seq = 1");
    EXPECT_THAT(verify().damage, Contains(Field(&verifier::Damage::kind, "refusal")));
    put_back();
    hand.run("UPDATE refusals SET place_path = '/990100/' WHERE chain_seq = 3");
    EXPECT_THAT(verify().damage, Contains(Field(&verifier::Damage::kind, HasSubstr("refusal"))));
}

TEST_F(VerifyDatabase, PeopleGrantsRulesAndPlacesAreRebuiltFromTheAdministrationsRecord) {
    Tampering hand(app.database_file());
    const auto changed = [&](const std::string& table, const std::string& column, const std::string& where,
                             const std::string& kind, const std::string& name) {
        const auto before = hand.value("SELECT quote(" + column + ") FROM " + table + where);
        const std::string set = "UPDATE " + table + " SET " + column + " = ";
        hand.run(set + "'x'" + where);
        EXPECT_THAT(verify().damage, Contains(thing(kind, name, column))) << table << '.' << column;
        hand.run(set + before + where);
    };
    changed("people", "name", " WHERE login = 'panel1'", "person", id_of("panel1"));
    changed("people", "active", " WHERE login = 'panel1'", "person", id_of("panel1"));
    changed("role_grants", "place_path", " WHERE person = '" + id_of("panel1") + "'", "grant", id_of("panel1"));
    changed("role_grants", "ended_at", " WHERE person = '" + newcomer + "'", "grant", "");
    changed("delegations", "until_at", "", "delegation", "");
    changed("interests", "place_code", "", "interest", "");
    changed("places", "name", " WHERE code = '990100001901'", "place", "990100001901");
    changed("rules", "at", " WHERE rule_key = 'extensions_max' AND version = 2", "rule", "extensions_max/2");
    hand.run("INSERT INTO role_grants VALUES ('g-x', '" + newcomer +
             "', 'panel_leader', '', '990100', '/990100/', 1, 'cli', 0)");
    EXPECT_THAT(verify().damage, Contains(thing("grant", "g-x", "no event")));
    hand.run("DELETE FROM role_grants WHERE id = 'g-x'");
    hand.run("DELETE FROM interests");
    EXPECT_THAT(verify().damage, Contains(thing("interest", "", "is missing")));
}

TEST_F(VerifyDatabase, AnEventOfAdministrationChangedDroppedOrCutOffIsNamed) {
    Tampering hand(app.database_file());
    const auto last = hand.value("SELECT MAX(chain_seq) FROM admin_log");
    hand.run("UPDATE admin_log SET by_person = by_person || 'x' WHERE chain_seq = 3");
    EXPECT_THAT(verify().damage, Contains(thing("administration", "3", "hash")));
    hand.run("UPDATE admin_log SET by_person = substr(by_person, 1, length(by_person) - 1) WHERE chain_seq = 3");
    hand.execute("CREATE TABLE kept AS SELECT * FROM admin_log");
    hand.run("DELETE FROM admin_log WHERE chain_seq = 3");
    EXPECT_THAT(verify().damage, Contains(thing("administration", "4", "number 3 is missing")));
    hand.execute("DELETE FROM admin_log; INSERT INTO admin_log SELECT * FROM kept");
    hand.run("DELETE FROM admin_log WHERE chain_seq = " + last);
    EXPECT_THAT(verify().damage, Contains(thing("administration", "", "the chain ends at number " + last)));
}

// The administration's record is complete: no password's hash, and nothing else of these tables is left out.
TEST_F(VerifyDatabase, NoPasswordStandsInTheAdministrationsRecord) {
    Tampering hand(app.database_file());
    EXPECT_EQ(hand.value("SELECT COUNT(*) FROM admin_log WHERE changes LIKE '%argon2%' OR details LIKE '%argon2%' OR "
                         "changes LIKE '%password_hash%'"),
              "0");
    EXPECT_NE(hand.value("SELECT COUNT(*) FROM people WHERE password_hash LIKE '%argon2%'"), "0");
}

// table.column or table.* → why the verifier need not see a change there.
const std::map<std::string, std::string>& need_not_be_seen() {
    const std::string
        cache = "made anew from the case with its next commands",
        of_today = "who is signed in, or is trying to: it ends by itself",
        log = "the access log: append-only by trigger, too many rows for a chain; tells who looked, not what is true",
        notice = "what was told of the record, not the record",
        upload = "an uploader's own name for content that the record names by its hash; may be given anew";
    static const std::map<std::string, std::string> list{
        {"work_items.*", cache},
        {"timers.*", cache},
        {"involved.*", cache},
        {"work_counts.slot", "only the sum over the slots counts"},
        {"case_counts.slot", "only the sum over the slots counts"},
        {"sessions.*", of_today},
        {"sign_in_failures.*", of_today},
        {"access_log.*", log},
        {"command_keys.*", log},
        {"outbox.*", notice},
        {"inbox.*", notice},
        {"mails.*", notice},
        {"drafts.*", "not handed in yet; what is handed in is named by its hash"},
        {"settings.*", "of this installation, such as the demo's clock"},
        {"knowledge_state.*", "a name without meaning; any change of it only makes servers read again"},
        {"ballot_box.*",
         "sealed under the server's secret; a vote that is missing or unreadable makes the ballot void"},
        {"definitions.definition", "a fingerprint that is missing is stored anew at the next start"},
        {"definitions.version", "a fingerprint that is missing is stored anew at the next start"},
        {"definitions.stored_at", "tells nothing of a case"},
        {"schema_migrations.applied_at", "tells nothing of a case"},
        {"people.password_hash", "never stands in the record; who signs in is seen in the access log"},
        {"documents.added_at", upload},
        {"document_uploads.person", upload},
        {"document_uploads.name", upload},
        {"document_uploads.media_type", upload},
        {"document_uploads.at", upload},
    };
    return list;
}

bool need_not_be_seen(const std::string& table, const std::string& column) {
    return need_not_be_seen().contains(table + ".*") || need_not_be_seen().contains(table + '.' + column);
}

struct Change {
    std::string table, column, before, after, row;
};

// One value of one row, with what it was kept in the table `kept`.
Change change_at_random(Tampering& hand, const std::string& table, const std::string& column, unsigned number) {
    const auto is_rowid = "SELECT sql NOT LIKE '%WITHOUT ROWID%' FROM sqlite_master WHERE name = '" + table + "'";
    std::string key = "rowid", literal = "rowid"; // the row's key, and an expression that writes it as SQL
    if (hand.value(is_rowid) != "1") {
        key = literal = "";
        for (const auto& part : hand.values("SELECT name FROM pragma_table_info('" + table + "') WHERE pk > 0")) {
            key += (key.empty() ? "(" : ", ") + part;
            literal += (literal.empty() ? "'(' || quote(" : " || ', ' || quote(") + part + ")";
        }
        key += ")";
        literal += " || ')'";
    }
    hand.execute("CREATE TABLE kept AS SELECT * FROM " + table);
    Change change{table, column, "", "",
                  hand.value("SELECT " + literal + " FROM " + table + " ORDER BY random() LIMIT 1")};
    const auto where = " WHERE " + key + " = " + change.row;
    const bool is_number = hand.value("SELECT typeof(" + column + ") FROM " + table + where) == "integer";
    change.before = hand.value("SELECT quote(" + column + ") FROM " + table + where);
    change.after = is_number ? change.before + " + " + std::to_string(number) : "'x" + std::to_string(number) + "'";
    hand.run("UPDATE " + table + " SET " + column + " = " + change.after + where);
    return change;
}

TEST_F(VerifyDatabase, AnyColumnOfAnyTableChangedAtRandomIsNamedUnlessItNeedNotBe) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 dice(seed);
    const auto listed = [&](const std::string& sql) { return Tampering(app.database_file()).values(sql); };
    std::set<std::string> there;
    for (const auto& table : listed("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE "
                                    "'sqlite!_%' ESCAPE '!' ORDER BY name")) {
        ASSERT_NE(listed("SELECT COUNT(*) FROM " + table), std::vector<std::string>{"0"}) << table;
        there.insert(table + ".*");
        for (const auto& column : listed("SELECT name FROM pragma_table_info('" + table + "')")) {
            there.insert(table + '.' + column);
            if (need_not_be_seen(table, column)) continue;
            Change change;
            const auto number = static_cast<unsigned>(dice() % 1'000'000 + 1);
            past_all_triggers([&](Tampering& hand) { change = change_at_random(hand, table, column, number); });
            EXPECT_THAT(verifier::verify(*app, {false, {}}).damage, testing::Not(IsEmpty()))
                << table << '.' << column << ' ' << change.before << " -> " << change.after << " in row " << change.row;
            past_all_triggers([&](Tampering& hand) { put_back(hand, table); });
        }
    }
    for (const auto& [name, reason] : need_not_be_seen()) EXPECT_TRUE(there.contains(name)) << name << " is gone";
    EXPECT_THAT(verify().damage, IsEmpty()) << "all is put back";
}

} // namespace

} // namespace cunmai::test
