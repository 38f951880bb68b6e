// Dates, input checks, administration rules, event bytes.
#include "docs/examples/leave_request.hpp"
#include "engine/administration.hpp"
#include "engine/event.hpp"
#include "engine/fingerprint.hpp"
#include "engine/refusal.hpp"
#include "engine/registry.hpp"

#include <gtest/gtest.h>

namespace cunmai::engine {
namespace {

TEST(Dates, AreOfTheCalendar) {
    EXPECT_FALSE(parse_date("2025-02-29"));
    EXPECT_FALSE(parse_date("2025-2-3"));
    EXPECT_FALSE(parse_date("2025-13-01"));
    EXPECT_TRUE(parse_date("2024-02-29"));
}

TEST(Dates, AYearAfterALeapDayEndsOnTheFirstOfMarch) {
    EXPECT_EQ(to_text(add_years(*parse_date("2024-02-29"), 1)), "2025-03-01");
    EXPECT_EQ(to_text(add_years(*parse_date("2025-03-01"), 1)), "2026-03-01");
}

TEST(Dates, TheDistrictsDayBeginsBeforeUtcs) {
    const auto late = *parse_iso("2025-02-28T16:30:00Z");
    EXPECT_EQ(to_text(local_date(late)), "2025-03-01");
    EXPECT_EQ(to_iso(start_of_day(*parse_date("2025-03-01"))), "2025-02-28T16:00:00.000000Z");
    EXPECT_EQ(to_local(late), "2025-03-01 00:30");
}

TEST(Instants, AreReadInEveryZoneAndRefusedWhenWrong) {
    EXPECT_EQ(parse_iso("2025-03-01T08:00:00+08:00"), parse_iso("2025-03-01T00:00:00Z"));
    EXPECT_EQ(parse_iso("2025-03-01T00:00:00.25Z")->micros % 1'000'000, 250'000);
    for (const auto* bad :
         {"", "2025-03-01", "2025-03-01T25:00:00Z", "2025-03-01T00:00:00", "2025-03-01T00:00:00+8:00"})
        EXPECT_FALSE(parse_iso(bad)) << bad;
}

Refusal with_reasons(int first, int count) {
    Refusal refusal;
    for (int one = first; one < first + count; ++one) refusal.add_for("f" + std::to_string(one), "missing");
    return refusal;
}

TEST(Refusals, TellFiftyReasonsAndHowManyMoreThereAre) {
    const auto fifty = with_reasons(0, 50);
    EXPECT_EQ(fifty.reasons().size(), 50u);
    EXPECT_FALSE(fifty.has("and_more"));
    const auto many = with_reasons(0, 110'000); // in no time, too: each looks at fifty others only
    ASSERT_EQ(many.reasons().size(), 51u);
    EXPECT_EQ(many.reasons()[49].field, "f49");
    EXPECT_EQ(many.reasons().back(), (Reason{"and_more", {{"count", 109'950}}, ""}));

    auto known = many;
    known.add_for("f7", "missing");
    EXPECT_EQ(known.reasons(), many.reasons()) << "each once";
}

TEST(Refusals, AreMergedAndReadBackWithTheirCount) {
    const auto many = with_reasons(0, 60);
    const auto read_back = refusal_of(to_json(many));
    EXPECT_EQ(read_back.reasons(), many.reasons());

    auto merged = with_reasons(100, 3);
    merged.add_all(many);
    ASSERT_EQ(merged.reasons().size(), 51u);
    EXPECT_EQ(merged.reasons().front().field, "f100");
    EXPECT_EQ(merged.reasons().back().facts, (Json{{"count", 13}}));

    auto later = refusal_of(Json::parse(R"([{"code": "and_more", "facts": {"count": 2}}])"));
    later.add_for("a", "missing");
    ASSERT_EQ(later.reasons().size(), 2u);
    EXPECT_EQ(later.reasons().back().code, "and_more") << "stays the last";
}

TEST(Fields, BlankIsMissingAlsoWithIdeographicSpace) {
    EXPECT_TRUE(check_payload({Field::line("title")}, {{"title", " \u3000 "}}).has("missing"));
    EXPECT_TRUE(check_payload({Field::line("title").optional()}, {{"title", ""}}).empty());
}

TEST(Fields, LengthCountsCharactersNotBytes) {
    std::string text;
    for (int i = 0; i < 200; ++i) text += "村";
    EXPECT_TRUE(check_payload({Field::line("title")}, {{"title", text}}).empty());
    EXPECT_TRUE(check_payload({Field::line("title")}, {{"title", text + "村"}}).has("too_long"));
}

TEST(Fields, ListsAndNumbersKeepTheirLimits) {
    const Fields fields{Field::number("score", FieldType::integer, 0, 100),
                        Field::of(FieldType::documents, "evidence")};
    EXPECT_TRUE(check_payload(fields, {{"score", 101}, {"evidence", Json::array()}}).has("out_of_range"));
    EXPECT_TRUE(check_payload(fields, {{"score", 1.5}, {"evidence", Json::array()}}).has("wrong_type"));
    EXPECT_TRUE(check_payload(fields, {{"score", 1}, {"evidence", {"x"}}}).has("not_a_document"));
    EXPECT_TRUE(check_payload(fields, Json::array()).has("payload_not_object"));
    EXPECT_TRUE(check_payload({Field::line("a")}, {{"a", "line\nbreak"}}).has("control_character"));
}

TEST(Fingerprint, ChangesWithTheTable) {
    const auto definition = examples::leave_request();
    auto info = definition->info();
    EXPECT_EQ(fingerprint_of(info), info.fingerprint);
    info.rows[1].who.push_back("employee");
    EXPECT_NE(fingerprint_of(info), info.fingerprint);
}

TEST(EventBytes, AreExactlyAsDocumented) {
    Event event;
    event.case_id = {"c1"};
    event.seq = 1;
    event.at = {258};
    event.previous_hash = first_previous_hash;
    const auto bytes = bytes_of(event);
    EXPECT_EQ(to_hex(bytes.substr(0, 18)), "0000000e" + to_hex("cunmai.event.1"));
    EXPECT_EQ(to_hex(bytes.substr(18, 6)), "00000002" + to_hex("c1"));
    EXPECT_EQ(to_hex(bytes.substr(24, 16)), "00000000000000010000000000000102");
    EXPECT_EQ(hash_of(event), sha256_hex(std::string(32, '\0') + bytes));
}

// The worked vectors of docs/record-format.md §7; they were computed by another program.
TEST(EventBytes, MatchTheWorkedVectors) {
    Event first;
    first.case_id = {"01jnexample00001"};
    first.seq = 1;
    first.at = {1'740'787'200'000'000};
    first.actor = {"p-ann"};
    first.definition = "leave_request";
    first.definition_version = 1;
    first.command = "request_leave";
    first.from = "not_opened";
    first.to = "requested";
    first.payload = R"({"from_on":"2025-03-10","until_on":"2025-03-12"})";
    first.context = R"({"roles":["employee"]})";
    first.changes = R"([{"op":"add","path":"/applicant","value":"p-ann"}])";
    first.request_id = "r-1";
    first.previous_hash = first_previous_hash;
    EXPECT_EQ(bytes_of(first).size(), 275U);
    EXPECT_EQ(hash_of(first), "1a4aced43b57247936f79517c7666614b5d426a358f326de2a1d9dfaa855e4ee");
    Event second = first;
    second.seq = 2;
    second.at = {1'740'873'600'000'001};
    second.actor = {"p-cleo"};
    second.on_behalf_of = {"p-bob"};
    second.command = "refuse";
    second.from = "requested";
    second.to = "refused";
    second.payload = R"({"reason":"人手不足"})";
    second.context = R"({"roles":["superior"]})";
    second.changes = "[]";
    second.request_id = "r-2";
    second.previous_hash = hash_of(first);
    EXPECT_EQ(bytes_of(second).size(), 200U);
    EXPECT_EQ(hash_of(second), "1749c611267c48b90a5bdd755ec65a4370483a7822620a1b364be69c4cbf0cdc");
}

class AdministrationTest : public ::testing::Test {
  protected:
    GrantWish wish(const std::string& role, std::vector<Grant> held = {}) {
        GrantWish wish;
        wish.by = {"sec"};
        wish.by_grants = {{{"sec"}, "security_administrator", "", "/1/"}};
        wish.person = {"p"};
        wish.person_grants = std::move(held);
        wish.role = role;
        wish.place = {"1", "District", "", "district", "/1/"};
        return wish;
    }
    Roles roles_{{{"panel_leader", RoleInfo::Kind::acts, "district"},
                  {"village_officer", RoleInfo::Kind::acts, "village"},
                  {"system_administrator", RoleInfo::Kind::administers, "system"},
                  {"security_administrator", RoleInfo::Kind::administers, "system"},
                  {"audit_administrator", RoleInfo::Kind::administers, "system"}}};
};

TEST_F(AdministrationTest, OnlyTheSecurityAdministratorGrants) {
    EXPECT_TRUE(may_add_grant(roles_, wish("panel_leader")).empty());
    auto other = wish("panel_leader");
    other.by_grants = {{{"sec"}, "system_administrator", "", "/1/"}};
    EXPECT_TRUE(may_add_grant(roles_, other).has("not_your_role"));
}

TEST_F(AdministrationTest, NobodyHoldsTwoOfTheThreeOrACaseRoleBeside) {
    EXPECT_TRUE(may_add_grant(roles_, wish("audit_administrator", {{{"p"}, "system_administrator", "", "/1/"}}))
                    .has("two_administrators"));
    EXPECT_TRUE(may_add_grant(roles_, wish("panel_leader", {{{"p"}, "system_administrator", "", "/1/"}}))
                    .has("administrator_with_case_role"));
    EXPECT_TRUE(may_add_grant(roles_, wish("audit_administrator", {{{"p"}, "panel_leader", "", "/1/"}}))
                    .has("administrator_with_case_role"));
}

TEST_F(AdministrationTest, WhoActsForAnotherDoesNotBecomeAdministrator) {
    auto made = wish("system_administrator");
    made.delegated = {{{"a"}, made.person, "panel_leader", {0}, Instant{0}.plus_seconds(86400)}};
    EXPECT_TRUE(may_add_grant(roles_, made).has("administrator_with_delegation"));
    made.role = "panel_leader";
    EXPECT_TRUE(may_add_grant(roles_, made).empty());
}

TEST_F(AdministrationTest, NobodyGrantsToThemselves) {
    auto own = wish("panel_leader");
    own.person = own.by;
    EXPECT_TRUE(may_add_grant(roles_, own).has("own_grant"));
}

TEST_F(AdministrationTest, ARoleFitsItsJurisdiction) {
    EXPECT_TRUE(may_add_grant(roles_, wish("village_officer")).has("wrong_jurisdiction"));
}

TEST_F(AdministrationTest, APostIsNeverEmptiedAndTheLastAdministratorStays) {
    auto removal = wish("panel_leader");
    removal.posts = {"case1"};
    EXPECT_TRUE(may_remove_grant(roles_, removal).has("post_would_be_empty"));
    removal = wish("system_administrator");
    removal.holders_of_role = 1;
    EXPECT_TRUE(may_remove_grant(roles_, removal).has("last_administrator"));
    removal.holders_of_role = 2;
    EXPECT_TRUE(may_remove_grant(roles_, removal).empty());
}

TEST_F(AdministrationTest, ADelegationIsOfOnesOwnCaseRoleForAPeriod) {
    const std::vector<Grant> mine{{{"p"}, "panel_leader", "", "/1/"}};
    const Delegation good{{"p"}, {"q"}, "panel_leader", {0}, Instant{0}.plus_seconds(86400)};
    EXPECT_TRUE(may_delegate(roles_, mine, {}, good, 90, {1}).empty());
    auto bad = good;
    bad.delegate = bad.principal;
    EXPECT_TRUE(may_delegate(roles_, mine, {}, bad, 90, {1}).has("delegate_is_yourself"));
    bad = good;
    bad.role = "village_officer";
    EXPECT_TRUE(may_delegate(roles_, mine, {}, bad, 90, {1}).has("not_your_role"));
    bad = good;
    bad.until = Instant{0}.plus_seconds(91 * 86400);
    EXPECT_TRUE(may_delegate(roles_, mine, {}, bad, 90, {1}).has("delegation_too_long"));
    EXPECT_TRUE(may_delegate(roles_, mine, {}, bad, 91, {1}).empty()) << "how long is the district's rule";
    EXPECT_TRUE(may_delegate(roles_, mine, {}, good, 90, good.until).has("in_the_past"));
    EXPECT_TRUE(may_delegate(roles_, mine, {{{"q"}, "audit_administrator", "", "/1/"}}, good, 90, {1})
                    .has("administrator_with_case_role"));
}

} // namespace
} // namespace cunmai::engine
