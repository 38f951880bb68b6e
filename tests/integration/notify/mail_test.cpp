// Notices: from a committed command to inboxes and mails. Against a real SMTP receiver, with a clock that is moved.
#include "adapters/app/background.hpp"
#include "adapters/notify/notifier.hpp"
#include "adapters/telemetry/log.hpp"
#include "tests/support/demo_app.hpp"
#include "tests/support/smtp_receiver.hpp"
#include "tests/support/tampering.hpp"

#include <gmock/gmock.h>

#include <set>

namespace cunmai::test {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* village = "990100001201";

class Mail : public ::testing::Test {
  protected:
    void SetUp() override {
        log::send_to([](const std::string&) {}); // the failures below are meant
    }
    void TearDown() override { log::send_to({}); }

    // Sends notices to the town's officer and supervisor: two people, two mails.
    engine::CaseId open_case(const std::string& place = village) {
        return app.opens("panel1", "village_lifecycle", place, "open_targeted", {{"reason", "示例原因：张三的合同"}});
    }
    void wait_out(int attempts) { app.move_clock(notify::retry_after_seconds(attempts) * 5 / 4 + 1); }
    std::vector<db::Notification> inbox(const std::string& login) {
        return app->inbox.list(DemoApp::person(login), false, 50, "", nullptr);
    }
    std::set<std::string> message_ids() const {
        std::set<std::string> ids;
        for (const auto& mail : receiver.mails()) ids.insert(mail.headers.at("message-id"));
        return ids;
    }

    SmtpReceiver receiver;
    DemoApp app{[this](Config& config) {
        config.smtp_host = "127.0.0.1";
        config.smtp_port = receiver.port();
        config.mail_security = "none";
        config.mail_from = "cunmai@district.test";
        config.public_url = "https://cunmai.district.test";
    }};
};

TEST_F(Mail, OneInboxRowAndOneMailForEachRecipient) {
    const auto id = open_case();
    const auto settled = settle(*app);

    EXPECT_EQ(settled.mails_sent, 2);
    EXPECT_EQ(settled.mails_failed, 0);
    EXPECT_THAT(inbox("o-990100001"), SizeIs(1));
    EXPECT_THAT(inbox("s-990100001"), SizeIs(1));
    EXPECT_THAT(inbox("o-990100002"), IsEmpty()) << "another town's officer";
    EXPECT_THAT(inbox("v-990100001201"), IsEmpty()) << "not their role";
    EXPECT_EQ(inbox("o-990100001").front().case_id, id);
    EXPECT_THAT(receiver.mails(), SizeIs(2));
    EXPECT_THAT(message_ids(), SizeIs(2));
}

TEST_F(Mail, SaysCaseNumberAndLinkAndNothingThatSomebodyTyped) {
    const auto id = open_case();
    settle(*app);
    for (const auto& mail : receiver.mails()) {
        EXPECT_THAT(mail.body, AllOf(HasSubstr(id.text), HasSubstr("https://cunmai.district.test/cases/" + id.text)));
        EXPECT_THAT(mail.body, Not(HasSubstr("张三")));
        EXPECT_THAT(mail.headers.at("subject"), AllOf(HasSubstr(id.text), Not(HasSubstr("张三"))));
        for (const auto& person : app->people.search("", "town_officer", 50, ""))
            EXPECT_THAT(mail.body, Not(HasSubstr(person.name)));
        EXPECT_EQ(mail.headers.at("content-type"), "text/plain; charset=UTF-8");
        EXPECT_EQ(mail.headers.at("mime-version"), "1.0");
        EXPECT_EQ(mail.headers.at("auto-submitted"), "auto-generated");
    }
}

TEST_F(Mail, NobodyWhoWasDisabledGetsOne) {
    auto officer = *app->people.find(DemoApp::person("o-990100001"));
    officer.active = false;
    app->people.update(officer);
    open_case();
    settle(*app);
    EXPECT_THAT(inbox("o-990100001"), IsEmpty());
    EXPECT_THAT(receiver.mails(), SizeIs(1));
}

TEST_F(Mail, AnAddressThatCouldBecomeAHeaderIsNotWrittenTo) {
    auto officer = *app->people.find(DemoApp::person("o-990100001"));
    officer.email = "a@b.test\r\nBcc: everybody@b.test";
    app->people.update(officer);
    open_case();
    settle(*app);
    ASSERT_THAT(receiver.mails(), SizeIs(1));
    EXPECT_THAT(receiver.mails().front().raw, Not(HasSubstr("everybody")));
}

TEST_F(Mail, WhatTheServerRefusesIsSentLaterAndNotEarlier) {
    receiver.refuse(2);
    open_case();
    EXPECT_EQ(settle(*app).mails_failed, 2);
    EXPECT_THAT(receiver.mails(), IsEmpty());
    EXPECT_THAT(app->outbox.failures(10), SizeIs(2));

    app.move_clock(notify::retry_after_seconds(1) - 2);
    EXPECT_EQ(settle(*app).mails_sent, 0) << "before its time";
    wait_out(1);
    EXPECT_EQ(settle(*app).mails_sent, 2);
    EXPECT_THAT(receiver.mails(), SizeIs(2));
    EXPECT_THAT(app->outbox.failures(10), IsEmpty());
}

TEST_F(Mail, AServerThatHangsUpInTheMiddleGetsTheMailAgain) {
    receiver.hang_up_in_data(1);
    open_case();
    const auto settled = settle(*app);
    EXPECT_EQ(settled.mails_failed, 1);
    EXPECT_EQ(settled.mails_sent, 1) << "the next one, on a new connection";
    wait_out(1);
    EXPECT_EQ(settle(*app).mails_sent, 1);
    EXPECT_THAT(receiver.mails(), SizeIs(2));
}

TEST_F(Mail, AMailWhoseAnswerWasLostComesAgainUnderTheSameMessageId) {
    receiver.lose_answers(1);
    open_case();
    settle(*app);
    wait_out(1);
    settle(*app);
    EXPECT_THAT(receiver.mails(), SizeIs(3)) << "at least once: the first one twice";
    EXPECT_THAT(message_ids(), SizeIs(2)) << "and a receiver can tell";
}

TEST_F(Mail, IsDeadAfterTenAttemptsAndAnAdministratorCanSendItAgain) {
    receiver.refuse(1000);
    open_case();
    for (int attempt = 1; attempt <= notify::attempts_max; ++attempt) {
        EXPECT_EQ(settle(*app).mails_failed, 2) << "attempt " << attempt;
        wait_out(attempt);
    }
    EXPECT_EQ(settle(*app).mails_failed, 0) << "dead letters are not tried";
    const auto failures = app->outbox.failures(10);
    ASSERT_THAT(failures, SizeIs(2));
    for (const auto& failure : failures) {
        EXPECT_TRUE(failure.dead);
        EXPECT_THAT(failure.error, HasSubstr("451"));
    }
    receiver.refuse(0);
    auto person = *app->people.find({failures.front().person}); // the address was wrong: it is corrected first
    person.email = "corrected@district.test";
    app->people.update(person);
    app->outbox.send_again(failures.front().id, app->clock.now());
    EXPECT_EQ(settle(*app).mails_sent, 1);
    EXPECT_THAT(receiver.mails().back().to, HasSubstr("corrected@district.test"));
    EXPECT_THAT(app->outbox.failures(10), SizeIs(1));
}

TEST_F(Mail, ANoticeHeldByAServerThatDiedIsTakenOver) {
    open_case();
    EXPECT_THAT(app->outbox.claim(10, app->clock.now(), 60), SizeIs(1)); // … and then it is gone
    EXPECT_EQ(settle(*app).notices, 0) << "the lease still holds";
    app.move_clock(61);
    EXPECT_EQ(settle(*app).notices, 1);
    EXPECT_THAT(receiver.mails(), SizeIs(2));
}

TEST_F(Mail, ANoticeThatIsExpandedTwiceReachesNobodyTwice) {
    open_case();
    settle(*app);
    // As if the server had died before it could say that it was done.
    Tampering(app.database_file()).run("UPDATE outbox SET state = 'waiting', next_at = 0");
    EXPECT_EQ(settle(*app).notices, 1);
    EXPECT_THAT(inbox("o-990100001"), SizeIs(1));
    EXPECT_THAT(receiver.mails(), SizeIs(2));
}

TEST_F(Mail, ManyMailsLeaveAServerThatIsAwayInPeace) {
    app.close();
    DemoApp other([](Config& config) {
        config.smtp_host = "127.0.0.1";
        config.smtp_port = 1; // nobody listens
        config.mail_security = "none";
    });
    for (const auto* place : {"990100001201", "990100001202", "990100001203"})
        other.opens("panel1", "village_lifecycle", place, "open_targeted", {{"reason", "示例"}});
    EXPECT_EQ(settle(*other).mails_failed, 6);
    EXPECT_EQ(settle(*other).mails_failed, 0) << "not before its time";
    EXPECT_THAT(other->outbox.failures(10), SizeIs(6));
}

TEST_F(Mail, WhatAStoppingServerHadClaimedIsGivenBackAtOnce) {
    open_case();
    notify::Notifier stopping(*app, [] { return true; });
    EXPECT_EQ(stopping.work().done(), 0);
    EXPECT_EQ(settle(*app).mails_sent, 2) << "no lease to wait for";
}

TEST_F(Mail, LeavesByItselfWhileServingAndStopsPromptly) {
    Background background(*app);
    background.start();
    open_case();
    background.wake();
    EXPECT_TRUE(receiver.wait_for(2, std::chrono::seconds(20)));
    const auto before = std::chrono::steady_clock::now();
    background.stop();
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5));
}

TEST(MailText, LongChineseSubjectsAreCutBetweenCharacters) {
    const std::string subject =
        "Subject: " +
        notify::encoded_header("示例区重点村分类管理：自查任务已经下达，请于规定期限内完成填报并上传佐证材料");
    std::istringstream lines(subject);
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        EXPECT_LE(line.size(), 76u) << line;
    }
    EXPECT_EQ(notify::encoded_header("plain"), "plain");
    EXPECT_THAT(notify::encoded_header("a\r\nBcc: b"), Not(HasSubstr("\r\nBcc")));
}

TEST(Backoff, DoublesFromThirtySeconds) {
    EXPECT_EQ(notify::retry_after_seconds(1), 30);
    EXPECT_EQ(notify::retry_after_seconds(2), 60);
    EXPECT_EQ(notify::retry_after_seconds(10), 30 * 512);
}

} // namespace

} // namespace cunmai::test
