// A server that would refuse a statement halfway through the migrations is found out before the first one.
#include "tests/integration/db/fixture.hpp"

#include "db/kernel/database_impl.hpp"
#include "db/operations/migrations.hpp"
#include "db/operations/settings_check.hpp"
#include "tests/support/mariadb.hpp"

namespace cunmai::db::test {

namespace {

using cunmai::test::MariaDbServer;
using cunmai::test::run_on_mariadb;

class MigrationRights : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        server = std::make_unique<MariaDbServer>(std::vector<std::string>{"--log-bin=mysql-bin", "--server-id=1"});
    }
    static void TearDownTestSuite() { server.reset(); }

    // A database, and an account that has these rights on it and no others. Returns its address.
    std::string account_with(const std::string& rights) {
        static int number = 0;
        const auto name = "cunmai" + std::to_string(++number);
        as_root("CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
        as_root("CREATE USER " + name + "@'127.0.0.1' IDENTIFIED BY 'x'");
        as_root("GRANT " + rights + " ON " + name + ".* TO " + name + "@'127.0.0.1'");
        schema_ = name;
        return "mysql://" + name + ":x@127.0.0.1:" + std::to_string(server->port()) + '/' + name;
    }
    static void as_root(const std::string& statement) { run_on_mariadb(server->url(""), statement); }
    Database open(const std::string& url) { return Database({url, secret, 4, 5000}, clock); }
    // As the server's administrator sees them, whatever the account may see.
    std::vector<std::string> tables() {
        auto root = open(server->url(schema_));
        return root.impl().reading<std::vector<std::string>>([](Connection& connection) {
            return connection.all<std::string>("tables", {}, [](std::string& name) { return Outs{name}; });
        });
    }
    static std::string refusal_of(Database& database) {
        try {
            migrate(database);
            return "";
        } catch (const CannotMigrate& refused) { return refused.code; }
    }
    static Finding trust_in(Database& database) {
        for (auto& finding : check_settings(database))
            if (finding.what == "log_bin_trust_function_creators") return finding;
        throw std::logic_error("not looked at");
    }

    static inline std::unique_ptr<MariaDbServer> server;
    std::string schema_;
    TestClock clock;
};

} // namespace

TEST_F(MigrationRights, ABinaryLogNeedsTrustAndNothingIsHalfMigratedWithoutIt) {
    auto database = open(account_with("ALL"));
    EXPECT_EQ(trust_in(database).severity, Finding::Severity::warning);
    EXPECT_EQ(refusal_of(database), "triggers");
    EXPECT_THAT(tables(), testing::IsEmpty());

    as_root("SET GLOBAL log_bin_trust_function_creators = 1");
    EXPECT_EQ(trust_in(database).severity, Finding::Severity::good);
    EXPECT_EQ(refusal_of(database), "");
    for (const auto& status : migration_status(database)) EXPECT_TRUE(status.applied) << status.name;
    EXPECT_THAT(tables(), testing::Not(testing::Contains("migration_rehearsal")));

    server->stop(); // forgets what SET GLOBAL said
    server->start();
    auto again = open(server->url(schema_));
    EXPECT_EQ(trust_in(again).severity, Finding::Severity::good) << "root has SUPER";
    EXPECT_EQ(trust_in(database).severity, Finding::Severity::warning) << "the next release's migration";
    EXPECT_EQ(refusal_of(database), "") << "nothing is missing";
    AdminLog(database).add({clock.now(), {"a"}, "x", {}}); // past a trigger
}

TEST_F(MigrationRights, AnAccountWithSuperNeedsNoTrust) {
    auto database = open(account_with("ALL"));
    as_root("GRANT SUPER ON *.* TO " + schema_ + "@'127.0.0.1'");
    EXPECT_EQ(trust_in(database).severity, Finding::Severity::good);
    EXPECT_EQ(refusal_of(database), "");
}

TEST_F(MigrationRights, EachRightThatIsMissingIsFoundBeforeTheFirstStatement) {
    as_root("SET GLOBAL log_bin_trust_function_creators = 1");
    const std::vector<std::string> rights{"SELECT", "INSERT", "UPDATE", "DELETE", "CREATE",
                                          "ALTER",  "DROP",   "INDEX",  "TRIGGER"};
    for (const auto& missing : rights) {
        std::string others;
        for (const auto& right : rights)
            if (right != missing) others += (others.empty() ? "" : ", ") + right;
        auto database = open(account_with(others));
        EXPECT_EQ(refusal_of(database), "rights") << "without " << missing;
        EXPECT_THAT(tables(), testing::IsEmpty()) << "without " << missing;
    }
    std::string all = "REFERENCES"; // MySQL asks for it, MariaDB does not
    for (const auto& right : rights) all += ", " + right;
    auto database = open(account_with(all));
    EXPECT_EQ(refusal_of(database), "") << "docs/operating.md lists them";
}

} // namespace cunmai::db::test
