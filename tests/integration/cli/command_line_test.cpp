// The program as a shell sees it: exit codes, what goes to which stream, passwords, precedence of the configuration.
#include "engine/digest.hpp"
#include "tests/support/demo_app.hpp"
#include "tests/support/tampering.hpp"

#include <gmock/gmock.h>

#include <signal.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
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

class CommandLine : public ::testing::Test {
  protected:
    Ran run(const std::string& arguments, const std::string& before = "") {
        const auto command = before + " LANG=C.UTF-8 '" CUNMAI_BINARY "' " + arguments + " 2>&1";
        Ran ran;
        auto* pipe = popen(command.c_str(), "r");
        char bytes[4096];
        for (std::size_t count; (count = fread(bytes, 1, sizeof bytes, pipe)) > 0;) ran.out.append(bytes, count);
        const int status = pclose(pipe);
        ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        return ran;
    }
    std::string data() const { return " --data " + folder.path + "/data"; }
    std::string file(const std::string& name, const std::string& content) const {
        std::ofstream(folder.path + "/" + name, std::ios::binary) << content;
        return folder.path + "/" + name;
    }

    TemporaryFolder folder;
};

TEST_F(CommandLine, EveryCommandHasHelp) {
    for (const auto* command :
         {"",          "serve",         "migrate",      "migrate-cases", "import",     "import register",
          "demo",      "demo seed",     "verify",       "show",          "user",       "user add",
          "user list", "user password", "user disable", "user enable",   "user grant", "user revoke",
          "place",     "place add",     "place rename", "place list",    "rule",       "rule show",
          "rule set",  "rule approve",  "rule history", "backup",        "restore",    "diagram",
          "config",    "openapi",       "doctor"}) {
        const auto ran = run(std::string(command) + " --help");
        EXPECT_EQ(ran.code, 0) << command;
        EXPECT_THAT(ran.out, HasSubstr("Usage:")) << command;
    }
}

TEST_F(CommandLine, PlacesAreAddedAndRenamedOneByOne) {
    EXPECT_EQ(run("place add 990500 示例戊区 --level district" + data()).code, 0);
    EXPECT_EQ(run("place add 990500001 示例镇 --level town --parent 990500" + data()).code, 0);
    EXPECT_EQ(run("place add 990500001 示例镇 --level town --parent 990500" + data()).code, 1) << "it is there";
    const auto orphan = run("place add 990500002201 示例村 --level village --parent 990500002 --lang en" + data());
    EXPECT_EQ(orphan.code, 1);
    EXPECT_THAT(orphan.out, HasSubstr("990500002"));
    EXPECT_EQ(run("place rename 990500001 示例新镇" + data()).code, 0);
    const auto listed = run("place list --level town" + data());
    EXPECT_THAT(listed.out, AllOf(HasSubstr("示例新镇"), Not(HasSubstr("示例戊区"))));
}

TEST_F(CommandLine, TheCommitteesRulesAreShownChangedAndRemembered) {
    ASSERT_EQ(run("demo seed" + data()).code, 0);
    EXPECT_THAT(run("rule show" + data()).out, HasSubstr("committee"));
    EXPECT_EQ(run("rule set committee '{\"quorum\": [2, 3], \"pass\": [1, 2], \"secret\": true}'" + data()).code, 0);
    EXPECT_THAT(run("rule show committee" + data()).out, HasSubstr("true"));
    EXPECT_EQ(run("rule set committee '{\"quorum\": [3, 2], \"pass\": [1, 2], \"secret\": true}'" + data()).code, 1);
    EXPECT_EQ(run("rule set committee '{'" + data()).code, 2);
    EXPECT_EQ(run("rule set no_such_rule 1" + data()).code, 1);
    EXPECT_THAT(run("rule history committee" + data()).out, HasSubstr("cli"));
}

TEST_F(CommandLine, TheCatalogueIsProposedAndApprovedBySomebodyElse) {
    ASSERT_EQ(run("demo seed" + data()).code, 0);
    EXPECT_EQ(run("rule approve catalogue" + data()).code, 1) << "nothing is proposed";
    auto catalogue = run("rule show catalogue" + data()).out;
    const std::string version = "\"version\": 1\n";
    ASSERT_THAT(catalogue, HasSubstr(version));
    catalogue.replace(catalogue.find(version), version.size(), "\"version\": 2\n");
    const auto path = file("catalogue.json", catalogue);
    EXPECT_EQ(run("rule set catalogue \"$(cat " + path + ")\"" + data()).code, 0);
    EXPECT_THAT(run("rule show catalogue" + data()).out, HasSubstr(version)) << "it waits";
    EXPECT_EQ(run("rule approve catalogue" + data()).code, 1) << "the command line proposed it itself";
}

TEST_F(CommandLine, WrongUsageIsTwo) {
    EXPECT_EQ(run("").code, 2);
    EXPECT_THAT(run("").out, HasSubstr("serve")) << "says what there is";
    EXPECT_EQ(run("dance").code, 2);
    EXPECT_THAT(run("dance").out, HasSubstr("dance"));
    EXPECT_EQ(run("verify --what").code, 2);
    EXPECT_EQ(run("import register").code, 2);
    EXPECT_EQ(run("serve --port 99999").code, 2);
    EXPECT_EQ(run("serve --demo --empty").code, 2);
    EXPECT_EQ(run("diagram nothing").code, 2);
    EXPECT_EQ(run("config --database nonsense").code, 2);
    EXPECT_EQ(run("config --database mysql://host-without-a-database").code, 2);
    EXPECT_EQ(run("config --config " + file("bad.toml", "[server]\nprot = 1\n")).code, 2);
}

TEST_F(CommandLine, WhatIsNotThereIsThree) {
    EXPECT_EQ(run("verify" + data()).code, 3);
    EXPECT_FALSE(std::filesystem::exists(folder.path + "/data")) << "a question makes no database";
    EXPECT_EQ(run("import register " + folder.path + "/none.csv" + data()).code, 3);
    EXPECT_EQ(run("restore " + folder.path + "/none" + data()).code, 3);
    EXPECT_EQ(run("migrate --database mysql://nobody:x@127.0.0.1:1/none" + data()).code, 3);
    EXPECT_EQ(run("diagram prescription --output " + folder.path + "/no/such/folder.svg").code, 3);
    EXPECT_EQ(run("migrate" + data()).code, 0);
    EXPECT_EQ(run("backup " + folder.path + "/no/such/folder" + data()).code, 3);
}

TEST_F(CommandLine, APilotNeedsAnAddress) { EXPECT_EQ(run("demo pilot --server ftp://127.0.0.1").code, 2); }

TEST_F(CommandLine, FlagsAreOverTheEnvironmentOverTheFile) {
    const auto config = file("cunmai.toml", "[data]\ndirectory = \"from-file\"\n[server]\nport = 9001\nthreads = 3\n");
    EXPECT_THAT(run("config --config " + config).out, AllOf(HasSubstr("from-file"), HasSubstr("server.port = 9001")));
    const std::string environment = "CUNMAI_DATA_DIRECTORY=from-environment CUNMAI_SERVER_PORT=9002";
    EXPECT_THAT(run("config --config " + config, environment).out,
                AllOf(HasSubstr("from-environment"), HasSubstr("server.port = 9002"), HasSubstr("server.threads = 3")));
    EXPECT_THAT(run("config --data from-flag --config " + config, environment).out,
                AllOf(HasSubstr("from-flag"), Not(HasSubstr("from-environment"))));
}

TEST_F(CommandLine, SecretsAreNotPrinted) {
    const std::string environment =
        "CUNMAI_MAIL_PASSWORD=s3cret-mail CUNMAI_DATA_DATABASE=mysql://a:s3cret-db@127.0.0.1/x";
    EXPECT_THAT(run("config", environment).out, Not(HasSubstr("s3cret")));
}

TEST_F(CommandLine, ImportIsCheckedFirstAndAllOrNothing) {
    const auto good = file("good.csv", "code,name,parent,level\n900,示例区,,district\n900001,示例镇,900,town\n");
    const auto bad = file("bad.csv", "code,name,parent,level\n900,示例区,,district\n900001,示例镇,901,town\n");
    auto ran = run("import register " + bad + data());
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, AllOf(HasSubstr("line 3: "), HasSubstr("901")));
    EXPECT_THAT(run("--lang zh-CN import register " + bad + data()).out, HasSubstr("第 3 行：900001 的上级 901"));
    EXPECT_EQ(run("import register " + folder.path + data()).code, 3) << "a folder is no file";
    EXPECT_EQ(run("import register --dry-run " + good + data()).code, 0);
    EXPECT_THAT(run("import register " + good + data()).out, HasSubstr("2 new"));
    EXPECT_THAT(run("import register " + good + data()).out, HasSubstr("2 unchanged"));
}

TEST_F(CommandLine, ThreeAdministratorsAreSetUpAndKeptApart) {
    const std::string from_stdin = " --password-stdin";
    for (const auto* role : {"system_administrator", "security_administrator", "audit_administrator"}) {
        const auto ran = run("user add " + std::string(role) + " --name 示例 --role " + role + from_stdin + data(),
                             "echo 'Long-enough-example-9' |");
        EXPECT_EQ(ran.code, 0) << ran.out;
        EXPECT_THAT(ran.out, Not(HasSubstr("Long-enough")));
    }
    EXPECT_EQ(run("user grant system_administrator audit_administrator" + data()).code, 1) << "two of the three";
    EXPECT_EQ(run("user add system_administrator --name 示例 --no-password" + data()).code, 1) << "the login is taken";
    EXPECT_EQ(run("user password nobody --password-stdin" + data(), "echo x |").code, 1);
    EXPECT_EQ(run("user password system_administrator" + data(), "</dev/null").code, 1) << "no terminal to ask";
    const auto list = run("user list" + data());
    EXPECT_THAT(list.out, AllOf(HasSubstr("system_administrator\t示例"), HasSubstr("audit_administrator")));
    EXPECT_EQ(run("user disable audit_administrator" + data()).code, 1) << "the last of its kind stays";
}

TEST_F(CommandLine, BackupAndRestore) {
    ASSERT_EQ(run("demo seed" + data()).code, 0);
    EXPECT_EQ(run("demo seed" + data()).code, 1) << "only into an empty database";
    const auto backup = folder.path + "/backup";
    EXPECT_EQ(run("backup " + backup + data()).code, 0);
    EXPECT_EQ(run("backup " + backup + data()).code, 1) << "never over a file";
    EXPECT_EQ(run("restore " + backup + data()).code, 1) << "only into an empty database";
    EXPECT_EQ(run("restore " + backup + " --data " + folder.path + "/other").code, 0);
    EXPECT_THAT(run("user list --role auditor --data " + folder.path + "/other").out, HasSubstr("auditor"));

    auto damaged = backup + ".damaged";
    std::filesystem::copy(backup, damaged);
    std::fstream bytes(damaged, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>(std::filesystem::file_size(damaged) / 2));
    bytes.put('~');
    bytes.close();
    EXPECT_EQ(run("restore --check " + damaged).code, 1);
    EXPECT_EQ(run("restore " + damaged + " --data " + folder.path + "/third").code, 1);
}

TEST_F(CommandLine, VerifyNamesTheCaseAndTheEventAndFails) {
    DemoApp app;
    const auto id = app.village_in_review();
    app.close();
    const auto of_app = " --data " + app.folder();
    auto ran = run("verify --replay" + of_app);
    EXPECT_EQ(ran.code, 0) << ran.out;
    EXPECT_THAT(ran.out, AllOf(HasSubstr("1 cases, 3 events"), HasSubstr("decided again")));
    Tampering(app.database_file()).run("UPDATE case_events SET actor = 'x' WHERE seq = 2");
    ran = run("verify" + of_app);
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, HasSubstr("case " + id.text + ", event 2: "));
    EXPECT_EQ(run("verify --case " + id.text + of_app).code, 1);
    ran = run("verify --json" + of_app);
    EXPECT_EQ(ran.code, 1);
    const auto json = Json::parse(ran.out);
    EXPECT_EQ(json.at("whole"), false);
    EXPECT_EQ(json.at("events"), 3);
    ASSERT_EQ(json.at("damage").size(), 1u) << ran.out;
    EXPECT_EQ(json.at("damage")[0].at("case"), id.text);
    EXPECT_EQ(json.at("damage")[0].at("event"), 2);
    EXPECT_EQ(json.at("damage")[0].at("kind"), "case");
}

TEST_F(CommandLine, ShowTellsACaseAsItIsAndAsItStood) {
    DemoApp app;
    const auto id = app.village_in_review();
    const auto events = app->cases.events(id);
    app.close();
    const auto of_case = "show " + id.text + " --data " + app.folder();
    auto ran = run(of_case);
    EXPECT_EQ(ran.code, 0) << ran.out;
    EXPECT_THAT(ran.out,
                AllOf(HasSubstr("department_review"), HasSubstr(events[2].command), HasSubstr(events[2].hash)));
    ran = run(of_case + " --at 2");
    EXPECT_EQ(ran.code, 0) << ran.out;
    EXPECT_THAT(ran.out, AllOf(HasSubstr(events[1].hash), HasSubstr(events[1].to), Not(HasSubstr(events[2].hash))));
    EXPECT_EQ(run(of_case + " --at 4").code, 1);
    EXPECT_EQ(run(of_case + " --at 0").code, 2);
    EXPECT_EQ(run("show nothing --data " + app.folder()).code, 1);
    std::istringstream lines(run(of_case + " --events").out);
    std::string line;
    for (const auto& event : events) {
        ASSERT_TRUE(std::getline(lines, line));
        const auto json = Json::parse(line);
        EXPECT_EQ(json.at("hash"), event.hash);
        EXPECT_EQ(json.at("record"), to_base64(engine::bytes_of(event)));
    }
    EXPECT_FALSE(std::getline(lines, line)) << line;
    Tampering(app.database_file()).run("UPDATE case_events SET changes = 'x' WHERE seq = 2");
    ran = run(of_case + " --at 3");
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, HasSubstr("event 2: "));
}

// A running `cunmai serve`, observed by its output and controlled by signals.
class Serving {
  public:
    explicit Serving(const std::string& arguments)
        : pipe_(popen(("exec sh -c 'echo $$; exec env LANG=C.UTF-8 " CUNMAI_BINARY " serve --port 0 " + arguments + "'")
                          .c_str(),
                      "r")) {
        pid_ = std::stoi(line());
    }
    ~Serving() {
        if (pipe_) stop();
    }
    Serving(const Serving&) = delete;

    std::string line() {
        char text[1024] = "";
        if (!fgets(text, sizeof text, pipe_)) return "(the end)";
        return text;
    }
    std::string until(const std::string& mark) { // everything up to the line that has it
        std::string all;
        for (;;) {
            const auto next = line();
            all += next;
            if (next.find(mark) != std::string::npos || next == "(the end)") return all;
        }
    }
    int stop() { // returns its exit code
        kill(pid_, SIGTERM);
        rest = until("(never)");
        const int status = pclose(pipe_);
        pipe_ = nullptr;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    }

    std::string rest;

  private:
    FILE* pipe_;
    pid_t pid_ = 0;
};

TEST_F(CommandLine, ServePrintsTheAddressAndTheDemoSignInsAndStopsOnASignal) {
    {
        Serving server("--demo" + data());
        const auto said = server.until("auditadmin");
        EXPECT_THAT(said, AllOf(HasSubstr("http://127.0.0.1:"), HasSubstr("cunmai-demo"), HasSubstr("v-990100001201"),
                                HasSubstr("chair"), HasSubstr("sysadmin")));
        EXPECT_EQ(server.stop(), 0);
        EXPECT_THAT(server.rest, HasSubstr("Stopped."));
    }
    EXPECT_EQ(run("user add newcomer --name 示例 --no-password" + data()).code, 0);
    Serving again("--demo" + data());
    again.until("auditadmin");
    EXPECT_EQ(again.stop(), 0);
    EXPECT_THAT(run("user list --text newcomer" + data()).out, HasSubstr("newcomer"))
        << "a second start keeps the data";
}

TEST_F(CommandLine, AnEmptyServerHasNoDemoPeopleAndSaysHowToBegin) {
    Serving server("--empty" + data());
    EXPECT_THAT(server.until("import register"), HasSubstr("user add LOGIN"));
    EXPECT_EQ(server.stop(), 0);
    EXPECT_EQ(run("user list" + data()).out, "");
}

TEST_F(CommandLine, APortThatIsTakenIsSaid) {
    Serving server("--empty" + data());
    const auto said = server.until("serves on");
    const auto port = said.substr(said.rfind(':') + 1);
    const auto ran = run("serve --empty --port " + port.substr(0, port.find_first_not_of("0123456789")) + " --data " +
                         folder.path + "/other");
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, HasSubstr("can't listen on"));
    EXPECT_EQ(server.stop(), 0);
}

TEST_F(CommandLine, MigrateSaysWhatIsApplied) {
    EXPECT_EQ(run("migrate --status" + data()).code, 3) << "there is no database";
    EXPECT_EQ(run("migrate" + data()).code, 0);
    EXPECT_THAT(run("migrate --status" + data()).out, HasSubstr("0001_people.sql"));
}

} // namespace

} // namespace cunmai::test
