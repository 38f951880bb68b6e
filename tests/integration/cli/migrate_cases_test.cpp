// `cunmai migrate-cases` on the record of the program before versions (tests/golden/record_1.json), beside a server
// that has the database open, on SQLite and on MariaDB.
#include "adapters/services/app.hpp"
#include "adapters/services/verifier.hpp"
#include "tests/golden/record.hpp"
#include "tests/support/demo_app.hpp"
#include "tests/support/mariadb.hpp"
#include "tests/support/tampering.hpp"
#include "workflows/quoted_rules.hpp"

#include <gmock/gmock.h>

#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <sstream>

namespace cunmai::test {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct Ran {
    int code = -1;
    std::string out; // stdout and stderr
};

class MigrateCases : public ::testing::TestWithParam<std::string> {
  protected:
    MigrateCases()
        : url_(GetParam() == "sqlite" ? "sqlite:" + folder_.path + "/cunmai.db" : new_mariadb_database()),
          app_(config(), true) {
        const auto file = std::filesystem::path(__FILE__).parent_path() / "../../golden/record_1.json";
        record_ = golden::read(file.string());
        db::Person clerk;
        clerk.id = {"clerk"};
        clerk.login = "clerk";
        clerk.name = "示例";
        app_.people.add(clerk);
        for (const auto& [sha256, text] : record_.documents) {
            std::istringstream content(text);
            app_.documents.add(content, "a.txt", "text/plain", clerk.id, app_.clock.now(), 1 << 20);
        }
        set_rules_as_quoted();
        app_.database.write([&](engine::Transaction& tx) { golden::keep(tx, app_.registry, record_); });
        for (const auto& [sha256, text] : record_.documents)
            for (const auto& one : record_.cases)
                if (names(one, sha256)) app_.documents.link({one.row.at("id").get<std::string>()}, {sha256});
    }

    // The record was written under rules, which are set here as its events quote them, from its first day on.
    void set_rules_as_quoted() {
        std::map<std::string, Json> rules;
        auto first = app_.clock.now();
        for (const auto& one : record_.cases)
            for (const auto& event : one.events) {
                first = std::min(first, event.at);
                for (const auto& quoted : workflows::quoted_rules(event))
                    rules[quoted.rule][Json::json_pointer(quoted.part)] = quoted.value;
            }
        app_.rules.set_all(rules, engine::system_person, first, {});
    }
    // By an event, or by the answers that an event names.
    bool names(const golden::Case& one, const std::string& sha256) const {
        const auto by_event = [&](const std::string& document) {
            return std::any_of(one.events.begin(), one.events.end(),
                               [&](const auto& event) { return event.payload.find(document) != std::string::npos; });
        };
        return by_event(sha256) ||
               std::any_of(record_.documents.begin(), record_.documents.end(), [&](const auto& answers) {
                   return answers.second.find(sha256) != std::string::npos && by_event(answers.first);
               });
    }
    std::string program(const std::string& arguments) const {
        return "'" CUNMAI_BINARY "' " + arguments + " --data " + folder_.path + " --database '" + url_ + "' 2>&1";
    }
    Ran run(const std::string& arguments) const { return shell(program(arguments)); }
    static Ran shell(const std::string& commands) {
        const auto command = "export LANG=C.UTF-8; " + commands;
        Ran ran;
        auto* pipe = popen(command.c_str(), "r");
        char bytes[4096];
        for (std::size_t count; (count = fread(bytes, 1, sizeof bytes, pipe)) > 0;) ran.out.append(bytes, count);
        const int status = pclose(pipe);
        ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        return ran;
    }
    // Open cases of this workflow that are not in its newest version.
    std::vector<engine::CaseId> behind(const std::string& definition = "village_lifecycle") {
        std::vector<engine::CaseId> ids;
        for (const auto& one : record_.cases) {
            const auto row = app_.cases.row({one.row.at("id").get<std::string>()});
            const int newest = app_.registry.newest(row->definition)->info().version;
            if (row->definition == definition && !row->final && row->definition_version < newest)
                ids.push_back(row->id);
        }
        return ids;
    }
    void expect_whole() {
        const auto report = verifier::verify(app_, {true, {}});
        EXPECT_TRUE(report.damage.empty()) << report.damage[0].case_id.text << " " << report.damage[0].what;
        EXPECT_EQ(report.cases, static_cast<std::int64_t>(record_.cases.size()));
    }

    golden::Record record_;
    TemporaryFolder folder_;
    std::string url_;
    App app_;

  private:
    Config config() const {
        Config made;
        made.data_dir = folder_.path;
        made.database = url_;
        return made;
    }
};
INSTANTIATE_TEST_SUITE_P(Store, MigrateCases, ::testing::Values("sqlite", "mariadb"),
                         [](const auto& test) { return test.param; });

TEST_P(MigrateCases, SaysFirstWhatItWouldDo) {
    const auto open = behind();
    ASSERT_GE(open.size(), 8U);
    const auto ran = run("migrate-cases --dry-run");
    EXPECT_EQ(ran.code, 0) << ran.out;
    for (const auto& id : open) EXPECT_THAT(ran.out, HasSubstr(id.text + " "));
    EXPECT_THAT(ran.out, HasSubstr(std::to_string(open.size()) + " open cases can move, 0 are stranded"));
    EXPECT_EQ(behind(), open);
    EXPECT_EQ(run("migrate-cases --dry-run --definition prescription").code, 0);
    EXPECT_EQ(run("migrate-cases --dry-run --definition nothing").code, 2);
}

TEST_P(MigrateCases, MovesEachByOneEventAndTheRecordStaysWhole) {
    const auto open = behind();
    const auto ran = run("migrate-cases");
    EXPECT_EQ(ran.code, 0) << ran.out;
    EXPECT_THAT(ran.out, HasSubstr(std::to_string(open.size()) + " cases moved, 0 are stranded"));
    EXPECT_TRUE(behind().empty());
    for (const auto& id : open) {
        const auto events = app_.cases.events(id);
        EXPECT_EQ(events.back().command, "migrate");
        EXPECT_EQ(events.back().definition_version, 2);
        EXPECT_EQ(events[events.size() - 2].definition_version, 1);
    }
    expect_whole();
    EXPECT_EQ(run("verify --replay").code, 0);
}

TEST_P(MigrateCases, GoesOnWhereItStopped) {
    const auto open = behind();
    for (std::size_t i = 0; i < 3; ++i) app_.service.migrate(open[i], false);
    EXPECT_THAT(run("migrate-cases").out, HasSubstr(std::to_string(open.size() - 3) + " cases moved"));
    const auto again = run("migrate-cases");
    EXPECT_EQ(again.code, 0);
    EXPECT_THAT(again.out, HasSubstr("No open case runs on an older version"));
    for (const auto& id : open) EXPECT_EQ(app_.cases.events(id).back().payload, R"({"from_version":1})");
    expect_whole();
}

// Two programs run at the same time, and each case is moved once.
TEST_P(MigrateCases, TwoAtOnceMoveEachCaseOnce) {
    const auto open = behind();
    const auto one = program("migrate-cases");
    const auto both = shell(one + " & " + one + "; code=$?; wait; exit $code");
    EXPECT_EQ(both.code, 0) << both.out;
    EXPECT_THAT(both.out, Not(HasSubstr("1 failed")));
    EXPECT_TRUE(behind().empty()) << both.out;
    for (const auto& id : open) {
        const auto events = app_.cases.events(id);
        EXPECT_EQ(
            std::count_if(events.begin(), events.end(), [](const auto& event) { return event.command == "migrate"; }),
            1);
    }
    expect_whole();
}

TEST_P(MigrateCases, LeavesClosedCasesAlone) {
    run("migrate-cases");
    for (const auto& one : record_.cases) {
        if (one.row.at("final") != true) continue;
        EXPECT_EQ(app_.cases.row({one.row.at("id").get<std::string>()})->definition_version, one.row.at("version"));
    }
}

class StrandedCases : public MigrateCases {};
INSTANTIATE_TEST_SUITE_P(Store, StrandedCases, ::testing::Values("sqlite"),
                         [](const auto& test) { return test.param; });

TEST_P(StrandedCases, AreNamedWithTheReasonAndTheOthersMove) {
    const auto open = behind();
    Tampering(folder_.path + "/cunmai.db")
        .run("UPDATE cases SET state = 'limbo' WHERE id = '" + open.front().text + "'"); // no version knows it
    const auto moves = std::to_string(open.size() - 1);
    const auto look = run("migrate-cases --dry-run");
    EXPECT_EQ(look.code, 1);
    EXPECT_THAT(look.out, AllOf(HasSubstr(open.front().text), HasSubstr("no longer has the present step"),
                                HasSubstr(moves + " open cases can move, 1 are stranded")));
    EXPECT_THAT(run("--lang zh-CN migrate-cases --dry-run").out, HasSubstr("已没有该事项当前所处的环节"));
    const auto ran = run("migrate-cases");
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, AllOf(HasSubstr("stranded in version 1"), HasSubstr(moves + " cases moved")));
    EXPECT_THAT(behind(), ::testing::ElementsAre(open.front()));
}

} // namespace

} // namespace cunmai::test
