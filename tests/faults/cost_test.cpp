// What a real transition costs the database, counted, with everything in it: key, row, event, work items, timers,
// people involved, documents, outbox and the access log's row.
#include "db/kernel/database_impl.hpp"
#include "db/service/service_tables.hpp"
#include "tests/faults/ground.hpp"
#include "tests/simulation/officers.hpp"
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
        be_logged(request);
        const auto& counters = ground.database().impl().counters();
        const Cost before{counters.read_statements, counters.write_statements};
        const auto outcome = ground.execute(request);
        EXPECT_EQ(outcome.kind, Outcome::Kind::accepted) << request.name << engine::to_json(outcome.refusal).dump();
        last = outcome;
        return {counters.read_statements - before.reads, counters.write_statements - before.writes};
    }
    void be_logged(CommandRequest& request) {
        db::Access access;
        access.at = ground.clock.now();
        access.person = request.actor;
        request.beside = [add = db::AccessLog::addition(access)](engine::Transaction& tx, const Outcome&) {
            add(tx, 200);
        };
    }
    // Documents of its own, each looked up on its way in as adapters/http/api/linking.cpp does.
    void hand_in_documents(CommandRequest& request) {
        db::Documents documents(ground.database());
        auto payload = request.payload.dump();
        for (const auto& shared : {world().answers, world().evidence}) {
            if (payload.find(shared) == std::string::npos) continue;
            std::istringstream content(world().documents.at(shared) + std::string(++handed_in, ' '));
            const auto own = documents.add(content, "a.txt", "text/plain", request.actor, ground.clock.now(), 1 << 20);
            documents.uploaded_by(own.sha256, request.actor);
            request.documents.push_back(own.sha256);
            for (auto at = payload.find(shared); at != std::string::npos; at = payload.find(shared))
                payload.replace(at, shared.size(), own.sha256);
            if (shared != world().answers) continue;
            documents.content(own.sha256);
            documents.info(world().evidence); // which they name
            request.documents.push_back(world().evidence);
        }
        request.payload = Json::parse(payload);
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
    std::size_t handed_in = 0;
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

// Of what is remembered until it changes (knowledge_cache.hpp): a command pays for it only when it is the first.
bool is_remembered(std::string_view statement) {
    for (const std::string_view table : {" role_grants", " delegations", " interests", " rules"})
        if (statement.find(table) != std::string_view::npos) return true;
    return false;
}

// Officers of all roles at random, all workflows: votes and closing ballots, a post with its child case, a child that
// tells its parent, a meeting with an agenda. Who moves several cases at once, or names others, pays for each of them.
TEST_P(CostTest, WhateverACommandMovesTakesFewStatements) {
    std::atomic<std::int64_t> remembered = 0;
    ground.close();
    ground.open(
        [&](std::string_view statement) { remembered += statement.starts_with("SELECT") && is_remembered(statement); });
    simulation::Dice dice(1);
    simulation::Officers officers(ground.backend(), dice);
    const auto& counters = ground.database().impl().counters();
    const auto events_so_far = [&] {
        std::int64_t count = 0;
        ground.database().impl().read([&](db::Connection& connection) {
            connection.first_text("SELECT COUNT(*) FROM case_events", {}, {count});
        });
        return count;
    };
    std::map<std::string, int> given;
    const auto counted = [&](const std::string& command, const auto& act) {
        const auto events_before = events_so_far();
        const Cost before{counters.read_statements - remembered, counters.write_statements};
        if (act().kind != Outcome::Kind::accepted) return;
        const Cost cost{counters.read_statements - remembered - before.reads,
                        counters.write_statements - before.writes};
        const auto moved = events_so_far() - events_before;
        EXPECT_LE(cost.writes, test::command_writes_max * moved) << command;
        EXPECT_LE(cost.reads, test::command_reads_max * moved) << command;
        ++given[command];
    };
    db::Timers timers(ground.database());
    for (int i = 0; i < 1200; ++i) {
        ground.clock.forward(dice.between(60, 8 * 3600));
        auto request = officers.wish(ground.service(), ground.clock.now(), true);
        request.idempotency_key = request.request_id = "k" + std::to_string(i);
        be_logged(request);
        hand_in_documents(request);
        counted(request.name, [&] { return ground.execute(request); });
        for (const auto& due : timers.claim(10, ground.clock.now(), 60))
            counted(due.command, [&] { return ground.service().fire(due.case_id, due.key, due.command); });
    }
    for (const auto* name :
         {"submit_self_check", "cast_vote", "close_ballot", "issue", "accept_result", "record_attendance", "remind"})
        EXPECT_GT(given[name], 0) << name;
}

INSTANTIATE_TEST_SUITE_P(Store, CostTest, testing::Values("sqlite", "mariadb"),
                         [](const auto& test) { return test.param; });

} // namespace
} // namespace cunmai::faults
