// trust.md §5: headers of every answer, CSRF and Origin, the access log, faults that tell nothing.
#include "tests/integration/http/server_fixture.hpp"

#include "adapters/http/edge/cookies.hpp"

#include <algorithm>
#include <gmock/gmock.h>

#include <sqlite3.h>

namespace cunmai::test {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* json_type = "application/json";
constexpr const char* form_type = "application/x-www-form-urlencoded";

class Trust : public HttpTest {
  protected:
    void SetUp() override {
        HttpTest::SetUp();
        add_person("a");
        ticket = signed_in("a");
    }
    std::string cookie() const { return std::string(http::session_cookie_name) + "=" + ticket.token; }
    sign_in::Ticket ticket;
};

TEST_F(Trust, EveryKindOfAnswerCarriesTheSecurityHeaders) {
    const std::map<std::string, Reply> replies{
        {"page", get("/hello")},
        {"json", get("/things/1")},
        {"streamed", get("/streamed")},
        {"health", get("/healthz")},
        {"asset", get("/assets/cunmai.css")},
        {"no such address", get("/nowhere")},
        {"no such API address", get("/api/v1/nowhere")},
        {"wrong method", ask("DELETE", "/hello", "", {})},
        {"not signed in", get("/api/v1/me")},
        {"to sign-in", get("/private")},
        {"foreign origin", post("/hello", form_type, "", {{"Origin", "http://evil.example"}})},
        {"too large", raw("POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n")},
        {"bad framing", raw("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n")},
        {"fault", get("/broken")},
        {"database gone", get("/api/v1/store-gone")},
        {"head", ask("HEAD", "/hello", "", {})},
        {"events", get("/api/v1/events", {{"Cookie", cookie()}})},
    };
    for (const auto& [what, reply] : replies) {
        SCOPED_TRACE(what);
        EXPECT_NE(reply.status, 0);
        const auto policy = reply.header("content-security-policy");
        for (const auto* part : {"default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
                                 "script-src 'self';"})
            EXPECT_THAT(policy, HasSubstr(part));
        EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
        EXPECT_EQ(reply.header("x-content-type-options"), "nosniff");
        EXPECT_EQ(reply.header("referrer-policy"), "same-origin");
        EXPECT_FALSE(reply.header("x-request-id").empty());
        EXPECT_EQ(reply.header("cache-control"), what == "asset" ? "public, no-cache" : "no-store");
        EXPECT_THAT(reply.body.empty() ? "charset=utf-8" : reply.header("content-type"), HasSubstr("charset=utf-8"));
        EXPECT_EQ(reply.header("strict-transport-security"), "");
    }
}

TEST_F(Trust, UnderTlsBrowsersAreToldToStayThere) {
    Config config;
    config.public_url = "https://cunmai.example";
    start(config);
    EXPECT_THAT(get("/hello").header("strict-transport-security"), HasSubstr("max-age="));
}

TEST_F(Trust, AssetsAreKeptByTheHashOfTheirContent) {
    const auto first = get("/assets/cunmai.css");
    const auto etag = first.header("etag");
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(get("/assets/cunmai.css", {{"If-None-Match", etag}}).status, 304);
    const auto hash = etag.substr(1, etag.size() - 2);
    EXPECT_THAT(get("/assets/cunmai.css?v=" + hash).header("cache-control"), HasSubstr("immutable"));
    EXPECT_THAT(get("/assets/cunmai.css?v=old").header("cache-control"), HasSubstr("no-cache"));
    EXPECT_EQ(get("/assets/secret").status, 404);
    EXPECT_EQ(get("/assets/..%2Fpages%2Ferror.html").status, 404);
}

TEST_F(Trust, LongTextsAreCompressedForThoseWhoCanReadIt) {
    const auto plain = get("/things/known"), packed = get("/things/known", {{"Accept-Encoding", "gzip, deflate, br"}});
    EXPECT_EQ(plain.header("content-encoding"), "");
    EXPECT_EQ(packed.header("content-encoding"), "gzip");
    EXPECT_LT(packed.body.size(), 200u);
    EXPECT_GT(plain.body.size(), 5000u);
    EXPECT_EQ(get("/hello", {{"Accept-Encoding", "gzip"}}).header("content-encoding"), "");
}

// ---- who asks
// --------------------------------------------------------------------------------------------------------

TEST_F(Trust, StrangersAreSentToSignInAndBackToALocalPathOnly) {
    EXPECT_EQ(get("/private?x=1").status, 303);
    EXPECT_EQ(get("/private?x=1").header("location"), "/sign-in?back=%2Fprivate%3Fx%3D1");
    const auto posted =
        post("/private", form_type, "a=1", {{"Origin", origin()}, {"Referer", origin() + "/private?tab=2"}});
    EXPECT_EQ(posted.status, 303);
    EXPECT_EQ(posted.header("location"), "/sign-in?back=%2Fprivate%3Ftab%3D2&ended=1"); // says that nothing was done
    const auto foreign = post("/private", form_type, "a=1", {{"Referer", "http://evil.example/private"}});
    EXPECT_EQ(foreign.header("location"), "/sign-in?ended=1");
    EXPECT_EQ(changes_made(), 0);
}

TEST_F(Trust, ApiStrangersGetAProblem) {
    const auto reply = get("/api/v1/me");
    EXPECT_EQ(reply.status, 401);
    EXPECT_THAT(reply.header("www-authenticate"), StartsWith("Bearer"));
    EXPECT_EQ(reply.code(), "not_signed_in");
    EXPECT_THAT(get("/api/v1/me", {{"Authorization", "Bearer " + std::string(43, 'a')}}).header("www-authenticate"),
                HasSubstr("invalid_token"));
}

TEST_F(Trust, ABadBearerTokenIsNotMadeGoodByACookie) {
    EXPECT_EQ(get("/api/v1/me", {{"Cookie", cookie()}, {"Authorization", "Bearer nonsense"}}).status, 401);
}

TEST_F(Trust, TheBearerSchemeIsReadInAnyCase) {
    const auto program = signed_in("a", "bearer");
    EXPECT_EQ(get("/api/v1/me", {{"Authorization", "bEARER " + program.token}}).status, 200);
    EXPECT_EQ(get("/api/v1/me", {{"Cookie", cookie()}, {"Authorization", "bearer nonsense"}}).status, 401);
}

TEST_F(Trust, ACookieTokenIsNoBearerTokenAndTheOtherWayRound) {
    const auto program = signed_in("a", "bearer");
    EXPECT_EQ(get("/api/v1/me", {{"Authorization", "Bearer " + program.token}}).status, 200);
    EXPECT_EQ(get("/api/v1/me", {{"Authorization", "Bearer " + ticket.token}}).status, 401);
    EXPECT_EQ(get("/api/v1/me", {{"Cookie", std::string(http::session_cookie_name) + "=" + program.token}}).status,
              401);
}

TEST_F(Trust, RolesAndDemoRoutesAreRefusedToOthers) {
    EXPECT_EQ(get("/audit", {{"Cookie", cookie()}}).status, 403);
    EXPECT_EQ(post("/api/v1/clock", json_type, "{}", as(ticket)).code(), "demo_only");
}

// ---- CSRF
// ------------------------------------------------------------------------------------------------------------

TEST_F(Trust, AChangeNeedsTheFormsToken) {
    const Headers base{{"Cookie", cookie()}, {"Origin", origin()}};
    EXPECT_EQ(post("/private", form_type, "a=1", base).status, 403);
    EXPECT_EQ(post("/private", form_type, "a=1&csrf=", base).status, 403);
    EXPECT_EQ(post("/private", form_type, "a=1&csrf=" + std::string(43, 'a'), base).status, 403);
    EXPECT_EQ(post("/api/v1/change", json_type, "{}", base).status, 403);
    EXPECT_EQ(changes_made(), 0);
    EXPECT_EQ(post("/private", form_type, "a=1&csrf=" + ticket.csrf, base).status, 200);
    EXPECT_EQ(post("/private", form_type, "a=1&csrf=" + http::masked(ticket.csrf), base).status, 200);
    EXPECT_EQ(post("/api/v1/change", json_type, "{}", as(ticket)).status, 200);
    EXPECT_EQ(changes_made(), 3);
}

TEST_F(Trust, TheTokenOfAnotherSessionIsNone) {
    const auto other = signed_in("a");
    EXPECT_EQ(post("/private", form_type, "csrf=" + other.csrf, {{"Cookie", cookie()}, {"Origin", origin()}}).status,
              403);
}

TEST_F(Trust, PagesShowADifferentTokenEachTimeAndEachIsGood) {
    const auto token_of = [](const Reply& reply) {
        const auto begin = reply.body.find("<p>") + 3;
        return reply.body.substr(begin, reply.body.find("</p>") - begin);
    };
    const auto first = token_of(get("/private", {{"Cookie", cookie()}})),
               second = token_of(get("/private", {{"Cookie", cookie()}}));
    EXPECT_NE(first, second);
    const Headers base{{"Cookie", cookie()}, {"Origin", origin()}};
    EXPECT_EQ(post("/private", form_type, "csrf=" + first, base).status, 200);
    EXPECT_EQ(post("/private", form_type, "csrf=" + second, base).status, 200);
}

TEST_F(Trust, AChangeFromElsewhereIsRefused) {
    const auto with = [&](const Headers& more) {
        Headers headers{{"Cookie", cookie()}, {"X-CSRF-Token", ticket.csrf}};
        headers.insert(headers.end(), more.begin(), more.end());
        return post("/private", form_type, "a=1", headers).status;
    };
    EXPECT_EQ(with({{"Origin", "http://evil.example"}}), 403);
    EXPECT_EQ(with({{"Origin", "null"}}), 403);
    EXPECT_EQ(with({{"Origin", "http://127.0.0.1:1"}}), 403);
    EXPECT_EQ(with({{"Sec-Fetch-Site", "cross-site"}}), 403);
    EXPECT_EQ(with({{"Sec-Fetch-Site", "same-site"}}), 403);
    EXPECT_EQ(with({{"Referer", "http://evil.example/" + host()}}), 403);
    EXPECT_EQ(with({}), 403);
    EXPECT_EQ(changes_made(), 0);
    EXPECT_EQ(with({{"Origin", origin()}}), 200);
    EXPECT_EQ(with({{"Sec-Fetch-Site", "same-origin"}}), 200);
    EXPECT_EQ(with({{"Referer", origin() + "/private"}}), 200);
}

TEST_F(Trust, UnderTlsAPageWithoutItIsElsewhere) {
    Config config;
    config.public_url = "https://cunmai.example";
    start(config);
    ticket = signed_in("a");
    const auto from = [&](const std::string& name, const std::string& value) {
        return post("/private", form_type, "csrf=" + ticket.csrf, {{"Cookie", cookie()}, {name, value}}).status;
    };
    EXPECT_EQ(from("Origin", "http://" + host()), 403);
    EXPECT_EQ(from("Origin", "http://cunmai.example"), 403);
    EXPECT_EQ(from("Referer", "http://" + host() + "/private"), 403);
    EXPECT_EQ(from("Origin", "https://" + host()), 200);
    EXPECT_EQ(from("Origin", "https://cunmai.example"), 200);
}

TEST_F(Trust, ProgramsNeedNeither) {
    const auto program = signed_in("a", "bearer");
    EXPECT_EQ(post("/api/v1/change", json_type, "{}", {{"Authorization", "Bearer " + program.token}}).status, 200);
    EXPECT_EQ(post("/api/v1/echo", json_type, "{}").status, 200); // open, and no cookie
    EXPECT_EQ(post("/api/v1/echo", json_type, "{}", {{"Origin", "http://evil.example"}}).status, 403);
}

TEST_F(Trust, FormsOfOpenPagesAreBoundToTheBrowserToo) {
    const auto page = get("/hello");
    const auto set = page.header("set-cookie");
    EXPECT_THAT(set, StartsWith("__Host-cunmai-pre="));
    for (const auto* part : {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"}) EXPECT_THAT(set, HasSubstr(part));
    const auto pre = set.substr(0, set.find(';'));
    const auto begin = page.body.find("<p>") + 3;
    const auto token = page.body.substr(begin, page.body.find("</p>") - begin);
    EXPECT_EQ(post("/hello", form_type, "csrf=" + token, {{"Origin", origin()}}).status, 403);
    EXPECT_EQ(post("/hello", form_type, "", {{"Origin", origin()}, {"Cookie", pre}}).status, 403);
    EXPECT_EQ(post("/hello", form_type, "csrf=" + token, {{"Origin", "http://evil.example"}, {"Cookie", pre}}).status,
              403);
    EXPECT_EQ(changes_made(), 0);
    EXPECT_EQ(post("/hello", form_type, "csrf=" + token, {{"Origin", origin()}, {"Cookie", pre}}).status, 200);
    EXPECT_EQ(get("/hello", {{"Cookie", pre}}).header("set-cookie"), ""); // it has one already
}

TEST_F(Trust, TwoCookiesOfOneNameAreNone) {
    EXPECT_EQ(get("/api/v1/me", {{"Cookie", cookie() + "; " + cookie()}}).status, 401);
}

// ---- a long form whose session ended
// --------------------------------------------------------------------------------------------------------

TEST_F(Trust, ALongFormOutlivesItsSession) {
    const std::string typed = "reason=%E5%90%8C%E6%84%8F&new_password=hunter2&by=a&csrf=old-token";
    const auto reply = post("/form?x=1", form_type, typed, {{"Origin", origin()}});
    EXPECT_EQ(reply.status, 401);
    EXPECT_THAT(reply.body, HasSubstr("同意"));
    EXPECT_THAT(reply.body, HasSubstr("/form?x=1"));
    EXPECT_THAT(reply.body, Not(HasSubstr("hunter2")));
    EXPECT_THAT(reply.body, Not(HasSubstr("old-token")));
    EXPECT_EQ(changes_made(), 0);
    // Nothing is kept of what another site sent, nor of what may have been, nor of short forms, nor of too much.
    for (const Headers& headers :
         {Headers{{"Origin", "http://evil.example"}}, Headers{{"Sec-Fetch-Site", "cross-site"}},
          Headers{{"Referer", "http://evil.example/"}}, Headers{}})
        EXPECT_EQ(post("/form", form_type, typed, headers).status, 303);
    EXPECT_EQ(post("/private", form_type, typed, {{"Origin", origin()}}).status, 303);
    EXPECT_EQ(post("/form", form_type, "text=" + std::string(300'000, 'x'), {{"Origin", origin()}}).status, 303);
}

TEST_F(Trust, ALongFormOfTheSessionBeforeIsShownAgainToWhoTypedIt) {
    const auto with = [&](const std::string& form, const Headers& more) {
        Headers headers{{"Cookie", cookie()}};
        headers.insert(headers.end(), more.begin(), more.end());
        return post("/form", form_type, form, headers);
    };
    const auto own = with("reason=x&by=a&csrf=stale", {{"Origin", origin()}});
    EXPECT_EQ(own.status, 403);
    EXPECT_EQ(own.json()["review"], true);
    EXPECT_EQ(own.json()["fields"]["reason"], "x");
    for (const auto& [form, from] :
         std::vector<std::pair<std::string, std::string>>{{"reason=secret&by=b&csrf=stale", origin()},
                                                          {"reason=secret&csrf=stale", origin()},
                                                          {"reason=secret&by=a&csrf=stale", "http://evil.example"}}) {
        const auto refused = with(form, {{"Origin", from}});
        EXPECT_EQ(refused.status, 403);
        EXPECT_THAT(refused.body, Not(HasSubstr("secret")));
    }
    EXPECT_EQ(changes_made(), 0);
}

TEST_F(Trust, AFormThatAsksForAReviewIsNotCarriedOut) {
    const Headers base{{"Cookie", cookie()}, {"Origin", origin()}};
    const auto shown = post("/form", form_type, "by=a&review=1&csrf=" + ticket.csrf, base);
    EXPECT_EQ(shown.status, 200);
    EXPECT_EQ(shown.json()["review"], true);
    EXPECT_EQ(post("/private", form_type, "by=a&review=1&csrf=" + ticket.csrf, base).status, 403);
    EXPECT_EQ(changes_made(), 0);
    EXPECT_EQ(post("/form", form_type, "by=a&csrf=" + ticket.csrf, base).json()["review"], false);
    EXPECT_EQ(changes_made(), 1);
}

TEST_F(Trust, WhoSignedInAtAnotherTabMayStillSendTheOpenPage) {
    const auto page = get("/hello");
    const auto set = page.header("set-cookie");
    const auto pre = set.substr(0, set.find(';'));
    const auto begin = page.body.find("<p>") + 3;
    const auto token = page.body.substr(begin, page.body.find("</p>") - begin);
    const Headers both{{"Origin", origin()}, {"Cookie", cookie() + "; " + pre}};
    EXPECT_EQ(post("/hello", form_type, "csrf=" + token, both).status, 200);
    EXPECT_EQ(post("/private", form_type, "csrf=" + token, both).status, 403);
}

// ---- faults
// ----------------------------------------------------------------------------------------------------------

TEST_F(Trust, AFaultTellsANumberAndNothingElse) {
    for (const auto* target : {"/broken", "/api/v1/broken"}) {
        const auto reply = get(target);
        EXPECT_EQ(reply.status, 500);
        EXPECT_THAT(reply.body, Not(HasSubstr("secret detail")));
        EXPECT_THAT(reply.body, HasSubstr(reply.header("x-request-id")));
    }
}

TEST_F(Trust, AnErrorPageStandsInThePersonsOwnFrame) {
    EXPECT_THAT(get("/nowhere", {{"Cookie", cookie()}}).body, HasSubstr("示例a"));
    EXPECT_THAT(get("/nowhere").body, Not(HasSubstr("示例a")));
    EXPECT_EQ(get("/nowhere", {{"Accept", "text/html"}}).header("content-type"), "text/html; charset=utf-8");
}

TEST_F(Trust, AStoreThatIsAwayIs503) {
    const auto gone = get("/api/v1/store-gone");
    EXPECT_EQ(gone.status, 503);
    EXPECT_EQ(gone.header("retry-after"), "2");
    EXPECT_EQ(gone.json()["outcome_unknown"], false);
    const auto unknown = get("/api/v1/store-unknown", {{"Accept-Language", "en"}});
    EXPECT_EQ(unknown.code(), "store_unavailable");
    EXPECT_EQ(unknown.json()["outcome_unknown"], true);
    EXPECT_THAT(unknown.json()["detail"].get<std::string>(), HasSubstr("Send it again unchanged"));
}

TEST_F(Trust, AHeaderCanNotBeSplit) {
    Wire wire(server->port());
    wire.send("GET /header-injection?q=%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto reply = wire.read();
    EXPECT_THAT(reply.header("set-cookie"), Not(HasSubstr("a=b")));
    EXPECT_EQ(reply.header("location"), "");
    EXPECT_EQ(reply.status, 500);
    EXPECT_EQ(get("/hello").status, 200);
}

TEST_F(Trust, OutcomesHaveOneAnswerEach) {
    using Kind = engine::Outcome::Kind;
    const auto of = [&](Kind kind) { return get("/api/v1/outcome/" + std::to_string(static_cast<int>(kind))); };
    EXPECT_EQ(of(Kind::accepted).json(),
              (Json{{"case_id", "C1"}, {"state", "managed"}, {"version", 7}, {"replayed", false}}));
    const std::map<Kind, std::pair<int, std::string>> expected{{Kind::refused, {422, "refused"}},
                                                               {Kind::invalid, {422, "invalid"}},
                                                               {Kind::not_here, {422, "not_in_this_state"}},
                                                               {Kind::key_reused, {422, "key_reused"}},
                                                               {Kind::conflict, {409, "conflict"}},
                                                               {Kind::forbidden, {403, "forbidden"}},
                                                               {Kind::not_found, {404, "not_found"}},
                                                               {Kind::unknown_command, {404, "unknown_command"}}};
    for (const auto& [kind, answer] : expected) {
        const auto reply = of(kind);
        EXPECT_EQ(std::pair(reply.status, reply.code()), answer);
    }
    EXPECT_EQ(of(Kind::conflict).header("etag"), "\"7\"");
    EXPECT_EQ(of(Kind::conflict).json()["version"], 7);
    EXPECT_EQ(of(Kind::conflict).json()["state"], "managed");
}

// ---- access log
// ------------------------------------------------------------------------------------------------------

TEST_F(Trust, EveryRequestLeavesOneRow) {
    const auto reply = get("/things/case-1", {{"Cookie", cookie()}});
    post("/private", form_type, "", {{"Cookie", cookie()}, {"Origin", "http://evil.example"}});
    get("/assets/cunmai.css");
    get("/healthz");
    auto rows = app->access_log.list({});
    ASSERT_EQ(rows.size(), 2u);
    std::sort(rows.begin(), rows.end(), // those of one millisecond have no order
              [](const auto& one, const auto& other) { return one.access.route < other.access.route; });
    EXPECT_EQ(rows[0].access.route, "/private");
    EXPECT_EQ(rows[0].access.status, 403);
    EXPECT_EQ(rows[1].access.route, "/things/{id}");
    EXPECT_EQ(rows[1].access.object, "case-1");
    EXPECT_EQ(rows[1].access.method, "GET");
    EXPECT_EQ(rows[1].access.person.text, "P-a");
    EXPECT_EQ(rows[1].access.address, "127.0.0.1");
    EXPECT_EQ(rows[1].access.status, 200);
    EXPECT_EQ(rows[1].access.request_id, reply.header("x-request-id"));
}

TEST_F(Trust, TheAddressIsThePeersOrWhatAProxyOfOursSays) {
    int number = 0;
    const auto logged = [&](const char* from, const std::string& forwarded) {
        const auto thing = "thing-" + std::to_string(++number); // rows of one millisecond have no order
        Wire wire(server->port(), from);
        wire.send("GET /things/" + thing + " HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + forwarded + "\r\n\r\n");
        EXPECT_EQ(wire.read().status, 200);
        for (const auto& row : app->access_log.list({}))
            if (row.access.object == thing) return row.access.address;
        return std::string("not logged");
    };
    EXPECT_EQ(logged("127.0.0.1", "203.0.113.5, 192.0.2.7"), "192.0.2.7"); // what the client claims stands before it
    EXPECT_EQ(logged("127.0.0.1", "2001:db8::1"), "2001:db8::1");
    EXPECT_EQ(logged("127.0.0.1", "somebody <script>"), "127.0.0.1");
    EXPECT_EQ(logged("127.0.0.1", "192.0.2.7,"), "127.0.0.1");
    EXPECT_EQ(logged("127.0.0.2", "192.0.2.7"), "127.0.0.2"); // no proxy of ours
}

TEST_F(Trust, WhatCanNotBeLoggedFails) {
    const auto database = [this](const char* statement) {
        sqlite3* handle = nullptr;
        ASSERT_EQ(sqlite3_open((folder.path + "/cunmai.db").c_str(), &handle), SQLITE_OK);
        sqlite3_busy_timeout(handle, 5000);
        EXPECT_EQ(sqlite3_exec(handle, statement, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
        sqlite3_close(handle);
    };
    database("CREATE TRIGGER no_log BEFORE INSERT ON access_log BEGIN SELECT RAISE(ABORT, 'no space'); END");
    const auto change = post("/api/v1/echo", json_type, "{}");
    EXPECT_EQ(change.status, 503);
    EXPECT_EQ(change.code(), "store_unavailable");
    EXPECT_EQ(change.json()["outcome_unknown"], true);
    EXPECT_FALSE(change.json().contains("got"));
    EXPECT_EQ(get("/things/1").status, 503);
    EXPECT_EQ(get("/healthz").status, 200);
    database("DROP TRIGGER no_log");
    EXPECT_EQ(post("/api/v1/echo", json_type, "{}").status, 200);
    EXPECT_EQ(get("/things/1").status, 200);
}

} // namespace

} // namespace cunmai::test
