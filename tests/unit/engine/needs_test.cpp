// The needs of a condition are gathered wherever it is used. The example is a small machine that lends books under a
// rule of the district.
#include "engine/case_service.hpp"
#include "engine/json_text.hpp"
#include "engine/machine.hpp"
#include "engine/replay.hpp"
#include "tests/support/memory_store.hpp"

#include <gmock/gmock.h>

namespace cunmai::engine {
namespace {

using test::ManualClock;
using test::MemoryStore;
using Kind = Outcome::Kind;

int limits_gathered = 0;

struct Shelved : State {
    static constexpr std::string_view key = "shelved";
};
struct Lent : State {
    static constexpr std::string_view key = "lent";
};
struct Gone : FinalState {
    static constexpr std::string_view key = "gone";
};
struct Reader : Role {
    static constexpr std::string_view key = "reader";
};
struct Shelve : Command {
    static constexpr std::string_view key = "shelve";
};
struct Lend : Command {
    static constexpr std::string_view key = "lend";
    static Fields fields() {
        return {Field::number("days", FieldType::integer, 1, 1000), Field::of(FieldType::person, "patron").optional()};
    }
};
struct Extend : Command {
    static constexpr std::string_view key = "extend";
    static Fields fields() { return {Field::number("days", FieldType::integer, 1, 1000)}; }
};
struct Discard : Command {
    static constexpr std::string_view key = "discard";
};

// ---- needs --------------------------------------------------------------------------------------------------------

struct LimitInForce {
    static constexpr std::string_view key = "days_max";
    static Json gather(const Ask&, Knowledge& knowledge) {
        ++limits_gathered;
        return knowledge.rule("days_max");
    }
};
struct PatronsBan { // null: nobody is named, or they are not banned
    static constexpr std::string_view key = "ban";
    static Json gather(const Ask& ask, Knowledge& knowledge) {
        const auto bans = knowledge.rule("bans");
        return bans.is_object() ? bans.value(ask.given("patron"), Json()) : Json();
    }
};
struct Fine {
    static constexpr std::string_view key = "fine";
    using needs = Needs<LimitInForce>;
    static Json gather(const Ask& ask, const CommandInfo& command, Knowledge&) {
        return needs::get<LimitInForce>(ask).get<int>() * 10 + static_cast<int>(command.fields.size());
    }
};
struct AnotherLimit {
    static constexpr std::string_view key = "days_max";
    static Json gather(const Ask&, Knowledge&) { return 1; }
};
struct Impostor {
    static constexpr std::string_view key = "roles";
    static Json gather(const Ask&, Knowledge&) { return {"superior"}; }
};

// ---- who reads them -----------------------------------------------------------------------------------------------

struct WithinLimit : InputCondition {
    static constexpr std::string_view key = "within_limit";
    using needs = Needs<LimitInForce>;
    static bool holds(const Ask& ask, Refusal& why) {
        if (ask.payload.at("days") > needs::get<LimitInForce>(ask)) why.add("too_long");
        return why.empty();
    }
};
struct PatronIsNotBanned : Condition {
    static constexpr std::string_view key = "patron_is_not_banned";
    using needs = Needs<PatronsBan>;
    static bool holds(const Ask& ask, Refusal& why) {
        if (const auto& ban = needs::get<PatronsBan>(ask); !ban.is_null()) why.add("banned", {{"until", ban}});
        return why.empty();
    }
};
struct KeepFine {
    static constexpr std::string_view key = "keep_fine";
    using needs = Needs<Fine>;
    static void run(const Ask& ask, Decision& decision) { decision.facts["fine"] = needs::get<Fine>(ask); }
};
struct LimitsAgree : Condition {
    static constexpr std::string_view key = "limits_agree";
    using needs = Needs<AnotherLimit>;
    static bool holds(const Ask&, Refusal&) { return true; }
};
struct IsSuperior : Condition {
    static constexpr std::string_view key = "is_superior";
    using needs = Needs<Impostor>;
    static bool holds(const Ask&, Refusal&) { return true; }
};

// A need that is not declared can't be read. The concept is false where the read would not compile.
template <class Reads, class Need>
concept CanRead = requires(const Ask& ask) {
    Reads::needs::template get<Need>(ask);
};
static_assert(CanRead<WithinLimit, LimitInForce>);
static_assert(!CanRead<WithinLimit, PatronsBan>);
static_assert(!CanRead<Condition, LimitInForce>);

template <class Rows> struct Library {
    static constexpr std::string_view key = "book";
    static constexpr int version = 1;
    static constexpr bool one_open_per_place = false;
    using transition_table = Rows;
};
// clang-format off
using OldRows = Table<
    Row< NotOpened , Shelve  , Shelved , By<Reader>                                                             >,
    Row< Shelved   , Lend    , Lent    , By<Reader> , Do<>         , If<PatronIsNotBanned, WithinLimit>         >,
    Row< Lent      , Discard , Gone    , By<Reader> , Do<KeepFine>                                              >
>;
using NewRow = Table<
    Row< Lent      , Extend  , Stays   , By<Reader> , Do<KeepFine> , If<WithinLimit>                            >
>;
using TwoLimits = Table<Row< Shelved , Lend , Lent , By<Reader> , Do<> , If<WithinLimit, LimitsAgree> >>;
using TwoRows = Table<
    Row< Shelved   , Lend    , Lent    , By<Reader> , Do<>         , If<WithinLimit>                            >,
    Row< Shelved   , Lend    , Gone    , By<Reader> , Do<>         , If<LimitsAgree>                            >
>;
using StolenKey = Table<Row< Shelved , Lend , Lent , By<Reader> , Do<> , If<IsSuperior> >>;
// clang-format on
using Books = MachineDefinition<Library<Join<OldRows, NewRow>>>;

// A workflow whose own context() forgets a need.
class Forgetful final : public Definition {
  public:
    const DefinitionInfo& info() const override { return books_.info(); }
    Verdict decide(const Ask& ask) const override { return books_.decide(ask); }

  private:
    Books books_;
};

class NeedsTest : public ::testing::Test {
  protected:
    NeedsTest() {
        store_.memory.places["10"] = {"10", "Library", "", "district", "/10/"};
        store_.memory.grants = {{ann, "reader", "", "/10/"}};
        store_.memory.rules["days_max"] = 30;
        store_.memory.rules["bans"] = {{"bob", "2026-01-01"}};
    }
    CaseId shelved() {
        CommandRequest request;
        request.definition = "book";
        request.place_code = "10";
        request.name = "shelve";
        request.actor = ann;
        return service_.execute(request).case_id;
    }
    Outcome give(const CaseId& id, const std::string& name, Json payload = Json::object()) {
        CommandRequest request;
        request.case_id = id;
        request.name = name;
        request.payload = std::move(payload);
        request.actor = ann;
        return service_.execute(request);
    }
    Json last_context(const CaseId& id) { return parse_json(store_.memory.events[id].back().context); }

    const PersonId ann{"ann"};
    MemoryStore store_;
    Registry registry_;
    Roles roles_{{{"reader", RoleInfo::Kind::acts, "district"}}};
    ManualClock clock_;
    CaseService service_{store_, registry_, roles_, clock_, "secret"};
};

TEST_F(NeedsTest, AConditionInANewRowBringsItsKnowledgeAlongAndGuards) {
    registry_.add(std::make_unique<Books>());
    const auto id = shelved();
    EXPECT_EQ(give(id, "lend", {{"days", 30}}).kind, Kind::accepted);
    EXPECT_TRUE(give(id, "extend", {{"days", 31}}).refusal.has("too_long"));
    EXPECT_EQ(give(id, "extend", {{"days", 30}}).kind, Kind::accepted);
    EXPECT_EQ(last_context(id).at("days_max"), 30);
}

TEST_F(NeedsTest, TheTableSaysWhatEachRowNeeds) {
    const auto rows = Books().info().rows;
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_THAT(rows[0].needs, testing::IsEmpty());
    EXPECT_THAT(rows[1].needs, testing::ElementsAre("ban", "days_max"));
    EXPECT_THAT(rows[2].needs, testing::ElementsAre("days_max", "fine")) << "and what a need needs, before it";
    EXPECT_THAT(rows[3].needs, testing::ElementsAre("days_max", "fine"));
}

TEST_F(NeedsTest, EachNeedIsGatheredOnceAndNoneThatTheCommandDoesNotHave) {
    registry_.add(std::make_unique<Books>());
    limits_gathered = 0;
    const auto id = shelved();
    EXPECT_EQ(limits_gathered, 0);
    give(id, "lend", {{"days", 1}});
    EXPECT_EQ(limits_gathered, 1);
    give(id, "extend", {{"days", 1}});
    EXPECT_EQ(limits_gathered, 2) << "by the condition, by the action, and by what the action needs";
}

TEST_F(NeedsTest, ANeedReadsThoseItNeedsAndTheCommand) {
    registry_.add(std::make_unique<Books>());
    const auto id = shelved();
    give(id, "lend", {{"days", 1}});
    give(id, "extend", {{"days", 1}});
    EXPECT_EQ(store_.memory.rows[id].facts.at("fine"), 301);
}

TEST_F(NeedsTest, WhatIsNotFoundIsNullForTheGuardAndLeavesNoTraceInTheEvent) {
    registry_.add(std::make_unique<Books>());
    const auto id = shelved();
    EXPECT_TRUE(give(id, "lend", {{"days", 1}, {"patron", "bob"}}).refusal.has("banned"));
    EXPECT_EQ(give(id, "lend", {{"days", 1}, {"patron", "cleo"}}).kind, Kind::accepted);
    EXPECT_FALSE(last_context(id).contains("ban"));
    EXPECT_FALSE(replay(registry_, store_.memory.events[id])) << "which is decided again all the same";
}

TEST_F(NeedsTest, TheOffersAskTheSameGuards) {
    registry_.add(std::make_unique<Books>());
    const auto id = shelved();
    store_.memory.rules["bans"][""] = "2026-01-01"; // what a lookup without a name would find
    const auto refused = service_.offers(id, ann, {});
    ASSERT_EQ(refused->offers.size(), 1U);
    EXPECT_FALSE(refused->offers[0].allowed);
    EXPECT_TRUE(refused->offers[0].missing.has("banned"));
}

TEST_F(NeedsTest, ANeedThatWasNotGatheredStopsTheRequestAndWritesNothing) {
    registry_.add(std::make_unique<Forgetful>());
    const auto id = shelved();
    const auto before = store_.memory.events[id].size();
    try {
        give(id, "lend", {{"days", 1}});
        ADD_FAILURE() << "decided without knowing";
    } catch (const MissingNeed& fault) {
        EXPECT_STREQ(fault.what(), "need \"ban\" of patron_is_not_banned was not gathered");
    }
    EXPECT_THROW(service_.offers(id, ann, {}), MissingNeed);
    EXPECT_EQ(store_.memory.events[id].size(), before);
    EXPECT_EQ(store_.memory.rows[id].state, "shelved");
    EXPECT_TRUE(store_.memory.refused.empty());
}

TEST_F(NeedsTest, EachNeedThatIsTakenAwayIsMissed) {
    const Books books;
    const Json facts = Json::object(), payload{{"days", 1}};
    const Json whole{{"roles", {"reader"}}, {"today", "2025-03-01"}, {"days_max", 30}, {"fine", 300}, {"ban", nullptr}};
    for (const auto& row : books.info().rows)
        for (const auto& need : row.needs) {
            auto context = whole;
            const Ask ask{{"c1"}, {}, row.from, facts, row.command, payload, context, {}, ann, {}};
            EXPECT_EQ(books.decide(ask).kind, Verdict::Kind::accepted) << row.command;
            context.erase(need);
            EXPECT_THROW(books.decide(ask), MissingNeed) << row.command << " without " << need;
        }
}

TEST_F(NeedsTest, TwoNeedsOfOneKeyAtOneCommandDoNotStart) {
    EXPECT_THROW(MachineDefinition<Library<TwoLimits>>(), std::logic_error);
    EXPECT_THROW(MachineDefinition<Library<TwoRows>>(), std::logic_error);
    EXPECT_THROW(MachineDefinition<Library<StolenKey>>(), std::logic_error);
}

} // namespace
} // namespace cunmai::engine
