// The owner of the database file changes it, and the verifier names the case and the first wrong event.
#include "adapters/demo/pilot/answers.hpp"
#include "adapters/services/verifier.hpp"
#include "tests/support/demo_app.hpp"
#include "tests/support/tampering.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace cunmai::test {

namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Verify : public ::testing::Test {
  protected:
    Verify() : first(app.village_in_review("990100001201")), second(app.village_in_review("990100001202")) {}

    void tamper(const std::string& sql) { tamper(std::vector{sql}); }
    void tamper(const std::vector<std::string>& statements) {
        Tampering hand(app.database_file());
        for (const auto& sql : statements) hand.run(sql);
    }
    verifier::Report verify(bool replay = false) { return verifier::verify(*app, {replay, {}}); }
    std::string event(int seq) const {
        return " WHERE case_id = '" + first.text + "' AND seq = " + std::to_string(seq);
    }
    std::string row() const { return " WHERE id = '" + first.text + "'"; }

    // Exactly one case is named, with the event.
    void expect_damage(std::int64_t seq, const std::string& what = "") {
        const auto report = verify();
        ASSERT_THAT(report.damage, SizeIs(1));
        EXPECT_EQ(report.damage[0].case_id, first);
        EXPECT_EQ(report.damage[0].seq, seq) << report.damage[0].what;
        EXPECT_THAT(report.damage[0].what, HasSubstr(what));
    }

    DemoApp app;
    engine::CaseId first, second;
};

TEST_F(Verify, AWholeRecordIsWhole) {
    const auto report = verify(true);
    EXPECT_THAT(report.damage, IsEmpty()) << report.damage[0].what;
    EXPECT_EQ(report.cases, 2);
    EXPECT_EQ(report.events, 6);
}

TEST_F(Verify, OneByteInAnyColumnOfAnEventIsFound) {
    for (const auto* text : {"actor", "on_behalf_of", "definition", "command", "from_state", "to_state", "payload",
                             "context", "changes", "request_id", "previous_hash", "hash"}) {
        SCOPED_TRACE(text);
        const std::string column(text);
        const auto before = Tampering(app.database_file()).value("SELECT " + column + " FROM case_events" + event(2));
        tamper("UPDATE case_events SET " + column + " = " + column + " || ' '" + event(2)); // a JSON text stays JSON
        expect_damage(2);
        tamper("UPDATE case_events SET " + column + " = '" + before + "'" + event(2));
        EXPECT_THAT(verify(true).damage, IsEmpty()) << "put back";
    }
    for (const std::string column : {"at", "definition_version"}) {
        SCOPED_TRACE(column);
        tamper("UPDATE case_events SET " + column + " = " + column + " + 1" + event(2));
        expect_damage(2);
        tamper("UPDATE case_events SET " + column + " = " + column + " - 1" + event(2));
    }
}

TEST_F(Verify, ANumberedEventMovedAwayIsFound) {
    tamper("UPDATE case_events SET seq = 9" + event(2));
    expect_damage(2);
}

TEST_F(Verify, AnEventMovedToAnotherCaseDamagesBoth) {
    tamper("UPDATE case_events SET case_id = '" + second.text + "', seq = 4" + event(3));
    const auto report = verify();
    ASSERT_THAT(report.damage, SizeIs(2));
    EXPECT_EQ(report.damage[0].seq + report.damage[1].seq, 3 + 4);
}

TEST_F(Verify, ADroppedEventIsFound) {
    tamper("DELETE FROM case_events" + event(2));
    expect_damage(2);
}

TEST_F(Verify, ADroppedFirstEventIsFound) {
    tamper("DELETE FROM case_events" + event(1));
    expect_damage(1);
}

TEST_F(Verify, TruncationIsFound) {
    tamper("DELETE FROM case_events" + event(3));
    expect_damage(3);
}

TEST_F(Verify, SwappedEventsAreFound) {
    tamper({"UPDATE case_events SET seq = 9" + event(2), "UPDATE case_events SET seq = 2" + event(3),
            "UPDATE case_events SET seq = 3" + event(9)});
    expect_damage(2);
}

TEST_F(Verify, AnInsertedEventIsFound) {
    tamper(
        {"INSERT INTO case_events SELECT case_id, 4, at, actor, on_behalf_of, definition, definition_version, command, "
         "from_state, to_state, payload, context, changes, request_id, hash, hash FROM case_events" +
         event(3)});
    expect_damage(4);
}

TEST_F(Verify, ACaseWithoutItsEventsAndEventsWithoutTheirCaseAreFound) {
    tamper("DELETE FROM case_events WHERE case_id = '" + first.text + "'");
    expect_damage(0, "no events");
    tamper("DELETE FROM cases WHERE id = '" + second.text + "'");
    EXPECT_THAT(verify().damage, SizeIs(2));
}

TEST_F(Verify, AnyColumnOfACaseRowIsComparedWithItsEvents) {
    for (const std::string change : {"definition = 'prescription'",
                                     "state = 'graduated'",
                                     "place_code = '990100001202'",
                                     "place_name = 'x'",
                                     "place_parent = 'x'",
                                     "place_level = 'town'",
                                     "place_path = '/990100/'",
                                     "parent = 'x'",
                                     "batch = 'x'",
                                     "title = 'x'",
                                     "category = 'disputes'",
                                     "due_on = '2030-01-01'",
                                     "colour = 'red'",
                                     "is_final = 1",
                                     "one_open_per_place = 0",
                                     "open_slot = NULL",
                                     "facts = '{}'",
                                     "facts = 'x'",
                                     "head_hash = 'x'",
                                     "opened_at = 1",
                                     "updated_at = 1",
                                     "definition_version = 7"}) {
        SCOPED_TRACE(change);
        const auto column = change.substr(0, change.find(' '));
        Tampering(app.database_file())
            .execute("DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT * FROM cases" + row());
        tamper("UPDATE cases SET " + change + row());
        expect_damage(0);
        tamper("UPDATE cases SET " + column + " = (SELECT " + column + " FROM kept)" + row());
    }
    EXPECT_THAT(verify().damage, IsEmpty()) << "put back";
    tamper("UPDATE cases SET version = 2" + row());
    expect_damage(3, "version");
}

TEST_F(Verify, ARenamedPlaceIsNoDamage) {
    auto place = *app->places.find("990100001201");
    place.name = "示例新名村";
    app->places.import({place}, false);
    EXPECT_THAT(verify(true).damage, IsEmpty());
    app.gives("reviewer-organisation", first, "record_courtyard_meeting",
              {{"participants", "示例村民"}, {"held_on", app->today()}, {"venue", "示例院坝"}, {"findings", "示例"}});
    const auto report = verify(true);
    EXPECT_THAT(report.damage, IsEmpty()) << report.damage[0].what;
}

TEST_F(Verify, AForgedChainThatHashesRightIsFoundByReplay) {
    // The owner of the database changes the last event and hashes it again, row and all.
    auto forged = app->cases.events(first).back();
    auto changes = Json::parse(forged.changes);
    changes.push_back({{"op", "add"}, {"path", "/smuggled"}, {"value", true}});
    forged.changes = changes.dump();
    forged.hash = engine::hash_of(forged);
    auto facts = app->cases.row(first)->facts;
    facts["smuggled"] = true;
    tamper({"UPDATE case_events SET changes = '" + forged.changes + "', hash = '" + forged.hash + "'" + event(3),
            "UPDATE cases SET facts = '" + facts.dump() + "', head_hash = '" + forged.hash + "'" + row()});
    EXPECT_THAT(verify(false).damage, IsEmpty()) << "the hashes are right";
    const auto report = verify(true);
    ASSERT_THAT(report.damage, SizeIs(1));
    EXPECT_EQ(report.damage[0].case_id, first);
    EXPECT_EQ(report.damage[0].seq, 3);
}

TEST_F(Verify, AForgedStartIsFoundByReplay) {
    auto forged = app->cases.events(first).back();
    forged.from = "managed";
    forged.hash = engine::hash_of(forged);
    tamper({"UPDATE case_events SET from_state = 'managed', hash = '" + forged.hash + "'" + event(3),
            "UPDATE cases SET head_hash = '" + forged.hash + "'" + row()});
    const auto report = verify(true);
    ASSERT_THAT(report.damage, SizeIs(1));
    EXPECT_EQ(report.damage[0].seq, 3) << report.damage[0].what;
    EXPECT_THAT(report.damage[0].what, HasSubstr("starts in managed"));
}

TEST_F(Verify, TheSameChangesInOtherWordsAreNoDamage) {
    auto other = app->cases.events(first).back();
    auto changes = Json::parse(other.changes);
    changes.insert(changes.begin(), Json::object({{"op", "add"}, {"path", "/passing"}, {"value", 1}}));
    changes.push_back({{"op", "remove"}, {"path", "/passing"}});
    other.changes = changes.dump();
    other.hash = engine::hash_of(other);
    tamper({"UPDATE case_events SET changes = '" + other.changes + "', hash = '" + other.hash + "'" + event(3),
            "UPDATE cases SET head_hash = '" + other.hash + "'" + row()});
    const auto report = verify(true);
    EXPECT_THAT(report.damage, IsEmpty()) << report.damage[0].what;
}

// Hashes that are right over texts in which two programs could read two things.
TEST_F(Verify, TextsThatAreNotStrictAreNamedWithTheirEvent) {
    const auto whole = app->cases.events(first).back();
    const auto with = [&](std::string engine::Event::*part, const std::string& text, const std::string& what) {
        auto forged = whole;
        forged.*part = text;
        forged.hash = engine::hash_of(forged);
        const auto quoted = [](std::string value) {
            for (std::size_t at = 0; (at = value.find('\'', at)) != std::string::npos; at += 2) value.insert(at, "'");
            return "'" + value + "'";
        };
        tamper({"UPDATE case_events SET payload = " + quoted(forged.payload) + ", context = " + quoted(forged.context) +
                    ", changes = " + quoted(forged.changes) + ", hash = '" + forged.hash + "'" + event(3),
                "UPDATE cases SET head_hash = '" + forged.hash + "'" + row()});
        SCOPED_TRACE(text);
        expect_damage(3, what);
    };
    auto twice = whole.payload;
    twice.insert(1, R"("findings":"x",)");
    with(&engine::Event::payload, twice, "twice");
    with(&engine::Event::payload, "[]", "payload is no object");
    with(&engine::Event::payload, "\xEF\xBB\xBF" + whole.payload, "byte order mark");
    with(&engine::Event::payload, whole.payload + "{}", "payload");
    with(&engine::Event::context, R"({"roles":NaN})", "context");
    with(&engine::Event::changes, R"([{"op":"replace","path":"/nothing/here","value":1}])", "does not apply");
    with(&engine::Event::changes, R"([{"op":"test","path":"/category","value":"x"}])", "no operation test");
}

TEST_F(Verify, FactsOfARowThatAreNotStrictAreNamed) {
    auto text = Tampering(app.database_file()).value("SELECT facts FROM cases" + row());
    const auto whole = text;
    text.insert(1, whole.substr(1, whole.find(',') - 1) + ",");
    tamper("UPDATE cases SET facts = '" + text + "'" + row());
    expect_damage(0, "twice");
}

TEST_F(Verify, OnlyOneCaseWhenAskedFor) {
    const auto report = verifier::verify(*app, {false, second});
    EXPECT_EQ(report.cases, 1);
    EXPECT_EQ(report.events, 3);
    EXPECT_THAT(verifier::verify(*app, {false, {"nowhere"}}).damage, SizeIs(1));
}

// This evidence is named only by a document of answers, which the event names.
TEST_F(Verify, DestroyedEvidenceOfASelfCheckIsFoundWithItsLinkAndWithout) {
    const auto add = [&](const std::string& text, const std::string& type) {
        std::istringstream content(text);
        return app->documents.add(content, "a", type, DemoApp::person("panel1"), app->clock.now(), 1 << 20).sha256;
    };
    const auto id = app.opens("panel1", "village_lifecycle", "990100001203", "open", Json::object());
    const auto photo = add("a photo", "image/jpeg");
    const auto answers =
        add(pilot::answers_document(app->rules.get("catalogue"), {}, photo, "示例").dump(), "application/json");
    app.gives("v-990100001203", id, "submit_self_check", {{"answers", answers}});
    app->documents.link(id, {answers, photo});
    const auto whole = verify(true);
    ASSERT_THAT(whole.damage, IsEmpty()) << whole.damage[0].what;
    EXPECT_EQ(whole.documents, 2);

    const auto expect_found = [&] {
        for (const bool replay : {false, true}) {
            const auto report = verify(replay);
            ASSERT_THAT(report.damage, SizeIs(1));
            EXPECT_EQ(report.damage[0].case_id, id);
            EXPECT_EQ(report.damage[0].seq, 2) << report.damage[0].what;
            EXPECT_THAT(report.damage[0].what, HasSubstr(photo));
        }
    };
    const auto of_photo = " WHERE sha256 = '" + photo + "'";
    tamper({"DELETE FROM document_chunks" + of_photo, "DELETE FROM documents" + of_photo});
    expect_found();
    tamper("DELETE FROM document_links" + of_photo);
    expect_found();
}

TEST_F(Verify, ALinkToNoDocumentIsFound) {
    app->documents.link(first, {std::string(64, 'a')});
    expect_damage(0, std::string(64, 'a'));
}

TEST_F(Verify, ADocumentWhoseContentChangedIsFound) {
    std::istringstream content("%PDF-1.4 示例");
    const auto document =
        app->documents.add(content, "a.pdf", "application/pdf", DemoApp::person("panel1"), app->clock.now(), 1000);
    EXPECT_THAT(verify().damage, IsEmpty());
    EXPECT_EQ(verify().documents, 1) << "also what no event names yet";
    tamper("UPDATE document_chunks SET content = 'b3RoZXI='");
    const auto report = verify();
    ASSERT_THAT(report.damage, SizeIs(1));
    EXPECT_EQ(report.damage[0].kind, "document");
    EXPECT_EQ(report.damage[0].name, document.sha256);
    app->documents.link(first, {document.sha256});
    expect_damage(0, document.sha256);
}

} // namespace

} // namespace cunmai::test
