// Plain HTTP on an office network: browsers keep no `Secure` cookie there, so that nobody could sign in and nothing
// said why. It is said, or served where the configuration says that it is meant.
#include "tests/integration/http/server_fixture.hpp"

#include "adapters/http/edge/cookies.hpp"
#include "adapters/http/site/site.hpp"
#include "adapters/services/doctor.hpp"
#include "adapters/words/texts.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace cunmai::test {

namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class PlainHttp : public HttpTest {
  protected:
    void serve(const std::string& public_url, bool meant = false) {
        Config config;
        config.public_url = public_url;
        config.plain_http = meant;
        start(config);
        server = std::make_unique<http::Server>(*app, http::whole_site(), limits);
        server->start();
    }
    Reply sign_in_page(const std::string& host_asked, const std::string& more = "") {
        return raw("GET /sign-in?lang=en HTTP/1.1\r\nHost: " + host_asked + "\r\n" + more + "\r\n");
    }
};

constexpr auto said_so = "Browsers then keep no sign-in";

TEST_F(PlainHttp, IsSaidAtTheSignInPage) {
    serve("http://10.1.2.3:8080");
    EXPECT_THAT(sign_in_page("10.1.2.3:8080").body, HasSubstr(said_so));
    EXPECT_THAT(sign_in_page("127.0.0.1:8080").body, Not(HasSubstr(said_so)));
    EXPECT_THAT(sign_in_page("localhost").body, Not(HasSubstr(said_so)));
    EXPECT_THAT(sign_in_page("10.1.2.3:8080", "X-Forwarded-Proto: https\r\n").body, Not(HasSubstr(said_so)));
    serve("");
    EXPECT_THAT(sign_in_page("10.1.2.3:8080").body, HasSubstr(said_so));
    serve("https://cunmai.example");
    EXPECT_THAT(sign_in_page("10.1.2.3:8080").body, HasSubstr("Open https://cunmai.example instead"));
    EXPECT_THAT(sign_in_page("cunmai.example").body, Not(HasSubstr(said_so)));
    EXPECT_THAT(sign_in_page("other.example", "X-Forwarded-For: 10.1.2.9\r\n").body, Not(HasSubstr(said_so)));
    EXPECT_THAT(sign_in_page("cunmai.example", "X-Forwarded-Proto: http\r\n").body, HasSubstr(said_so));
}

TEST_F(PlainHttp, IsServedWhereItIsMeant) {
    serve("http://10.1.2.3:8080", true);
    add_person("a");
    const std::string office = "10.1.2.3:8080";
    const auto page = sign_in_page(office);
    EXPECT_THAT(page.body, Not(HasSubstr(said_so)));
    const auto set = page.header("set-cookie");
    EXPECT_EQ(set.rfind("cunmai-pre=", 0), 0u) << set;
    for (const auto* kept : {"HttpOnly", "SameSite=Lax"}) EXPECT_THAT(set, HasSubstr(kept));
    EXPECT_THAT(set, Not(HasSubstr("Secure")));

    const std::string mark = "name=\"csrf\" value=\"";
    const auto at = page.body.find(mark) + mark.size();
    const auto form = "csrf=" + page.body.substr(at, page.body.find('"', at) - at) + "&login=a&password=correct+horse";
    const auto signed_in =
        raw("POST /sign-in HTTP/1.1\r\nHost: " + office + "\r\nOrigin: http://" + office +
            "\r\nCookie: " + set.substr(0, set.find(';')) +
            "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + std::to_string(form.size()) +
            "\r\n\r\n" + form);
    ASSERT_EQ(signed_in.status, 303) << signed_in.body;
    const auto session = signed_in.header("set-cookie");
    EXPECT_EQ(session.rfind("cunmai=", 0), 0u) << session;
    const auto account = [&](const std::string& cookie) {
        return raw("GET /account HTTP/1.1\r\nHost: " + office + "\r\nCookie: " + cookie + "\r\n\r\n").status;
    };
    EXPECT_EQ(account("x=1; " + session.substr(0, session.find(';')) + "; cunmai-lang=en"), 200);
    EXPECT_EQ(account("x=1"), 303);
}

TEST(PlainHttpConfigured, IsDoubtedUnlessItIsMeant) {
    const auto doubts = [](const std::string& public_url, bool meant = false) {
        Config config;
        config.public_url = public_url;
        config.plain_http = meant;
        EXPECT_THAT(check_config(config), IsEmpty());
        return doubts_about(config);
    };
    for (const auto* office : {"http://10.1.2.3:8080", "http://cunmai.county/", "http://[2001:db8::1]:8080"}) {
        ASSERT_EQ(doubts(office).size(), 1u) << office;
        EXPECT_THAT(doubts(office, true), IsEmpty());
        for (const auto& language : texts::languages()) {
            const auto text = said(language, doubts(office).front());
            EXPECT_THAT(text.at("problem").get<std::string>(), HasSubstr(office));
            EXPECT_THAT(text.at("remedy").get<std::string>(), HasSubstr("server.plain_http"));
        }
        doctor::Signs signs;
        doctor::look_at_configuration({}, doubts(office), "en", signs);
        EXPECT_EQ(worst_of(signs), doctor::Level::fault);
    }
    for (const auto* fine : {"", "https://10.1.2.3", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:8080/"})
        EXPECT_THAT(doubts(fine), IsEmpty()) << fine;
    Config both;
    both.public_url = "https://cunmai.example";
    both.plain_http = true;
    EXPECT_EQ(check_config(both).size(), 1u);
}

TEST(PlainCookies, GoThereAndBack) {
    EXPECT_EQ(http::as_plain(http::language_cookie("en")),
              "cunmai-lang=en; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000");
    EXPECT_EQ(http::from_plain("a=1;cunmai=x; cunmai-pre=y"), "a=1; __Host-cunmai=x; __Host-cunmai-pre=y");
    EXPECT_EQ(http::from_plain(""), "");
}

} // namespace

} // namespace cunmai::test
