// Somebody who owns the database changes what is no event and no case row: the verifier names the thing.
#include "adapters/services/verifier.hpp"
#include "tests/integration/cli/district_at_work.hpp"
#include "tests/support/tampering.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {

namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class VerifyDatabase : public DistrictAtWork {
  protected:
    verifier::Report verify() { return verifier::verify(*app, {true, {}}); }
    void tamper(const std::string& sql) { Tampering(app.database_file()).run(sql); }
    static auto thing(const std::string& kind, const std::string& name, const std::string& what = "") {
        return AllOf(Field(&verifier::Damage::kind, kind), Field(&verifier::Damage::name, HasSubstr(name)),
                     Field(&verifier::Damage::what, HasSubstr(what)));
    }
    static auto of_case(const engine::CaseId& id, const std::string& what = "") {
        return AllOf(Field(&verifier::Damage::case_id, id), Field(&verifier::Damage::what, HasSubstr(what)));
    }
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

} // namespace

} // namespace cunmai::test
