// What a real transition costs the database, counted, with everything in it: key, row, event, work items, timers,
// people involved, outbox and the access log's row.
#include "db/database_impl.hpp"
#include "db/service_tables.hpp"
#include "tests/faults/ground.hpp"
#include "tests/support/statements_max.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cunmai::faults {
namespace {

using simulation::world;

class CostTest : public testing::TestWithParam<std::string> {
  protected:
    struct Cost {
        std::int64_t reads = 0, writes = 0;
    };
    CostTest() : ground(GetParam()) { ground.open(); }
    ~CostTest() override { ground.close(); }

    Cost of(CommandRequest request) {
        db::Access access;
        access.at = ground.clock.now();
        access.person = request.actor;
        request.beside = [add = db::AccessLog::addition(access)](engine::Transaction& tx, const Outcome&) {
            add(tx, 200);
        };
        const auto& counters = ground.database().impl().counters();
        const Cost before{counters.read_statements, counters.write_statements};
        const auto outcome = ground.execute(request);
        EXPECT_EQ(outcome.kind, Outcome::Kind::accepted) << request.name << engine::to_json(outcome.refusal).dump();
        last = outcome;
        return {counters.read_statements - before.reads, counters.write_statements - before.writes};
    }
    void live(const std::string& village, const std::string& prefix,
              const std::function<void(Cost, const char*)>& look) {
        look(of(opening(village, prefix + "1")), "open_targeted");
        const auto id = last.case_id;
        look(of(command(id, 1, "nominate", {{"category", "economy"}, {"study_record", "示例"}}, "ts1", prefix + "2")),
             "nominate");
        look(of(command(id, 2, "record_interview", visit(ground.clock), "dr-organisation", prefix + "3")),
             "record_interview");
        look(of(command(id, 3, "record_courtyard_meeting", visit(ground.clock), "dr-justice", prefix + "4")),
             "record_courtyard_meeting");
        look(of(command(id, 4, "sign_opinion",
                        {{"department", "organisation"}, {"opinion", "endorse"}, {"text", "示例"}}, "dr-organisation",
                        prefix + "5")),
             "sign_opinion");
        look(of(command(id, 5, "terminate", {{"minutes", world().evidence}}, "pl2", prefix + "6")), "terminate");
    }

    Ground ground;
    Outcome last;
};

TEST_P(CostTest, ACommandTakesFewStatements) {
    live(world().villages.front(), "first", [](Cost, const char*) {}); // knows everybody now
    std::int64_t most = 0;
    live(world().villages.front(), "second", [&](Cost cost, const char* command) {
        EXPECT_LE(cost.writes, test::command_writes_max) << command;
        EXPECT_LE(cost.reads, test::command_reads_max) << command;
        most = std::max(most, cost.writes);
    });
    EXPECT_GE(most, 5) << "it counts";
}

INSTANTIATE_TEST_SUITE_P(Store, CostTest, testing::Values("sqlite", "mariadb"),
                         [](const auto& test) { return test.param; });

} // namespace
} // namespace cunmai::faults
