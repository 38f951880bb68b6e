// A second version of a workflow: its table as changes to the first, its fingerprint, running cases that move to it,
// and cases of both versions that tell each other commands.
#include "engine/case_service.hpp"
#include "engine/replay.hpp"
#include "engine/revision.hpp"
#include "tests/support/memory_store.hpp"

#include <gmock/gmock.h>

namespace cunmai::engine {
namespace {

using test::ManualClock;
using test::MemoryStore;
using Kind = Outcome::Kind;

// ---- an inquiry, which opens a reply and is told of it ------------------------------------------------------------

struct Drafted : State {
    static constexpr std::string_view key = "drafted";
};
struct Asked : State {
    static constexpr std::string_view key = "asked";
};
struct Shelved : State { // version 2 does not know it
    static constexpr std::string_view key = "shelved";
};
struct Done : FinalState {
    static constexpr std::string_view key = "done";
};
struct Clerk : Role {
    static constexpr std::string_view key = "clerk";
};
struct Begin : Command {
    static constexpr std::string_view key = "begin";
};
struct AskThem : Command {
    static constexpr std::string_view key = "ask_them";
    static constexpr bool opens_child = true;
};
struct Shelve : Command {
    static constexpr std::string_view key = "shelve";
};
struct Finish : Command {
    static constexpr std::string_view key = "finish";
};
struct FinishWithNote : Command { // version 2 of it has a field
    static constexpr std::string_view key = "finish";
    static Fields fields() { return {Field::line("note").optional()}; }
};
struct Replied : InternalCommand {
    static constexpr std::string_view key = "replied";
    static Fields fields() { return {Field::line("text").optional()}; }
};
struct WasReplied : Condition {
    static constexpr std::string_view key = "was_replied";
    static bool holds(const Ask& ask, Refusal& why) {
        if (!ask.facts.contains("replies")) why.add("not_replied");
        return why.empty();
    }
};
struct WasRepliedTwice : Condition {
    static constexpr std::string_view key = "was_replied";
    static constexpr int revision = 2;
    static bool holds(const Ask& ask, Refusal& why) {
        if (ask.facts.value("replies", 0) < 2) why.add("not_replied_twice");
        return why.empty();
    }
};
struct HasSubject : Condition {
    static constexpr std::string_view key = "has_subject";
    static bool holds(const Ask& ask, Refusal& why) {
        if (ask.facts.contains("unclear")) why.add("subject_missing");
        return why.empty();
    }
};
struct Note {
    static constexpr std::string_view key = "note";
    static void run(const Ask&, Decision& decision) { decision.facts["begun"] = true; }
};
struct OpenReply {
    static constexpr std::string_view key = "open_reply";
    static void run(const Ask&, Decision& decision) { decision.child = OpenChild{"reply", "begin", Json::object()}; }
};
struct CountReply {
    static constexpr std::string_view key = "count_reply";
    static void run(const Ask&, Decision& decision) {
        decision.facts["replies"] = decision.facts.value("replies", 0) + 1;
    }
};
struct CarryOver {
    static constexpr std::string_view key = "carry_over";
    static void run(const Ask& ask, Decision& decision) {
        decision.facts["came_from"] = ask.payload.at("from_version");
    }
};

// clang-format off
using InquiryTable = Table<
//   in        , on      , go to   , given by   , do             , provided
Row< NotOpened , Begin   , Drafted , By<Clerk>  , Do<Note>                         >,
Row< Drafted   , AskThem , Asked   , By<Clerk>  , Do<OpenReply>                    >,
Row< Drafted   , Shelve  , Shelved , By<Clerk>                                     >,
Row< Asked     , Replied , Stays   , By<Engine> , Do<CountReply>                   >,
Row< Asked     , Finish  , Done    , By<Clerk>  , Do<>           , If<WasReplied>  >,
Row< Shelved   , Finish  , Done    , By<Clerk>                                     >
>;
struct Inquiry {
    static constexpr std::string_view key = "inquiry";
    static constexpr int version = 1;
    static constexpr bool one_open_per_place = false;
    using transition_table = InquiryTable;
};
struct Inquiry2 {
    static constexpr std::string_view key = "inquiry";
    static constexpr int version = 2;
    static constexpr bool one_open_per_place = false;
    using transition_table = Revised<InquiryTable,
        Without< Drafted , Shelve >,
        Without< Shelved , Finish >,
        Instead< Row< Asked , FinishWithNote , Done , By<Clerk> , Do<> , If<WasReplied> > >,
        Replaced< WasReplied , WasRepliedTwice >,
        With< EachOf< mp11::mp_list<Drafted, Asked> , Migrate , Stays , By<Engine> , Do<CarryOver> , If<HasSubject> > > >;
};
struct Waiting : State { static constexpr std::string_view key = "waiting"; };
struct Answer : Command { static constexpr std::string_view key = "answer"; };
struct TellAsker {
    static constexpr std::string_view key = "tell_asker";
    static void run(const Ask& ask, Decision& decision) {
        decision.tells.push_back({{ask.facts.at("parent").get<std::string>()}, "replied", Json::object()});
    }
};
struct KeepParent {
    static constexpr std::string_view key = "keep_parent";
    static void run(const Ask& ask, Decision& decision) { decision.facts["parent"] = ask.parent(); }
};
using ReplyTable = Table<
Row< NotOpened , Begin  , Waiting , By<Engine> , Do<KeepParent> >,
Row< Waiting   , Answer , Stays   , By<Clerk>  , Do<TellAsker>  >
>;
// clang-format on
struct Reply {
    static constexpr std::string_view key = "reply";
    static constexpr int version = 1;
    static constexpr bool one_open_per_place = false;
    using transition_table = ReplyTable;
};
struct Reply2 : Reply {
    static constexpr int version = 2;
    using transition_table = Revised<ReplyTable, With<Row<Waiting, Migrate, Stays, By<Engine>>>>;
};

template <class Workflow> class Plain final : public MachineDefinition<Workflow> {
    std::vector<Task> tasks(const CaseView& view) const override {
        if (view.state != "asked") return {};
        return {{"finish", "clerk", "", {}, Workflow::version == 1 ? "2025-05-01" : "2025-06-01"}};
    }
    std::vector<Timer> timers(const CaseView& view) const override {
        if (Workflow::version == 1 || view.state != "asked") return {};
        return {{"remind", Instant{1}, "replied"}};
    }
};

std::vector<std::string> rows_of(const DefinitionInfo& info) {
    std::vector<std::string> lines;
    for (const auto& row : info.rows) lines.push_back(row.from + ' ' + row.command + ' ' + row.to);
    return lines;
}

TEST(Revised, ChangesOnlyTheRowsThatItNames) {
    const Plain<Inquiry2> second;
    EXPECT_THAT(rows_of(second.info()),
                testing::ElementsAre("not_opened begin drafted", "drafted ask_them asked", "asked replied asked",
                                     "asked finish done", "drafted migrate drafted", "asked migrate asked"));
    EXPECT_EQ(second.info().command("finish")->fields.size(), 1U);
    EXPECT_FALSE(second.info().has_state("shelved"));
}

TEST(Revised, KeepsTheOrderInWhichRowsAreTried) {
    using Three =
        Revised<InquiryTable, Instead<Row<Drafted, AskThem, Done, By<Clerk>>, Row<Drafted, AskThem, Asked, By<Clerk>>>>;
    struct Workflow : Inquiry {
        using transition_table = Three;
    };
    EXPECT_THAT(rows_of(Plain<Workflow>().info()),
                testing::ElementsAre("not_opened begin drafted", "drafted ask_them done", "drafted ask_them asked",
                                     "drafted shelve shelved", "asked replied asked", "asked finish done",
                                     "shelved finish done"));
}

// ---- fingerprints -------------------------------------------------------------------------------------------------

TEST(Revision, ChangesTheFingerprintOfEachTableThatNamesIt) {
    struct Changed : Inquiry {
        using transition_table = Revised<InquiryTable, Replaced<WasReplied, WasRepliedTwice>>;
    };
    const Plain<Inquiry> before;
    const Plain<Changed> after;
    EXPECT_EQ(after.info().revisions, (std::map<std::string, int>{{"if was_replied", 2}}));
    EXPECT_EQ(rows_of(after.info()), rows_of(before.info()));
    EXPECT_NE(after.info().fingerprint, before.info().fingerprint);
    EXPECT_TRUE(before.info().revisions.empty());
}

// ---- running cases ------------------------------------------------------------------------------------------------

class MigrationTest : public ::testing::Test {
  protected:
    MigrationTest() {
        old_.add(std::make_unique<Plain<Inquiry>>());
        old_.add(std::make_unique<Plain<Reply>>());
        new_.add(std::make_unique<Plain<Inquiry>>());
        new_.add(std::make_unique<Plain<Inquiry2>>());
        new_.add(std::make_unique<Plain<Reply>>());
        new_.add(std::make_unique<Plain<Reply2>>());
        store_.memory.places["10"] = {"10", "Office", "", "district", "/10/"};
        store_.memory.grants = {{ann, "clerk", "", "/10/"}};
    }

    CaseId begun(CaseService& by) {
        CommandRequest request;
        request.definition = "inquiry";
        request.place_code = "10";
        request.name = "begin";
        request.actor = ann;
        request.idempotency_key = "k" + std::to_string(++keys_);
        return by.execute(request).case_id;
    }
    Outcome give(CaseService& to, const CaseId& id, const std::string& name, Json payload = Json::object()) {
        CommandRequest request;
        request.case_id = id;
        request.expected_version = row(id).version;
        request.name = name;
        request.payload = std::move(payload);
        request.actor = ann;
        request.idempotency_key = "k" + std::to_string(++keys_);
        return to.execute(request);
    }
    CaseRow& row(const CaseId& id) { return store_.memory.rows.at(id); }
    std::vector<Event>& events(const CaseId& id) { return store_.memory.events[id]; }
    void expect_whole(const CaseId& id) {
        EXPECT_FALSE(check_chain(id, events(id)));
        const auto damage = replay(new_, events(id));
        EXPECT_FALSE(damage) << damage->what;
        EXPECT_EQ(difference(row(id), fold(new_, events(id))), "");
    }

    const PersonId ann{"ann"};
    MemoryStore store_;
    ManualClock clock_;
    Registry old_, new_;
    Roles roles_{{{"clerk", RoleInfo::Kind::acts, "district"}}};
    CaseService before_{store_, old_, roles_, clock_, "secret"}, now_{store_, new_, roles_, clock_, "secret"};
    int keys_ = 0;
};

TEST_F(MigrationTest, BringsARunningCaseToTheNewestVersionByOneEvent) {
    const auto id = begun(before_);
    give(before_, id, "ask_them");
    EXPECT_EQ(store_.memory.tasks[id].front().due_on, "2025-05-01");

    const auto outcome = now_.migrate(id, false);
    EXPECT_EQ(outcome.kind, Kind::accepted);
    EXPECT_EQ(outcome.state, "asked");
    EXPECT_EQ(row(id).definition_version, 2);
    EXPECT_EQ(row(id).version, 3);
    EXPECT_EQ(row(id).facts.at("came_from"), 1);
    const auto& event = events(id).back();
    EXPECT_EQ(event.command, "migrate");
    EXPECT_EQ(event.definition_version, 2);
    EXPECT_EQ(event.actor, system_person);
    EXPECT_EQ(event.payload, R"({"from_version":1})");
    EXPECT_EQ(store_.memory.tasks[id].front().due_on, "2025-06-01") << "worklists show what the new version asks for";
    EXPECT_EQ(store_.memory.timers[id].size(), 1U);
    expect_whole(id);

    give(now_, store_.memory.rows.rbegin()->first, "answer"); // the child still runs on version 1
    EXPECT_TRUE(give(now_, id, "finish").refusal.has("not_replied_twice"));
    give(now_, store_.memory.rows.rbegin()->first, "answer");
    EXPECT_EQ(give(now_, id, "finish", {{"note", "well"}}).kind, Kind::accepted) << "with the new version's field";
    expect_whole(id);
}

TEST_F(MigrationTest, ComesToNothingTheSecondTime) {
    const auto id = begun(before_);
    EXPECT_EQ(now_.migrate(id, false).kind, Kind::accepted);
    EXPECT_EQ(now_.migrate(id, false).kind, Kind::not_here);
    EXPECT_EQ(events(id).size(), 2U);
    EXPECT_EQ(now_.migrate({"nowhere"}, false).kind, Kind::not_found);
}

TEST_F(MigrationTest, LeavesAClosedCaseAsItIs) {
    const auto id = begun(before_);
    give(before_, id, "shelve");
    give(before_, id, "finish");
    EXPECT_EQ(now_.migrate(id, false).kind, Kind::not_here);
    EXPECT_EQ(row(id).definition_version, 1);
    expect_whole(id);
}

TEST_F(MigrationTest, SaysWhyACaseIsStranded) {
    const auto shelved = begun(before_), unclear = begun(before_);
    give(before_, shelved, "shelve");
    row(unclear).facts["unclear"] = true;
    for (const bool only_look : {true, false}) {
        const auto gone = now_.migrate(shelved, only_look);
        EXPECT_EQ(gone.kind, Kind::refused);
        EXPECT_TRUE(gone.refusal.has("state_not_in_version"));
        EXPECT_TRUE(now_.migrate(unclear, only_look).refusal.has("subject_missing"));
    }
    EXPECT_EQ(row(shelved).definition_version, 1);
    EXPECT_EQ(give(now_, shelved, "finish").kind, Kind::accepted) << "and goes on in its own version";
    EXPECT_TRUE(store_.memory.refused.empty());
}

TEST_F(MigrationTest, ALookWritesNothing) {
    const auto id = begun(before_);
    EXPECT_EQ(now_.migrate(id, true).kind, Kind::accepted);
    EXPECT_EQ(events(id).size(), 1U);
    EXPECT_EQ(row(id).definition_version, 1);
}

TEST_F(MigrationTest, LosesItsRaceAndLooksAgain) {
    const auto id = begun(before_);
    store_.lose_next_move = true;
    EXPECT_EQ(now_.migrate(id, false).kind, Kind::accepted);
    EXPECT_EQ(events(id).size(), 2U);
}

TEST_F(MigrationTest, NobodyGivesItAsACommand) {
    const auto id = begun(now_);
    EXPECT_EQ(give(now_, id, "migrate", {{"from_version", 1}}).kind, Kind::unknown_command);
}

TEST_F(MigrationTest, CasesOfDifferentVersionsTellEachOther) {
    const auto old_parent = begun(before_);
    const auto new_child = give(now_, old_parent, "ask_them").created;
    EXPECT_EQ(row(old_parent).definition_version, 1);
    EXPECT_EQ(row(new_child).definition_version, 2) << "what is opened now is of the newest version";
    EXPECT_EQ(give(now_, new_child, "answer").kind, Kind::accepted);

    const auto new_parent = begun(now_);
    const auto old_child = give(before_, old_parent, "finish").case_id; // the parent ends; its child is told nothing
    EXPECT_EQ(old_child, old_parent);
    const auto child = give(now_, new_parent, "ask_them").created;
    EXPECT_EQ(give(now_, child, "answer").kind, Kind::accepted);
    EXPECT_EQ(row(new_parent).facts.at("replies"), 1);
    for (const auto& [id, kept] : store_.memory.events) expect_whole(id);
}

// Only the event `migrate` changes the version. Replay finds any other change, even when all hashes were rewritten.
TEST_F(MigrationTest, NoEventSlipsIntoAnotherVersion) {
    const auto id = begun(before_);
    now_.migrate(id, false);
    give(now_, id, "ask_them");
    const auto forged = [&](std::size_t index, int version) {
        auto list = events(id);
        list[index].definition_version = version;
        for (std::size_t i = 1; i < list.size(); ++i) list[i].previous_hash = list[i - 1].hash = hash_of(list[i - 1]);
        list.back().hash = hash_of(list.back());
        return list;
    };
    EXPECT_FALSE(replay(new_, forged(0, 1)));
    for (const auto& [index, version] : {std::pair{0, 2}, {1, 1}, {2, 1}}) {
        const auto list = forged(static_cast<std::size_t>(index), version);
        ASSERT_FALSE(check_chain(id, list));
        EXPECT_TRUE(replay(new_, list)) << index;
        EXPECT_THROW(fold(new_, list), std::runtime_error) << index;
    }
}

TEST(Registry, KnowsAllVersionsAndTheCurrentOnes) {
    Registry registry;
    registry.add(std::make_unique<Plain<Inquiry>>());
    registry.add(std::make_unique<Plain<Reply>>());
    registry.add(std::make_unique<Plain<Inquiry2>>());
    EXPECT_EQ(registry.all().size(), 3U);
    ASSERT_EQ(registry.current().size(), 2U);
    EXPECT_EQ(registry.current()[0]->info().version, 2);
    EXPECT_EQ(registry.current()[1]->info().key, "reply");
    EXPECT_THROW(registry.add(std::make_unique<Plain<Reply>>()), std::logic_error);
}

} // namespace
} // namespace cunmai::engine
