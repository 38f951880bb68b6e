// Defaults, file, environment; problems that say what to do; secrets that are not shown.
#include "adapters/services/app.hpp"
#include "adapters/words/texts.hpp"
#include "tests/integration/http/server_fixture.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>

#include <fstream>
#include <set>

namespace cunmai::test {

namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ConfigFile : public ::testing::Test {
  protected:
    Config load(const std::string& text) {
        const auto file = folder.path + "/cunmai.toml";
        std::ofstream(file) << text;
        problems.clear();
        return load_config(file, problems);
    }
    Folder folder;
    std::vector<ConfigProblem> problems;
};

// The library that reads TOML does not check some of these and would crash.
TEST_F(ConfigFile, WhatNoKeyTakesIsRefusedWithItsLine) {
    const std::string sign = " (there is a full-width sign";
    const std::vector<std::pair<std::string, std::string>> lines{
        {"host = 1979-05-27 5", "a date, which no key takes"},
        {"host = 19_79-05-27 5", "a date, which no key takes"},
        {"host = [1979-05-27 5]", "a value that is neither"},
        {"host = [}", "a value that is neither"},
        {"host = # none", "a value that is neither"},
        {"host = \"\"\"", "something stands behind the end"},
        {"host = '''", "something stands behind the end"},
        {"host = \"x", "text without its closing quote"},
        {"host = \"x\" y", "something stands behind the end"},
        {"port ＝ 9000", "a key without =" + sign},
        {"host = “示例”", "a value that is neither text in quotes, a number, true nor false" + sign},
        {"host、 = 5", "a key without =" + sign},
        {"[]", "a section without a name"},
        {"[mail", "a section without its closing bracket"},
        {"[[mail]]", "a section without a name"},
        {"= 5", "neither a section nor a key"}};
    for (const auto& [line, what] : lines) {
        load("[server]\n" + line + "\n");
        ASSERT_EQ(problems.size(), 1U) << line;
        EXPECT_THAT(std::string(said("en", problems.front()).at("problem")), HasSubstr("line 2: " + what)) << line;
    }
    const auto config = load("[server]\nhost = \"2026-05-27 5\" # since 2026-05-27 5, \"\"\" and ''' too\n");
    EXPECT_THAT(problems, IsEmpty());
    EXPECT_EQ(config.host, "2026-05-27 5");
    const auto marked = load("\xEF\xBB\xBF# 示例、注释\r\n[server] # 段\r\nhost = '示例'\r\nport = 9_000\r\n");
    EXPECT_THAT(problems, IsEmpty());
    EXPECT_EQ(marked.host, "示例");
    EXPECT_EQ(marked.port, 9000);
}

TEST_F(ConfigFile, TheFileIsOverTheDefaultsAndTheEnvironmentOverTheFile) {
    ::setenv("CUNMAI_SERVER_THREADS", "3", 1);
    ::setenv("CUNMAI_DATA_DEMO", "true", 1);
    const auto config = load("[server]\nport = 9000\nthreads = 7\n[mail]\nfrom = \"a@example.invalid\"\n");
    ::unsetenv("CUNMAI_SERVER_THREADS");
    ::unsetenv("CUNMAI_DATA_DEMO");
    EXPECT_THAT(problems, IsEmpty());
    EXPECT_EQ(config.port, 9000);
    EXPECT_EQ(config.threads, 3);
    EXPECT_TRUE(config.demo);
    EXPECT_EQ(config.mail_from, "a@example.invalid");
    EXPECT_EQ(config.session_idle_minutes, 30);
}

TEST_F(ConfigFile, UnknownKeysWrongTypesAndBrokenFilesAreProblems) {
    load("[server]\nprot = 1\n");
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_EQ(problems[0].key, "server.prot");
    load("[server]\nport = \"80\"\n");
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_EQ(problems[0].key, "server.port");
    load("[server]\nport = 99999999999\n");
    EXPECT_EQ(problems.size(), 1u);
    load("[server\n");
    EXPECT_EQ(problems.size(), 1u);
    ::setenv("CUNMAI_SERVER_PROT", "1", 1);
    ::setenv("CUNMAI_SERVER_PORT", "80x", 1);
    load("");
    ::unsetenv("CUNMAI_SERVER_PROT");
    ::unsetenv("CUNMAI_SERVER_PORT");
    EXPECT_EQ(problems.size(), 2u);
}

TEST_F(ConfigFile, ValuesOutOfRangeAreProblems) {
    Config config;
    EXPECT_THAT(check_config(config), IsEmpty());
    config.port = 70000;
    config.lockout_failures = 0;
    config.secret = "short";
    config.database = "oracle:x";
    EXPECT_EQ(check_config(config).size(), 4u);
}

// Codes of problems are strings in the source, so a missing sentence would show only when it is needed.
TEST_F(ConfigFile, EveryProblemIsToldInTheReadersLanguage) {
    std::vector<ConfigProblem> all;
    const auto add = [&](const std::vector<ConfigProblem>& some) { all.insert(all.end(), some.begin(), some.end()); };
    for (const std::string text : {"[server]\nprot = 1\nport = true\nhost = 5\n[mail]\npassword_in_clear = 1\n",
                                   "x = 1\n", "\xFF", "[server", "[]\n", "、", "a 1\n", "a = \n", "a = 2025-03-01\n",
                                   "a = \"\n", "a = 1 1\n", "[server]\nport = 1\nport = 2\n"}) {
        load(text);
        EXPECT_THAT(problems, Not(IsEmpty())) << text;
        add(problems);
    }
    problems.clear();
    ::setenv("CUNMAI_SERVER_PROT", "1", 1);
    load_config(folder.path + "/none.toml", problems);
    ::unsetenv("CUNMAI_SERVER_PROT");
    add(problems);
    Config config;
    config.port = -1;
    config.host = config.data_dir = "";
    config.public_url = "x";
    config.metrics_token = config.secret = "short";
    config.smtp_host = "mail.test";
    config.mail_security = "none";
    config.mail_from = "x";
    config.smtp_password = "p";
    config.mail_ca_file = "/none.pem";
    add(check_config(config));
    config = {};
    config.mail_security = "x";
    add(check_config(config));
    config = {};
    config.public_url = "http://10.1.2.3";
    add(doubts_about(config));
    config.public_url = "https://cunmai.example";
    config.plain_http = true;
    add(check_config(config));
    for (const std::string address :
         {"x", "sqlite:", "sqlite::memory:", "sqlite:\"", "mysql://h", "mysql://h/", "mysql:///d", "mysql://h h/d",
          "mysql://h:0/d", "mysql://[h/d", "mysql://h/d?x", "mysql://h/%", "mysql://h/%0A"}) {
        config = {};
        config.database = address;
        const auto found = check_config(config);
        EXPECT_EQ(found.size(), 1U) << address;
        add(found);
    }
    std::set<std::string> codes;
    for (const auto& problem : all) {
        codes.insert(problem.code);
        EXPECT_NE(said("en", problem), said("zh-CN", problem));
        for (const auto* language : {"en", "zh-CN"})
            for (const auto* part : {"problem", "remedy"}) {
                const std::string sentence = said(language, problem).at(part);
                EXPECT_THAT(sentence, Not(HasSubstr("cli.config"))) << problem.code;
                EXPECT_THAT(sentence, Not(HasSubstr("{"))) << problem.code;
                EXPECT_FALSE(sentence.empty()) << problem.code;
            }
    }
    std::set<std::string> sentences;
    const std::string prefix = "cli.config.";
    for (const auto& key : texts::keys("en"))
        if (key.starts_with(prefix) && !key.ends_with(".do") && !key.ends_with(".beyond_ascii"))
            sentences.insert(key.substr(prefix.size()));
    EXPECT_EQ(codes, sentences) << "each of them was heard";
}

TEST_F(ConfigFile, MailsAndPasswordsLeaveInClearOnlyWhenThatIsSaid) {
    const auto problems_with = [&](const std::string& lines) {
        std::string keys;
        for (const auto& problem : check_config(load("[mail]\nhost = \"mail.test\"\n" + lines)))
            keys += problem.key + " ";
        EXPECT_THAT(problems, IsEmpty()) << lines;
        return keys;
    };
    EXPECT_EQ(problems_with(""), "");
    EXPECT_EQ(mail_port(load("")), 587) << "starttls, if nothing is said";
    EXPECT_EQ(mail_port(load("[mail]\nsecurity = \"tls\"")), 465);
    EXPECT_EQ(mail_port(load("[mail]\nsecurity = \"none\"")), 25);
    EXPECT_EQ(mail_port(load("[mail]\nport = 2525")), 2525);

    const std::string signs_in = "user = \"u\"\npassword = \"p\"\n", in_clear = "security = \"none\"\n";
    EXPECT_EQ(problems_with("security = \"ssl\"\n"), "mail.security ");
    EXPECT_EQ(problems_with(in_clear), "");
    EXPECT_EQ(problems_with(signs_in), "");
    EXPECT_EQ(problems_with(signs_in + in_clear), "mail.password ");
    EXPECT_EQ(problems_with(signs_in + in_clear + "password_in_clear = true\n"), "");
    EXPECT_EQ(problems_with("user = \"u\"\n"), "mail.password ");
    EXPECT_EQ(problems_with("ca_file = \"/none.pem\"\n"), "mail.ca_file ");
    EXPECT_EQ(problems_with("from = \"Cunmai\"\n"), "mail.from ");
}

TEST_F(ConfigFile, SecretsAreNotShown) {
    Config config;
    config.smtp_password = "p4ss";
    config.secret = std::string(64, 'e');
    config.database = "mysql://u:p4ss@h/d";
    EXPECT_THAT(describe(config), Not(HasSubstr("p4ss")));
    EXPECT_THAT(describe(config), Not(HasSubstr("eeee")));
    EXPECT_THAT(describe(config), HasSubstr("mail.password = (set)"));
}

TEST_F(ConfigFile, TheServersSecretIsMadeOnceAndForItselfOnly) {
    Config config;
    config.data_dir = folder.path + "/data";
    const auto first = App(config, true).config.secret;
    EXPECT_EQ(first.size(), 64u);
    EXPECT_EQ(App(config, true).config.secret, first);
    const auto file = config.data_dir + "/secret";
    struct stat state {};
    ASSERT_EQ(::stat(file.c_str(), &state), 0);
    EXPECT_EQ(state.st_mode & 0777, 0600u);
    ::chmod(file.c_str(), 0644);
    EXPECT_THROW(App(config, true), std::runtime_error);
    ::chmod(file.c_str(), 0600);
    std::ofstream(file) << "damaged\n";
    EXPECT_THROW(App(config, true), std::runtime_error);
}

} // namespace

} // namespace cunmai::test
