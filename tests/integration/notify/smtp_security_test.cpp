// With whom mails are talked over, and how: never with less than mail.security asks for. Against a real SMTP receiver
// that speaks TLS with certificates made for the test.
#include "adapters/mail/smtp_session.hpp"
#include "adapters/notify/mailer.hpp"
#include "tests/support/demo_app.hpp"
#include "tests/support/smtp_receiver.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::string user = "cunmai", password = "p4ss wörd";

class MailSecurity : public ::testing::Test {
  protected:
    Config config(const std::string& security, const std::string& host = "localhost") const {
        Config config;
        config.smtp_host = host;
        config.smtp_port = receiver.port();
        config.mail_security = security;
        config.mail_ca_file = authority.file();
        config.mail_from = "cunmai@district.test";
        config.mail_answer_seconds = 10;
        return config;
    }
    Config with_password(Config config, const std::string& said = password) const {
        config.smtp_user = user;
        config.smtp_password = said;
        return config;
    }
    // "" when the mail was taken, else why not.
    static std::string sends(const Config& config, const std::string& address = "officer@district.test") {
        try {
            notify::Mailer(config).send({"1", "1", "person", address, "示例", "示例正文", 0}, {0});
            return "";
        } catch (const notify::ServerUnreachable& fault) {
            return fault.what();
        } catch (const notify::MailRefused& refusal) { return std::string("refused: ") + refusal.what(); }
    }

    TemporaryFolder folder;
    CertificateAuthority authority{folder.path};
    SmtpReceiver receiver;
};

TEST_F(MailSecurity, StartTlsSendsUnderTlsWhatMatters) {
    receiver.offer_starttls(authority.vouch_for("DNS:localhost"));
    receiver.ask_for_login("PLAIN", user, password);
    EXPECT_EQ(sends(with_password(config("starttls"))), "");
    ASSERT_THAT(receiver.mails(), SizeIs(1));
    EXPECT_EQ(receiver.mails().front().body, "示例正文");
    EXPECT_THAT(receiver.heard_in_clear(),
                AllOf(HasSubstr("STARTTLS"), Not(HasSubstr("AUTH")), Not(HasSubstr("MAIL"))));
}

TEST_F(MailSecurity, TlsFromTheFirstByteSendsNothingInClear) {
    receiver.speak_tls(authority.vouch_for("DNS:localhost"));
    receiver.ask_for_login("LOGIN", user, password);
    EXPECT_EQ(sends(with_password(config("tls"))), "");
    EXPECT_THAT(receiver.mails(), SizeIs(1));
    EXPECT_EQ(receiver.heard_in_clear(), "");
}

TEST_F(MailSecurity, AnAddressIsComparedAsOne) {
    receiver.speak_tls(authority.vouch_for("IP:127.0.0.1"));
    EXPECT_EQ(sends(config("tls", "127.0.0.1")), "");
}

TEST_F(MailSecurity, WithoutStartTlsNothingIsSent) {
    receiver.ask_for_login("PLAIN", user, password);
    EXPECT_THAT(sends(with_password(config("starttls"))), HasSubstr("does not offer STARTTLS"));
    EXPECT_THAT(receiver.mails(), IsEmpty());
    EXPECT_THAT(receiver.heard_in_clear(), AllOf(Not(HasSubstr("AUTH")), Not(HasSubstr("MAIL"))));
}

TEST_F(MailSecurity, ACertificateForAnotherNameIsNotTrusted) {
    receiver.offer_starttls(authority.vouch_for("DNS:another.test,IP:127.0.0.2"));
    EXPECT_THAT(sends(config("starttls")), HasSubstr("hostname mismatch"));
    EXPECT_THAT(sends(config("starttls", "127.0.0.1")), HasSubstr("IP address mismatch"));
    EXPECT_THAT(receiver.mails(), IsEmpty());
}

TEST_F(MailSecurity, ACertificateOfAnUnknownAuthorityIsNotTrusted) {
    const TemporaryFolder elsewhere;
    CertificateAuthority unknown(elsewhere.path, "Another authority");
    receiver.speak_tls(unknown.vouch_for("DNS:localhost"));
    EXPECT_THAT(sends(config("tls")), HasSubstr("unable to get local issuer certificate"));
    EXPECT_THAT(receiver.mails(), IsEmpty());
}

TEST_F(MailSecurity, TheSystemsAuthoritiesDoNotKnowTheTests) {
    receiver.speak_tls(authority.vouch_for("DNS:localhost"));
    auto plain = config("tls");
    plain.mail_ca_file = "";
    EXPECT_THAT(sends(plain), HasSubstr("certificate"));
    EXPECT_THAT(receiver.mails(), IsEmpty());
}

TEST_F(MailSecurity, ACertificateThatEndedIsNotTrusted) {
    receiver.speak_tls(authority.vouch_for("DNS:localhost", -1));
    EXPECT_THAT(sends(config("tls")), HasSubstr("certificate has expired"));
    EXPECT_THAT(receiver.mails(), IsEmpty());
}

TEST_F(MailSecurity, APasswordThatIsRefusedStopsTheTalkAndIsNotTold) {
    receiver.speak_tls(authority.vouch_for("DNS:localhost"));
    receiver.ask_for_login("LOGIN", user, password);
    const auto why = sends(with_password(config("tls"), "wrong-one"));
    EXPECT_THAT(why, AllOf(HasSubstr("535"), Not(HasSubstr("refused: ")), Not(HasSubstr("wrong-one")),
                           Not(HasSubstr("d3Jvbmctb25l"))))
        << "nor in base64";
    EXPECT_THAT(receiver.mails(), IsEmpty());
}

TEST_F(MailSecurity, NoneSendsInClearAndSignsInWhenToldTo) {
    receiver.ask_for_login("PLAIN", user, password);
    auto clear = with_password(config("none"));
    clear.mail_password_in_clear = true;
    EXPECT_EQ(sends(clear), "");
    EXPECT_THAT(receiver.mails(), SizeIs(1));
}

TEST_F(MailSecurity, AServerThatSaysNothingIsLeft) {
    receiver.be_silent();
    auto hasty = config("none");
    hasty.mail_answer_seconds = 1;
    EXPECT_THAT(sends(hasty), HasSubstr("too slow"));
}

TEST_F(MailSecurity, AHandshakeThatDoesNotEndIsLeft) {
    receiver.be_silent(); // takes the hello for a line that has not ended yet
    auto hasty = config("tls");
    hasty.mail_answer_seconds = 1;
    EXPECT_THAT(sends(hasty), HasSubstr("too slow"));
}

TEST_F(MailSecurity, AServerThatHangsUpBetweenTwoLinesIsLeft) {
    receiver.stop_in_an_answer();
    EXPECT_THAT(sends(config("none")), HasSubstr("hung up"));
}

TEST_F(MailSecurity, AnAddressThatIsNoneIsRefusedBeforeItIsSaid) {
    EXPECT_THAT(sends(config("none"), "a@b.test>\r\nRCPT TO:<c@d.test"), HasSubstr("not a mail address"));
    EXPECT_EQ(receiver.heard_in_clear(), "");
}

} // namespace

} // namespace cunmai::test
