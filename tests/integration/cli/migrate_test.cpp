// cunmai migrate and cunmai doctor on a server that lets the account create no triggers: what to do, in both languages.
#include "adapters/cli/shell.hpp"
#include "tests/support/demo_app.hpp"
#include "tests/support/mariadb.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct Ran {
    int code = -1;
    std::string out, err;
};

Ran run(std::vector<std::string> words) {
    words.insert(words.begin(), "cunmai");
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    Ran ran;
    ran.code = cli::run(static_cast<int>(arguments.size()), arguments.data());
    ran.out = testing::internal::GetCapturedStdout();
    ran.err = testing::internal::GetCapturedStderr();
    return ran;
}

} // namespace

TEST(Migrate, SaysInBothLanguagesWhatABinaryLogNeeds) {
    const MariaDbServer server({"--log-bin=mysql-bin", "--server-id=1"});
    const TemporaryFolder folder;
    for (const auto* statement :
         {"CREATE DATABASE cunmai CHARACTER SET utf8mb4", "CREATE USER cunmai@'127.0.0.1' IDENTIFIED BY 'x'",
          "GRANT ALL ON cunmai.* TO cunmai@'127.0.0.1'"})
        run_on_mariadb(server.url(""), statement);
    const auto on = [&](const std::string& language, const std::string& command) {
        return run({"--lang", language, command, "--data", folder.path, "--database",
                    "mysql://cunmai:x@127.0.0.1:" + std::to_string(server.port()) + "/cunmai"});
    };

    const auto english = on("en", "migrate");
    EXPECT_EQ(english.code, cli::exit_failed);
    EXPECT_THAT(english.err,
                AllOf(HasSubstr("log_bin_trust_function_creators = 1 under [mysqld]"), HasSubstr("nothing was changed"),
                      HasSubstr("cunmai@127.0.0.1"), Not(HasSubstr("cli.")), Not(HasSubstr("1419"))));
    const auto chinese = on("zh-CN", "migrate");
    EXPECT_EQ(chinese.code, cli::exit_failed);
    EXPECT_THAT(chinese.err, AllOf(HasSubstr("[mysqld] 一节写入 log_bin_trust_function_creators = 1"),
                                   HasSubstr("未做任何更改"), Not(HasSubstr("cli."))));
    EXPECT_EQ(on("en", "serve").code, cli::exit_failed) << "it migrates, too";
    EXPECT_THAT(on("en", "migrate").err, HasSubstr("nothing was changed")) << "as before: nothing is half done";

    EXPECT_THAT(on("en", "doctor").out,
                AllOf(HasSubstr("log_bin_trust_function_creators = OFF"), HasSubstr("holds after a restart")));
    EXPECT_THAT(on("zh-CN", "doctor").out, HasSubstr("重启后有效"));

    run_on_mariadb(server.url(""), "SET GLOBAL log_bin_trust_function_creators = 1");
    EXPECT_EQ(on("en", "migrate").code, cli::exit_ok);
    EXPECT_THAT(on("en", "doctor").out, Not(HasSubstr("holds after a restart")));
}

} // namespace cunmai::test
