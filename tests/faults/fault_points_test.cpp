// A fault between every two statements of a command's transaction: nothing of it is kept, and the same command given
// again happens once. On both databases.
#include "db/kernel/sql_errors.hpp"
#include "db/service/service_tables.hpp"
#include "tests/faults/ground.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cunmai::faults {
namespace {

using simulation::world;

class FaultPointTest : public testing::TestWithParam<std::string> {
  protected:
    FaultPointTest() : ground(GetParam()) {
        ground.open([this](std::string_view what) {
            if (armed && points++ == fail_at) {
                failed_before = what;
                fault(what);
            }
        });
    }
    ~FaultPointTest() override { ground.close(); }

    // Fails before the first statement, before the second … until the command goes through.
    Outcome at_every_point(const CommandRequest& request) {
        for (fail_at = 0;; ++fail_at) {
            const auto before = ground.digest();
            points = 0;
            armed = true;
            std::optional<Outcome> outcome;
            try {
                outcome = ground.execute(request);
            } catch (const engine::StoreUnavailable&) {}
            armed = false;
            if (outcome) {
                EXPECT_EQ(outcome->kind, Outcome::Kind::accepted) << engine::to_json(outcome->refusal).dump();
                EXPECT_GE(fail_at, 8) << request.name << ": so few points?";
                EXPECT_EQ(failed_before, "COMMITTED") << "an unknown outcome is asked for again at once";
                const auto again = ground.execute(request);
                EXPECT_TRUE(again.replayed);
                EXPECT_EQ(again.version, outcome->version);
                return again;
            }
            EXPECT_EQ(ground.digest(), before)
                << request.name << ": something stayed of it after a fault before " << failed_before;
            if (fail_at > 200) throw std::runtime_error("no end");
        }
    }

    Ground ground;
    bool armed = false;
    int points = 0, fail_at = 0;
    std::string failed_before;
    std::function<void(std::string_view)> fault = [](std::string_view what) {
        throw engine::StoreUnavailable("planted fault", what == "COMMITTED");
    };
};

TEST_P(FaultPointTest, AllOrNothingAndThenOnce) {
    const auto village = world().villages.front();
    const auto id = at_every_point(opening(village, "k1")).case_id;
    EXPECT_EQ(ground.events(id), 1);
    at_every_point(command(id, 1, "nominate", {{"category", "economy"}, {"study_record", "示例"}}, "ts1", "k2"));
    at_every_point(command(id, 2, "record_interview", visit(ground.clock), "dr-organisation", "k3"));
    at_every_point(command(id, 3, "terminate", {{"minutes", world().evidence}}, "pl1", "k4"));
    EXPECT_EQ(ground.events(id), 4);
    EXPECT_THAT(ground.verify({}), testing::IsEmpty());
}

// The access log is part of the command: no row without it, no command without the row, and one row for a request that
// had to be run again.
TEST_P(FaultPointTest, TheAccessLogIsKeptWithTheCommand) {
    db::AccessLog log(ground.database());
    const auto logged = [&](CommandRequest request) {
        db::Access access;
        access.at = ground.clock.now();
        access.person = request.actor;
        access.request_id = request.request_id;
        request.beside = [add = db::AccessLog::addition(access)](engine::Transaction& tx, const Outcome& outcome) {
            add(tx, outcome.kind == Outcome::Kind::accepted ? 200 : 422);
        };
        return request;
    };
    const auto rows = [&] {
        std::vector<std::string> texts;
        for (const auto& row : log.list({}))
            texts.push_back(row.access.request_id + ' ' + std::to_string(row.access.status));
        return texts;
    };
    const auto id = at_every_point(logged(opening(world().villages.front(), "k1"))).case_id;
    EXPECT_THAT(rows(), testing::ElementsAre("k1 200"));
    at_every_point(
        logged(command(id, 1, "nominate", {{"category", "economy"}, {"study_record", "示例"}}, "ts1", "k2")));
    EXPECT_THAT(rows(), testing::UnorderedElementsAre("k1 200", "k2 200"));

    // A refusal, too: either both rows are there or none.
    const auto refused = logged(command(id, 2, "nominate", {}, "ts1", "k3"));
    for (fail_at = 0;; ++fail_at) {
        const auto before = ground.digest();
        points = 0;
        failed_before.clear();
        armed = true;
        std::optional<Outcome> outcome;
        try {
            outcome = ground.execute(refused);
        } catch (const engine::StoreUnavailable&) {}
        armed = false;
        if (!outcome) {
            EXPECT_EQ(ground.digest(), before) << "after a fault before " << failed_before;
            continue;
        }
        EXPECT_EQ(outcome->kind, Outcome::Kind::not_here);
        EXPECT_THAT(rows(), testing::UnorderedElementsAre("k1 200", "k2 200", "k3 422"));
        EXPECT_GE(fail_at, 4);
        break;
    }
}

// A child is opened, another case is told, timers and notices are set: one transaction all the same.
TEST_P(FaultPointTest, ACommandThatTouchesSeveralCases) {
    const auto& place = world().places.at(world().villages.front());
    const auto* definition = world().registry.newest("village_lifecycle");
    engine::CaseRow row;
    row.id = {"managed-1"};
    row.definition = "village_lifecycle";
    row.definition_version = definition->info().version;
    row.state = "managed";
    row.version = 1;
    row.place = place;
    row.one_open_per_place = true;
    row.opened_at = row.updated_at = ground.clock.now();
    row.facts = {{"category", "economy"},
                 {"plan", {{"programme", "示例"}}},
                 {"posts", {{"commander", "dc1"}, {"supervisor", "ts1"}, {"coordinator", "vc-industry_supporter"}}}};
    ground.database().write([&](engine::Transaction& tx) { tx.insert(row); });

    const auto due = engine::to_text(engine::local_date(ground.clock.now().plus_seconds(20 * 86'400)));
    at_every_point(command(row.id, 1, "issue_prescription", {{"problem", "示例问题"}}, "ts1", "k1"));
    CaseId child;
    for (const auto& one : ground.backend().cases())
        if (one.definition == "prescription") child = one.id;
    ASSERT_FALSE(child.empty());
    const auto version = ground.backend().row(child)->version;
    at_every_point(command(child, version, "issue",
                           {{"problem", "示例问题"},
                            {"task", "示例任务"},
                            {"deadline_on", due},
                            {"acceptance_criterion", "示例标准"},
                            {"responsible_person", "vo-001201"}},
                           "ts1", "k2"));
    EXPECT_EQ(ground.backend().row(child)->state, "issued");
    EXPECT_EQ(ground.backend().kept().timers[child].size(), 3U);
    ASSERT_EQ(ground.backend().row(row.id)->facts.at("prescriptions").at(child.text).at("state"), "issued");
}

TEST_P(FaultPointTest, ADeadlockAtAnyStatementIsRetriedUnseen) {
    const auto id = ground.execute(opening(world().villages.front(), "k1")).case_id;
    ground.execute(command(id, 1, "nominate", {{"category", "economy"}, {"study_record", "示例"}}, "ts1", "k2"));
    ClientLog log;
    fault = [](std::string_view) { throw db::TryAgain("planted deadlock"); };
    auto version = ground.backend().row(id)->version;
    for (fail_at = 0; fail_at < 60; ++fail_at) {
        const auto key = "r" + std::to_string(fail_at);
        auto request = command(id, version, "record_interview", visit(ground.clock), "dr-justice", key);
        failed_before.clear();
        points = 0;
        armed = true;
        const auto outcome = ground.execute(request);
        armed = false;
        ASSERT_EQ(outcome.kind, Outcome::Kind::accepted) << failed_before;
        EXPECT_EQ(outcome.version, ++version);
        log[key] = {request, 1, 0, 0, outcome};
        if (failed_before.empty()) break;
    }
    EXPECT_GE(fail_at, 8);
    EXPECT_LT(fail_at, 60);
    EXPECT_EQ(ground.events(id), version);
    EXPECT_THAT(ground.verify(log), testing::IsEmpty());
}

// Batches of the real executor, with faults everywhere: each of many threads gets its own true answer.
TEST_P(FaultPointTest, ManyOfficersAndFaultsAtRandom) {
    ground.close();
    std::mutex mutex;
    simulation::Dice dice(dice_seed(1));
    std::atomic<bool> trouble = true;
    std::atomic<int> faults = 0;
    ground.open([&](std::string_view what) {
        if (!trouble) return;
        const std::lock_guard lock(mutex);
        if (!dice.chance(what.rfind("COMMIT", 0) == 0 ? 120 : 10)) return;
        ++faults;
        if (dice.chance(500) && what != "COMMITTED") throw db::TryAgain("planted deadlock");
        throw engine::StoreUnavailable("planted fault", what == "COMMITTED");
    });
    Listener listener;
    auto load = ground.load(
        "m", [&](const Json& said) { listener.hear(said); }, [] { return false; });
    load.commands_max = 12;
    load.run(8);
    trouble = false;
    EXPECT_GT(faults, 3);
    EXPECT_THAT(ground.verify(listener.log), testing::IsEmpty());
    ground.close();
}

INSTANTIATE_TEST_SUITE_P(Store, FaultPointTest, testing::Values("sqlite", "mariadb"),
                         [](const auto& test) { return test.param; });

} // namespace
} // namespace cunmai::faults
