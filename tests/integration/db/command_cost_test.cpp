// What one command costs the database, counted, with everything in it.
#include "tests/integration/db/fixture.hpp"

#include "db/kernel/database_impl.hpp"
#include "docs/examples/leave_request.hpp"
#include "engine/case_service.hpp"
#include "tests/support/statements_max.hpp"

namespace cunmai::db::test {

class CommandCostTest : public DatabaseTest {
  protected:
    CommandCostTest() {
        import_places();
        registry.add(examples::leave_request());
        ann = person("ann");
        bob = person("bob");
        grant(ann, "employee", town(1));
        grant(bob, "superior", town(1));
    }

    CaseId opened(const std::string& key) {
        CommandRequest request;
        request.definition = "leave_request";
        request.place_code = town(1).code;
        request.name = "request_leave";
        request.payload = {{"from_on", "2025-03-10"}, {"until_on", "2025-03-12"}};
        request.actor = ann;
        request.idempotency_key = key;
        return service.execute(request).case_id;
    }
    Outcome granted(const CaseId& id, const std::string& key) {
        CommandRequest request;
        request.case_id = id;
        request.expected_version = 1;
        request.name = "grant";
        request.actor = bob;
        request.idempotency_key = key;
        return service.execute(request);
    }

    Registry registry;
    Roles roles{{{"employee", RoleInfo::Kind::acts, "town"}, {"superior", RoleInfo::Kind::acts, "town"}}};
    CaseService service{database, registry, roles, clock, secret};
    PersonId ann, bob;
};
ON_BOTH_DATABASES(CommandCostTest);

TEST_P(CommandCostTest, ATransitionTakesFewStatements) {
    granted(opened("k1"), "k2"); // knows everybody now
    const auto id = opened("k3");
    const auto& counters = database.impl().counters();
    const auto writes = counters.write_statements.load(), reads = counters.read_statements.load();
    ASSERT_EQ(granted(id, "k4").kind, Outcome::Kind::accepted);
    EXPECT_LE(counters.write_statements - writes, cunmai::test::command_writes_max);
    EXPECT_LE(counters.read_statements - reads, cunmai::test::command_reads_max);
    EXPECT_GE(counters.write_statements - writes, 5) << "it counts";
}

} // namespace cunmai::db::test
