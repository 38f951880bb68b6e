// cunmai doctor finds what would make Cunmai untrustworthy, says what to do, and changes nothing.
#include "adapters/cli/shell.hpp"
#include "adapters/services/doctor.hpp"
#include "adapters/words/texts.hpp"
#include "db/operations/settings_check.hpp"
#include "tests/support/demo_app.hpp"
#include "tests/support/smtp_receiver.hpp"
#include "tests/support/tampering.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace cunmai::test {

namespace {

using doctor::Level;
using ::testing::Contains;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;

auto is(const std::string& key, Level level) {
    return testing::AllOf(Field(&doctor::Sign::key, key), Field(&doctor::Sign::level, level));
}

struct Ran {
    int code = -1;
    std::string out;
};

Ran run(std::vector<std::string> words) {
    words.insert(words.begin(), {"cunmai", "--lang", "en"});
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    testing::internal::CaptureStdout();
    Ran ran;
    ran.code = cli::run(static_cast<int>(arguments.size()), arguments.data());
    ran.out = testing::internal::GetCapturedStdout();
    return ran;
}

doctor::Signs signs_of_folder(const std::string& folder) {
    Config config;
    config.data_dir = folder;
    doctor::Signs signs;
    doctor::look_at_data_folder(config, signs);
    return signs;
}

doctor::Signs signs_of_database(App& app) {
    doctor::Signs signs;
    doctor::look_at_database(app, signs);
    return signs;
}

void write(const std::string& file, const std::string& text) { std::ofstream(file) << text; }

} // namespace

TEST(Doctor, FindsNothingWrongWithADatabaseInOrder) {
    const DemoApp demo;
    const auto ran = run({"doctor", "--json", "--data", demo.folder()});
    const auto report = Json::parse(ran.out);
    EXPECT_EQ(ran.code, 0) << ran.out;
    EXPECT_NE(report.at("level"), "fault");
    for (const auto& check : report.at("checks")) {
        EXPECT_NE(check.at("level"), "fault") << check;
        EXPECT_FALSE(check.at("text").get<std::string>().starts_with("cli.")) << check;
        EXPECT_EQ(check.at("level") == "good", check.at("do") == "") << check;
    }
}

TEST(Doctor, SaysWhatIsWrongAndWhatToDo) {
    DemoApp demo;
    demo.close();
    Tampering(demo.database_file())
        .run("DELETE FROM schema_migrations WHERE number = (SELECT MAX(number) FROM schema_migrations)");
    const auto ran = run({"doctor", "--data", demo.folder()});
    EXPECT_EQ(ran.code, cli::exit_failed);
    EXPECT_THAT(ran.out, HasSubstr("[FAULT]"));
    EXPECT_THAT(ran.out, HasSubstr("cunmai migrate"));
}

TEST(Doctor, NamesAWorkflowThatIsNotTheOneThatCasesWereOpenedWith) {
    DemoApp demo;
    demo.close();
    Tampering(demo.database_file())
        .run("UPDATE definitions SET fingerprint = 'another' WHERE definition = 'prescription'");
    const auto ran = run({"doctor", "--data", demo.folder()});
    EXPECT_EQ(ran.code, cli::exit_failed);
    EXPECT_THAT(ran.out, HasSubstr("prescription 1"));
}

TEST(Doctor, MakesNothing) {
    const TemporaryFolder folder;
    EXPECT_EQ(run({"doctor", "--data", folder.path + "/none"}).code, cli::exit_unreachable);
    EXPECT_FALSE(std::filesystem::exists(folder.path + "/none"));
    EXPECT_EQ(run({"doctor", "--data", folder.path}).code, cli::exit_unreachable);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path));
}

TEST(Doctor, AWrongConfigurationIsTwo) {
    const auto ran = run({"doctor", "--database", "nonsense"});
    EXPECT_EQ(ran.code, cli::exit_usage);
    EXPECT_THAT(ran.out, HasSubstr("data.database"));
}

TEST(Doctor, AnUnreachableDatabaseIsThree) {
    const TemporaryFolder folder;
    write(folder.path + "/secret", std::string(64, 'a'));
    std::filesystem::permissions(folder.path + "/secret", std::filesystem::perms::owner_read);
    const auto ran = run({"doctor", "--data", folder.path, "--database", "mysql://nobody:x@127.0.0.1:1/none"});
    EXPECT_EQ(ran.code, cli::exit_unreachable);
    EXPECT_THAT(ran.out, HasSubstr("can't be reached"));
    EXPECT_THAT(ran.out, testing::Not(HasSubstr("can be reached")));
}

TEST(Doctor, LooksAfterTheSecret) {
    const TemporaryFolder folder;
    EXPECT_THAT(signs_of_folder(folder.path), Contains(is("secret_later", Level::good)));
    write(folder.path + "/cunmai.db", "");
    EXPECT_THAT(signs_of_folder(folder.path), Contains(is("secret_lost", Level::fault)));
    write(folder.path + "/secret", std::string(64, 'a'));
    std::filesystem::permissions(folder.path + "/secret", std::filesystem::perms(0644));
    EXPECT_THAT(signs_of_folder(folder.path), Contains(is("secret_open", Level::fault)));
    std::filesystem::permissions(folder.path + "/secret", std::filesystem::perms(0600));
    EXPECT_THAT(signs_of_folder(folder.path), Contains(is("secret", Level::good)));
    EXPECT_THAT(signs_of_folder(folder.path + "/none"), Contains(is("folder_missing", Level::fault)));
}

TEST(Doctor, AsksTheMailServer) {
    const auto look = [](const std::string& host, int port, const std::string& security = "none") {
        Config config;
        config.smtp_host = host;
        config.smtp_port = port;
        config.mail_security = security;
        config.mail_answer_seconds = 2;
        doctor::Signs signs;
        doctor::look_at_mail(config, signs);
        return signs;
    };
    EXPECT_THAT(look("", 25), Contains(is("mail_off", Level::good)));
    EXPECT_THAT(look("127.0.0.1", 1), Contains(is("mail_unusable", Level::warning)));
    const SmtpReceiver receiver;
    EXPECT_THAT(look("127.0.0.1", receiver.port()), Contains(is("mail", Level::good)));
    const auto signs = look("127.0.0.1", receiver.port(), "starttls");
    EXPECT_THAT(signs, Contains(is("mail_unusable", Level::warning)));
    EXPECT_THAT(signs.at(0).facts.at("error"), HasSubstr("does not offer STARTTLS"));
}

TEST(Doctor, ADatabasesOwnSettingsAreLookedAt) {
    DemoApp demo;
    const auto signs = signs_of_database(*demo);
    EXPECT_THAT(signs, Contains(is("setting.synchronous", Level::good)));
    EXPECT_THAT(signs, Contains(is("setting.journal_mode", Level::good)));
    EXPECT_THAT(signs, Each(Field(&doctor::Sign::level, testing::Ne(Level::fault))));
}

TEST(Doctor, LittleRoomIsAWarningAndHardlyAnyAFault) {
    const auto look = [](std::uintmax_t free_mb) {
        doctor::Signs signs;
        doctor::look_at_space("data", free_mb, signs);
        return signs.at(0);
    };
    EXPECT_THAT(look(1024), is("space", Level::good));
    EXPECT_THAT(look(1023), is("space_low", Level::warning));
    EXPECT_THAT(look(199), is("space_low", Level::fault));
}

TEST(Doctor, ASessionThatIsChangedOnItsWayIsAFault) {
    const db::Variables good{{"character_set_client", "utf8mb4"},
                             {"character_set_database", "utf8mb4"},
                             {"tx_isolation", "READ-COMMITTED"},
                             {"sql_mode", "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION"}};
    const auto wrong_with = [&](const std::string& name, const std::string& value) {
        auto variables = good;
        if (!name.empty()) variables[name] = value;
        std::map<std::string, db::Finding::Severity> wrong;
        for (const auto& finding : db::check_session(variables))
            if (finding.severity != db::Finding::Severity::good) wrong[finding.what] = finding.severity;
        return wrong;
    };
    using Severity = db::Finding::Severity;
    using Wrong = std::map<std::string, Severity>;
    EXPECT_EQ(wrong_with("", ""), Wrong());
    EXPECT_EQ(wrong_with("character_set_client", "latin1"), (Wrong{{"character_set_client", Severity::fault}}));
    EXPECT_EQ(wrong_with("character_set_database", "latin1"), (Wrong{{"character_set_database", Severity::warning}}));
    EXPECT_EQ(wrong_with("tx_isolation", "REPEATABLE-READ"), (Wrong{{"transaction_isolation", Severity::fault}}));
    EXPECT_EQ(wrong_with("sql_mode", ""), (Wrong{{"sql_mode", Severity::fault}}));
}

TEST(Doctor, ADatabaseServersClockMayBeTwoSecondsOff) {
    const auto now = engine::start_of_day(engine::parse_date("2026-03-01").value());
    const auto severity = [&](std::int64_t seconds) {
        return db::check_clock(now.plus_seconds(seconds), now).severity;
    };
    using Severity = db::Finding::Severity;
    EXPECT_EQ(severity(0), Severity::good);
    EXPECT_EQ(severity(-2), Severity::good);
    EXPECT_EQ(severity(3), Severity::warning);
    EXPECT_EQ(severity(-3), Severity::warning);
}

TEST(Doctor, AClockThatWasSetBackIsAFault) {
    const auto at = [](const char* date) { return engine::start_of_day(engine::parse_date(date).value()); };
    const auto look = [](engine::Instant now, engine::Instant newest) {
        doctor::Signs signs;
        doctor::look_at_clock(now, newest, signs);
        return signs.at(0);
    };
    EXPECT_THAT(look(at("2026-03-01"), at("2026-02-28")), is("clock", Level::good));
    EXPECT_THAT(look(at("2026-03-01"), at("2026-03-01").plus_seconds(30)), is("clock", Level::good));
    EXPECT_THAT(look(at("2026-03-01"), at("2026-03-02")), is("clock_back", Level::fault));
    EXPECT_THAT(look(at("2001-01-01"), {0}), is("clock_wrong", Level::fault));
}

TEST(Doctor, TheCalendarCoversTheNextYear) {
    const auto look = [](const Json& calendar) {
        doctor::Signs signs;
        doctor::look_at_calendar(calendar, 2026, signs);
        return signs.at(0);
    };
    EXPECT_THAT(look({{"2026", {}}, {"2027", {}}}), is("calendar", Level::good));
    EXPECT_THAT(look({{"2026", {}}}), is("calendar_ends", Level::warning));
    EXPECT_THAT(look({{"2025", {}}}), is("calendar_missing", Level::fault));
    EXPECT_THAT(look(Json()), is("calendar_missing", Level::fault));
}

} // namespace cunmai::test
