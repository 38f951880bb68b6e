// The life of a command (architecture.md §2), with the leave request of docs/ as the workflow.
#include "docs/examples/leave_request.hpp"
#include "engine/case_service.hpp"
#include "engine/replay.hpp"
#include "tests/support/memory_store.hpp"

#include <gmock/gmock.h>

namespace cunmai::engine {
namespace {

using test::ManualClock;
using test::MemoryStore;
using Kind = Outcome::Kind;

const PersonId ann{"ann"}, bob{"bob"}, cleo{"cleo"}, stranger{"stranger"};

class CaseServiceTest : public ::testing::Test {
  protected:
    CaseServiceTest() {
        registry_.add(examples::leave_request());
        store_.memory.places["10"] = {"10", "Office", "", "district", "/10/"};
        store_.memory.places["20"] = {"20", "Other office", "", "district", "/20/"};
        store_.memory.grants = {{ann, "employee", "", "/10/"},
                                {bob, "superior", "", "/10/"},
                                {stranger, "superior", "", "/20/"},
                                {cleo, "employee", "", "/10/"}};
    }

    CommandRequest opening(const PersonId& actor, const std::string& key = "k1") {
        CommandRequest request;
        request.definition = "leave_request";
        request.place_code = "10";
        request.name = "request_leave";
        request.payload = {{"from_on", "2025-03-10"}, {"until_on", "2025-03-12"}};
        request.actor = actor;
        request.idempotency_key = key;
        return request;
    }
    CaseId opened() { return service_.execute(opening(ann)).case_id; }
    CommandRequest command(const CaseId& id, std::int64_t version, const PersonId& actor, const std::string& name,
                           Json payload = Json::object(), const std::string& key = "") {
        CommandRequest request;
        request.case_id = id;
        request.expected_version = version;
        request.actor = actor;
        request.name = name;
        request.payload = std::move(payload);
        request.idempotency_key = key.empty() ? own_key() : key;
        return request;
    }
    Outcome try_again(CommandRequest request) { // a refusal stays under its key, so this uses a new one
        request.idempotency_key = own_key();
        return service_.execute(request);
    }
    std::size_t reminded_in_time(const CaseId& one, const CaseId& other) { // how many still wanted it
        clock_.advance_seconds(3 * 86400);
        const auto fails = [](const Firing&, const std::exception& error) { ADD_FAILURE() << error.what(); };
        return service_.fire_all({{one, "remind", "remind"}, {other, "remind", "remind"}}, fails);
    }
    std::string own_key() { return "own-" + std::to_string(++keys_); }
    std::vector<Event>& events(const CaseId& id) { return store_.memory.events[id]; }

    int keys_ = 0;
    MemoryStore store_;
    Registry registry_;
    Roles roles_{{{"employee", RoleInfo::Kind::acts, "district"},
                  {"superior", RoleInfo::Kind::acts, "district"},
                  {"seat", RoleInfo::Kind::acts, "district", true},
                  {"reader", RoleInfo::Kind::reads, "district"},
                  {"system_administrator", RoleInfo::Kind::administers, "system"}}};
    ManualClock clock_;
    struct Counted : CaseService {
        using CaseService::CaseService;
        std::vector<std::string> again;

      private:
        void ran_again(std::string_view why) override { again.emplace_back(why); }
    };
    Counted service_{store_, registry_, roles_, clock_, "secret"};
};

TEST_F(CaseServiceTest, AnAcceptedCommandBecomesOneEventAndMovesTheCase) {
    const auto id = opened();
    const auto outcome = service_.execute(command(id, 1, bob, "grant"));
    EXPECT_EQ(outcome.kind, Kind::accepted);
    EXPECT_EQ(outcome.state, "granted");
    EXPECT_EQ(outcome.version, 2);
    ASSERT_EQ(events(id).size(), 2U);
    EXPECT_EQ(events(id)[1].from, "requested");
    EXPECT_EQ(events(id)[1].to, "granted");
    EXPECT_EQ(events(id)[1].previous_hash, events(id)[0].hash);
    EXPECT_EQ(store_.memory.notices.size(), 1U);
    EXPECT_TRUE(store_.memory.tasks[id].empty()) << "a final state asks for nothing";
}

TEST_F(CaseServiceTest, TheSameKeyWithTheSameCommandReturnsTheFirstOutcome) {
    const auto first = service_.execute(opening(ann));
    const auto again = service_.execute(opening(ann));
    EXPECT_EQ(again.kind, Kind::accepted);
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.case_id, first.case_id);
    EXPECT_EQ(store_.memory.rows.size(), 1U);
}

TEST_F(CaseServiceTest, TheSameKeyWithAnotherBodyIsAnError) {
    opened();
    auto other = opening(ann);
    other.payload["until_on"] = "2025-03-13";
    EXPECT_EQ(service_.execute(other).kind, Kind::key_reused);
    EXPECT_EQ(store_.memory.rows.size(), 1U);
}

// A client that was told "nothing was saved" goes on, so a frozen server that still holds the request must not run it.
TEST_F(CaseServiceTest, ARefusalStaysUnderItsKeyWhenItsCauseIsGone) {
    const auto id = opened();
    const auto wish = command(id, 1, cleo, "grant", Json::object(), "k2");
    const auto first = service_.execute(wish);
    ASSERT_EQ(first.kind, Kind::forbidden);
    store_.memory.grants.push_back({cleo, "superior", "", "/10/"});
    const auto again = service_.execute(wish);
    EXPECT_EQ(again.kind, Kind::forbidden);
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.refusal.reasons(), first.refusal.reasons());
    EXPECT_EQ(again.definition, first.definition);
    EXPECT_EQ(store_.memory.refused.size(), 1U) << "tried once";
    EXPECT_EQ(service_.execute(command(id, 1, cleo, "withdraw", Json::object(), "k2")).kind, Kind::key_reused);
    EXPECT_EQ(events(id).size(), 1U);
    EXPECT_EQ(service_.execute(command(id, 1, cleo, "grant", Json::object(), "k3")).kind, Kind::accepted);
}

TEST_F(CaseServiceTest, WhatWasNotFoundAndWhatWasInvalidStaySo) {
    const auto nowhere = command({"no-such-case"}, 1, bob, "grant", Json::object(), "k2");
    EXPECT_EQ(service_.execute(nowhere).kind, Kind::not_found);
    EXPECT_TRUE(service_.execute(nowhere).replayed);
    auto wish = opening(cleo, "k3");
    wish.payload.erase("until_on");
    const auto first = service_.execute(wish), again = service_.execute(wish);
    EXPECT_EQ(first.kind, Kind::invalid);
    EXPECT_EQ(again.kind, Kind::invalid);
    EXPECT_EQ(again.refusal.reasons(), first.refusal.reasons()) << "with their fields";
}

TEST_F(CaseServiceTest, AConflictDoesNotUseItsKeyUp) {
    const auto id = opened();
    EXPECT_EQ(service_.execute(command(id, 0, bob, "grant", Json::object(), "k2")).kind, Kind::conflict);
    EXPECT_EQ(service_.execute(command(id, 1, bob, "grant", Json::object(), "k2")).kind, Kind::accepted);
}

TEST_F(CaseServiceTest, AKeyIsOnesOwn) {
    service_.execute(opening(ann));
    EXPECT_FALSE(service_.execute(opening(cleo)).replayed);
    EXPECT_EQ(store_.memory.rows.size(), 2U);
}

TEST_F(CaseServiceTest, AStaleVersionIsAConflictWithTheCurrentOne) {
    const auto id = opened();
    service_.execute(command(id, 1, bob, "refuse", {{"reason", "no"}}));
    const auto late = service_.execute(command(id, 1, ann, "withdraw"));
    EXPECT_EQ(late.kind, Kind::conflict);
    EXPECT_EQ(late.version, 2);
    EXPECT_EQ(late.state, "refused");
    EXPECT_EQ(events(id).size(), 2U);
}

TEST_F(CaseServiceTest, ALostRaceIsDecidedAgain) {
    const auto id = opened();
    store_.lose_next_move = true;
    EXPECT_EQ(service_.execute(command(id, 1, bob, "grant")).kind, Kind::accepted);
    EXPECT_EQ(events(id).size(), 2U);
    EXPECT_THAT(service_.again, testing::ElementsAre("lost_race"));
}

TEST_F(CaseServiceTest, ATimerThatTheCaseNoLongerWantsIsForgottenWhenItsTimeHasCome) {
    const std::vector<CaseId> ids{opened(), service_.execute(opening(cleo)).case_id};
    service_.execute(command(ids[0], 1, bob, "grant"));
    ASSERT_EQ(store_.memory.timers[ids[0]].size(), 1U);
    EXPECT_EQ(reminded_in_time(ids[0], ids[1]), 1U);
    EXPECT_TRUE(store_.memory.timers[ids[0]].empty());
    EXPECT_EQ(events(ids[0]).size(), 2U);
}

TEST_F(CaseServiceTest, TimersThatLoseARaceAreFiredOneByOne) {
    const std::vector<CaseId> ids{opened(), service_.execute(opening(cleo)).case_id};
    store_.lose_next_move = true;
    EXPECT_EQ(reminded_in_time(ids[0], ids[1]), 2U);
    for (const auto& id : ids) EXPECT_EQ(events(id).size(), 2U);
}

TEST_F(CaseServiceTest, WhatGoesBesideACommandIsToldTheOutcomeWhateverItIs) {
    std::vector<Kind> seen;
    const auto watched = [&](CommandRequest request) {
        request.beside = [&](Transaction&, const Outcome& outcome) { seen.push_back(outcome.kind); };
        return request;
    };
    const auto id = service_.execute(watched(opening(ann))).case_id;
    service_.execute(watched(command(id, 1, cleo, "grant")));
    service_.execute(watched(command(id, 7, bob, "grant")));
    service_.execute(watched(command(id, 1, stranger, "grant")));
    EXPECT_THAT(seen, testing::ElementsAre(Kind::accepted, Kind::forbidden, Kind::conflict, Kind::not_found));

    auto failing = command(id, 1, bob, "grant");
    failing.beside = [](Transaction&, const Outcome&) { throw std::runtime_error("can't be kept"); };
    EXPECT_THROW(service_.execute(failing), std::runtime_error);
    EXPECT_EQ(events(id).size(), 1U);
}

TEST_F(CaseServiceTest, WhoeverHasNoJurisdictionHearsThatThereIsNoSuchCase) {
    const auto id = opened();
    EXPECT_EQ(service_.execute(command(id, 1, stranger, "grant")).kind, Kind::not_found);
    EXPECT_EQ(service_.execute(command({"nothing"}, 1, stranger, "grant")).kind, Kind::not_found);
    EXPECT_FALSE(service_.offers(id, stranger, {}));
    auto elsewhere = opening(ann, "k2");
    elsewhere.place_code = "20";
    EXPECT_EQ(service_.execute(elsewhere).kind, Kind::not_found);
}

TEST_F(CaseServiceTest, WhatWasTriedFromOutsideIsKeptAndNotTold) {
    const auto id = opened();
    const auto outcome = service_.execute(command(id, 1, stranger, "grant"));
    EXPECT_TRUE(outcome.refusal.empty());
    EXPECT_EQ(outcome.state, "");
    auto elsewhere = opening(ann, "k2");
    elsewhere.place_code = "20";
    service_.execute(elsewhere);
    service_.execute(command({"nothing"}, 1, stranger, "grant"));
    ASSERT_EQ(store_.memory.refused.size(), 2U) << "of a case that there is not, nothing";
    const auto& on_case = store_.memory.refused[0];
    EXPECT_EQ(on_case.case_id, id);
    EXPECT_EQ(on_case.actor, stranger);
    EXPECT_EQ(on_case.reasons.at(0).at("code"), outside_jurisdiction);
    EXPECT_EQ(store_.memory.refused[1].place_path, "/20/");
}

TEST_F(CaseServiceTest, WhatTheEdgeObjectsToIsRefusedAndKept) {
    const auto id = opened();
    auto wish = command(id, 1, bob, "refuse");
    wish.objections.add_for("reason", "file_too_large");
    const auto outcome = service_.execute(wish);
    EXPECT_EQ(outcome.kind, Kind::invalid);
    EXPECT_TRUE(outcome.refusal.has("file_too_large"));
    EXPECT_FALSE(outcome.refusal.has("missing")) << "once about each field";
    wish.payload = {{"reason", "x"}};
    EXPECT_EQ(try_again(wish).kind, Kind::invalid);
    wish.actor = ann;
    EXPECT_EQ(try_again(wish).kind, Kind::forbidden) << "whose it is not hears that first";
    ASSERT_EQ(store_.memory.refused.size(), 3U);
    EXPECT_EQ(store_.memory.refused[0].reasons.at(0).at("code"), "file_too_large");
}

TEST_F(CaseServiceTest, AnUnknownCommandAndAReusedKeyAreKept) {
    const auto id = opened();
    EXPECT_TRUE(service_.execute(command(id, 1, bob, "dance")).refusal.has("unknown_command"));
    EXPECT_EQ(service_.execute(command(id, 1, ann, "withdraw", Json::object(), "k1")).kind, Kind::key_reused);
    ASSERT_EQ(store_.memory.refused.size(), 2U);
    EXPECT_EQ(store_.memory.refused[0].command, "dance");
    EXPECT_EQ(store_.memory.refused[1].reasons.at(0).at("code"), "key_reused");
    EXPECT_EQ(store_.memory.refused[1].case_id, id);
}

TEST_F(CaseServiceTest, AnAdministratorSeesNoCase) {
    store_.memory.grants.push_back({PersonId{"root"}, "system_administrator", "", "/10/"});
    EXPECT_EQ(service_.execute(command(opened(), 1, {"root"}, "grant")).kind, Kind::not_found);
}

TEST_F(CaseServiceTest, TheWrongRoleIsForbiddenAndKeptAsRefused) {
    const auto id = opened();
    const auto outcome = service_.execute(command(id, 1, cleo, "grant"));
    EXPECT_EQ(outcome.kind, Kind::forbidden);
    EXPECT_TRUE(outcome.refusal.has("not_your_role"));
    ASSERT_EQ(store_.memory.refused.size(), 1U);
    EXPECT_EQ(store_.memory.refused[0].actor, cleo);
    EXPECT_EQ(events(id).size(), 1U);
}

TEST_F(CaseServiceTest, ARelationIsAPersonNotARole) {
    const auto id = opened();
    EXPECT_EQ(service_.execute(command(id, 1, cleo, "withdraw")).kind, Kind::forbidden);
    EXPECT_EQ(service_.execute(command(id, 1, ann, "withdraw")).kind, Kind::accepted);
}

TEST_F(CaseServiceTest, InputIsCheckedFieldByField) {
    auto bad = opening(ann);
    bad.payload = {{"from_on", "2025-02-30"}, {"extra", 1}, {"reason", 5}};
    const auto outcome = service_.execute(bad);
    EXPECT_EQ(outcome.kind, Kind::invalid);
    for (const auto* code : {"not_a_date", "unknown_field", "wrong_type", "missing"})
        EXPECT_TRUE(outcome.refusal.has(code)) << code;
    EXPECT_TRUE(store_.memory.rows.empty());
}

TEST_F(CaseServiceTest, ARefusalSaysWhatIsMissing) {
    auto backwards = opening(ann);
    backwards.payload["until_on"] = "2025-03-09";
    const auto outcome = service_.execute(backwards);
    EXPECT_EQ(outcome.kind, Kind::refused);
    EXPECT_TRUE(outcome.refusal.has("ends_before_it_starts"));
    EXPECT_TRUE(store_.memory.rows.empty());
}

TEST_F(CaseServiceTest, AGuardKnowsFromOutsideWhatItNeeds) {
    std::erase_if(store_.memory.grants, [](const Grant& one) { return one.person == bob; });
    EXPECT_TRUE(service_.execute(opening(ann)).refusal.has("nobody_decides"));
    store_.memory.grants.push_back({ann, "superior", "", "/10/"});
    EXPECT_TRUE(service_.execute(opening(ann, "k2")).refusal.has("nobody_decides")) << "nobody but who asks";
    EXPECT_EQ(service_.execute(opening(cleo, "k3")).kind, Kind::accepted);
}

TEST_F(CaseServiceTest, AnUnknownCommandAndAnInternalOneAreNotForPersons) {
    const auto id = opened();
    EXPECT_EQ(service_.execute(command(id, 1, bob, "dance")).kind, Kind::unknown_command);
    EXPECT_EQ(service_.execute(command(id, 1, bob, "remind")).kind, Kind::unknown_command);
}

TEST_F(CaseServiceTest, ACommandOfAnotherStateSaysSo) {
    const auto id = opened();
    service_.execute(command(id, 1, bob, "grant"));
    const auto outcome = service_.execute(command(id, 2, bob, "refuse", {{"reason", "late"}}));
    EXPECT_EQ(outcome.kind, Kind::not_here);
    EXPECT_TRUE(outcome.refusal.has("not_in_this_state"));
}

TEST_F(CaseServiceTest, ADelegateActsWithTheRoleOfThePrincipalAndBothStandInTheRecord) {
    const auto id = opened();
    auto request = command(id, 1, cleo, "grant");
    request.on_behalf_of = bob;
    EXPECT_EQ(try_again(request).kind, Kind::forbidden) << "without a delegation";
    store_.memory.delegations.push_back({bob, cleo, "superior", clock_.now(), clock_.now().plus_seconds(3600)});
    clock_.advance_seconds(3600);
    EXPECT_EQ(try_again(request).kind, Kind::forbidden) << "its period is over";
    clock_.advance_seconds(-1);
    EXPECT_EQ(try_again(request).kind, Kind::accepted);
    EXPECT_EQ(events(id)[1].actor, cleo);
    EXPECT_EQ(events(id)[1].on_behalf_of, bob);
}

TEST_F(CaseServiceTest, AnAdministratorDoesNotActForAnother) {
    const auto id = opened();
    auto request = command(id, 1, cleo, "grant");
    request.on_behalf_of = bob;
    store_.memory.delegations.push_back({bob, cleo, "superior", clock_.now(), clock_.now().plus_seconds(3600)});
    store_.memory.grants.push_back({cleo, "system_administrator", "", "/"}); // beside the delegation
    EXPECT_EQ(service_.execute(request).kind, Kind::forbidden);
    std::erase_if(store_.memory.grants, [](const auto& grant) { return grant.role == "employee"; });
    EXPECT_FALSE(service_.offers(id, cleo, {})) << "nor see the case";
}

TEST_F(CaseServiceTest, ARelationCountsWithARoleThatActsHere) {
    const auto id = opened(); // by ann, who is its applicant
    EXPECT_EQ(service_.execute(command(id, 1, ann, "grant")).kind, Kind::forbidden);
    store_.memory.grants = {{ann, "reader", "", "/10/"}, {ann, "employee", "", "/20/"}};
    EXPECT_EQ(service_.execute(command(id, 1, ann, "withdraw")).kind, Kind::forbidden);
    store_.memory.grants.push_back({ann, "superior", "", "/10/"});
    EXPECT_EQ(service_.execute(command(id, 1, ann, "withdraw")).kind, Kind::accepted);
}

TEST_F(CaseServiceTest, ADelegateHasTheRelationsThatComeWithTheRole) {
    store_.memory.grants.push_back({ann, "seat", "", "/10/"});
    const auto id = opened();
    auto request = command(id, 1, bob, "withdraw");
    request.on_behalf_of = ann;
    const auto hand_on = [&](const std::string& role) {
        store_.memory.delegations = {{ann, bob, role, clock_.now(), clock_.now().plus_seconds(3600)}};
    };
    hand_on("seat");
    EXPECT_EQ(try_again(request).kind, Kind::forbidden) << "a seat on a committee";
    hand_on("employee");
    EXPECT_EQ(try_again(request).kind, Kind::accepted);
}

TEST_F(CaseServiceTest, SeparationOfDutiesHoldsForTheDelegateToo) {
    const auto id = opened(); // by ann
    store_.memory.delegations.push_back({bob, ann, "superior", clock_.now(), clock_.now().plus_seconds(3600)});
    auto request = command(id, 1, ann, "grant");
    request.on_behalf_of = bob;
    const auto outcome = service_.execute(request);
    EXPECT_EQ(outcome.kind, Kind::refused);
    EXPECT_TRUE(outcome.refusal.has("own_request"));
}

TEST_F(CaseServiceTest, ATimerFiresOnceWhenItIsDue) {
    const auto id = opened();
    EXPECT_EQ(service_.fire(id, "remind", "remind").kind, Kind::not_here) << "not yet due";
    clock_.advance_seconds(2 * 86400);
    EXPECT_EQ(service_.fire(id, "remind", "remind").kind, Kind::accepted);
    EXPECT_EQ(service_.fire(id, "remind", "remind").kind, Kind::not_here) << "no longer wanted";
    EXPECT_EQ(events(id).back().actor, system_person);
}

TEST_F(CaseServiceTest, NothingIsLeftWhenTheCommitFails) {
    store_.before_commit = [] { throw StoreUnavailable("disk full"); };
    EXPECT_THROW(service_.execute(opening(ann)), StoreUnavailable);
    store_.before_commit = nullptr;
    EXPECT_TRUE(store_.memory.rows.empty());
    EXPECT_TRUE(store_.memory.replies.empty());
    EXPECT_EQ(service_.execute(opening(ann)).kind, Kind::accepted);
}

// The connection broke while COMMIT was on its way.
TEST_F(CaseServiceTest, AnUnknownCommitThatWasKeptIsAnsweredByItsKey) {
    int commits = 0;
    store_.after_commit = [&] {
        if (++commits == 1) throw StoreUnavailable("lost at commit", true);
    };
    const auto outcome = service_.execute(opening(ann));
    EXPECT_EQ(outcome.kind, Kind::accepted);
    EXPECT_TRUE(outcome.replayed);
    EXPECT_EQ(store_.memory.rows.size(), 1U);
    EXPECT_EQ(events(outcome.case_id).size(), 1U) << "once";
    EXPECT_THAT(service_.again, testing::ElementsAre("unknown_commit"));
}

TEST_F(CaseServiceTest, AnUnknownCommitThatWasNotKeptIsRunAgain) {
    int commits = 0;
    store_.before_commit = [&] {
        if (++commits == 1) throw StoreUnavailable("lost at commit", true);
    };
    const auto outcome = service_.execute(opening(ann));
    EXPECT_EQ(outcome.kind, Kind::accepted);
    EXPECT_FALSE(outcome.replayed);
    EXPECT_EQ(events(outcome.case_id).size(), 1U);
}

TEST_F(CaseServiceTest, AnUnknownCommitStaysUnknownWhileTheStoreIsAway) {
    int commits = 0;
    store_.before_commit = [&] { throw StoreUnavailable("no node is healthy", ++commits == 1); };
    try {
        service_.execute(opening(ann));
        ADD_FAILURE() << "an answer without a store";
    } catch (const StoreUnavailable& fault) { EXPECT_TRUE(fault.outcome_unknown); }
    EXPECT_EQ(commits, 2);
}

TEST_F(CaseServiceTest, AnUnknownCommitWithoutAKeyIsNotRunAgain) {
    int commits = 0;
    store_.before_commit = [&] {
        ++commits;
        throw StoreUnavailable("lost at commit", true);
    };
    auto request = opening(ann);
    request.idempotency_key.clear();
    EXPECT_THROW(service_.execute(request), StoreUnavailable);
    EXPECT_EQ(commits, 1);
}

TEST_F(CaseServiceTest, OffersSayWhatCanBeDoneAndWhyTheRestCannot) {
    const auto id = opened();
    const auto of = [&](const PersonId& person, const std::string& name) {
        const auto found = service_.offers(id, person, {});
        for (const auto& offer : found->offers)
            if (offer.command == name) return offer;
        return Offer{};
    };
    EXPECT_TRUE(of(bob, "grant").allowed);
    EXPECT_FALSE(of(ann, "grant").allowed);
    EXPECT_FALSE(of(ann, "grant").by_role);
    EXPECT_THAT(of(ann, "grant").who, ::testing::ElementsAre("superior"));
    EXPECT_TRUE(of(ann, "withdraw").allowed);
    store_.memory.grants.push_back({ann, "superior", "", "/10/"});
    EXPECT_TRUE(of(ann, "grant").by_role);
    EXPECT_TRUE(of(ann, "grant").missing.has("own_request"));
    EXPECT_EQ(of(bob, "remind").command, "") << "internal commands are not offered";
    EXPECT_EQ(store_.memory.events[id].size(), 1U) << "asking changes nothing";
}

TEST_F(CaseServiceTest, TheRecordAloneGivesTheRowAndDecidesTheSameAgain) {
    const auto id = opened();
    clock_.advance_seconds(3 * 86400);
    service_.fire(id, "remind", "remind");
    service_.execute(command(id, 2, bob, "grant"));
    EXPECT_FALSE(check_chain(id, events(id)));
    EXPECT_EQ(difference(store_.memory.rows[id], fold(registry_, events(id))), "");
    EXPECT_FALSE(replay(registry_, events(id)));
}

TEST_F(CaseServiceTest, EveryTamperingIsFoundAndNamed) {
    const auto id = opened();
    clock_.advance_seconds(3 * 86400);
    service_.fire(id, "remind", "remind");
    service_.execute(command(id, 2, bob, "grant"));
    const auto whole = events(id);
    const auto damage = [&](auto tamper) {
        auto copy = whole;
        tamper(copy);
        const auto found = check_chain(id, copy);
        return found ? found->seq : 0;
    };
    EXPECT_EQ(damage([](auto&) {}), 0);
    EXPECT_EQ(damage([](auto& list) { list[1].at.micros += 1; }), 2);
    EXPECT_EQ(damage([](auto& list) { list[0].payload[2] ^= 1; }), 1);
    EXPECT_EQ(damage([](auto& list) { list[2].actor = ann; }), 3);
    EXPECT_EQ(damage([](auto& list) { list.erase(list.begin() + 1); }), 2);
    EXPECT_EQ(damage([](auto& list) { std::swap(list[0], list[1]); }), 1);
    EXPECT_EQ(damage([](auto& list) { list.insert(list.begin() + 1, list[0]); }), 2);
    EXPECT_EQ(damage([](auto& list) { list[2].hash[5] = list[2].hash[5] == 'a' ? 'b' : 'a'; }), 3);
    // A chain rebuilt around another decision is whole, but the workflow would not have decided so.
    auto forged = whole;
    forged[2].to = "refused";
    forged[2].hash = hash_of(forged[2]);
    EXPECT_FALSE(check_chain(id, forged));
    ASSERT_TRUE(replay(registry_, forged));
    EXPECT_EQ(replay(registry_, forged)->seq, 3);
    auto row = store_.memory.rows[id];
    row.facts["applicant"] = "bob";
    EXPECT_NE(difference(row, fold(registry_, whole)), "");
}

} // namespace
} // namespace cunmai::engine
