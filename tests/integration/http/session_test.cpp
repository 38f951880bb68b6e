// Signing in and staying signed in (trust.md §5).
#include "tests/integration/http/server_fixture.hpp"

#include "adapters/http/edge/cookies.hpp"
#include "adapters/services/administration.hpp"

namespace cunmai::test {

namespace {

class Session : public HttpTest {
  protected:
    void SetUp() override {
        HttpTest::SetUp();
        person = add_person("a");
    }
    int status_with(const sign_in::Ticket& ticket) { return get("/api/v1/me", as(ticket)).status; }
    bool fails(const std::string& login, const std::string& password) { return !attempt(login, password).ticket; }
    sign_in::Attempt attempt(const std::string& login, const std::string& password) {
        return sign_in::attempt(*app, login, password, "browser", "", "127.0.0.1");
    }
    engine::PersonId person;
};

TEST_F(Session, ASessionIsKnownByItsTokenOnly) {
    const auto ticket = signed_in("a");
    EXPECT_EQ(ticket.token.size(), 43u);
    EXPECT_EQ(status_with(ticket), 200);
    auto altered = ticket;
    altered.token[0] = altered.token[0] == 'A' ? 'B' : 'A';
    EXPECT_EQ(status_with(altered), 401);
    EXPECT_FALSE(app->sessions.find(ticket.token)); // stored by hash
}

TEST_F(Session, TheNameIsReadWithoutRegardToCase) { EXPECT_TRUE(attempt("A", "correct horse").ticket); }

TEST_F(Session, AnIdleSessionEnds) {
    const auto ticket = signed_in("a");
    move_clock(29 * 60);
    EXPECT_EQ(status_with(ticket), 200); // this used the session, so its idle time begins again
    move_clock(29 * 60);
    EXPECT_EQ(status_with(ticket), 200);
    move_clock(31 * 60);
    EXPECT_EQ(status_with(ticket), 401);
    move_clock(-31 * 60);
    EXPECT_EQ(status_with(ticket), 401); // it ended for good
}

TEST_F(Session, ASessionEndsAfterItsLongestTimeHoweverBusy) {
    const auto ticket = signed_in("a");
    for (int half_hour = 0; half_hour < 23; ++half_hour) {
        move_clock(25 * 60);
        ASSERT_EQ(status_with(ticket), 200);
    }
    move_clock(12 * 3600 - 23 * 25 * 60);
    EXPECT_EQ(status_with(ticket), 401);
}

TEST_F(Session, AProgramsTokenMayRestButEndsToo) {
    const auto token = signed_in("a", "bearer").token;
    const auto status = [&] { return get("/api/v1/me", {{"Authorization", "Bearer " + token}}).status; };
    move_clock(11 * 3600);
    EXPECT_EQ(status(), 200);
    move_clock(2 * 3600);
    EXPECT_EQ(status(), 401);
}

TEST_F(Session, SignOutAndDisablingEndIt) {
    const auto one = signed_in("a"), other = signed_in("a");
    app->sessions.end(sign_in::recognise(*app, one.token)->first.token_hash);
    EXPECT_EQ(status_with(one), 401);
    EXPECT_EQ(status_with(other), 200);
    auto disabled = *app->people.find(person);
    disabled.active = false;
    app->people.update(disabled);
    EXPECT_EQ(status_with(other), 401);
    EXPECT_TRUE(fails("a", "correct horse"));
}

// Argon2id takes time: when the session is opened, the password that was verified may have been changed.
TEST_F(Session, WhatWasVerifiedMustStillHoldWhenTheSessionIsOpened) {
    const auto verified = *app->people.find(person);
    app->people.set_password(person, administration::hash_password("another horse"), false);
    EXPECT_FALSE(sign_in::open(*app, verified, "browser", ""));
    const auto again = *app->people.find(person);
    EXPECT_TRUE(sign_in::open(*app, again, "browser", ""));
    EXPECT_EQ(app->sessions.of(person).size(), 1U);
    auto disabled = again;
    disabled.active = false;
    app->people.update(disabled);
    EXPECT_FALSE(sign_in::open(*app, again, "browser", ""));
    EXPECT_TRUE(app->sessions.of(person).empty());
}

TEST_F(Session, ANewPasswordEndsSessionsHoweverTheyCameToBe) {
    const auto before = signed_in("a");
    const auto old = *app->people.find(person);
    ASSERT_TRUE(app->people.set_password(person, old.password_hash, false)); // setting it again is a change, too
    EXPECT_EQ(status_with(before), 401);
    EXPECT_FALSE(app->people.set_password(person, "x", false, old.password_version)); // overtaken
    EXPECT_EQ(app->people.find(person)->password_hash, old.password_hash);
}

TEST_F(Session, GuessingTheOldPasswordLocksTheNameOut) {
    const auto change = [&](const std::string& old) {
        return administration::change_own_password(*app, person, old, "another horse").refusal;
    };
    for (int one = 0; one < 5; ++one) EXPECT_TRUE(change("wrong").has("old_password_wrong"));
    EXPECT_TRUE(change("correct horse").has("sign_in_locked"));
    EXPECT_TRUE(attempt("a", "correct horse").locked);
    move_clock(15 * 60 + 1);
    EXPECT_TRUE(change("correct horse").empty());
    EXPECT_TRUE(attempt("a", "another horse").ticket);
}

TEST_F(Session, ASessionSurvivesARestart) {
    const auto ticket = signed_in("a");
    restart(true);
    EXPECT_EQ(status_with(ticket), 200);
}

TEST_F(Session, WrongAndUnknownFailAlike) {
    for (const auto& [login, password] :
         std::vector<std::pair<std::string, std::string>>{{"a", "wrong"},
                                                          {"a", ""},
                                                          {"nobody", "correct horse"},
                                                          {"", ""},
                                                          {std::string(5000, 'x'), "x"},
                                                          {"a", "correct horse" + std::string(5000, 'x')}}) {
        const auto answer = attempt(login, password);
        EXPECT_FALSE(answer.ticket);
        EXPECT_FALSE(answer.locked);
    }
}

// Does not measure time, which depends on the machine, but counts the expensive work, which must be the same.
TEST_F(Session, KnownAndUnknownNamesCostTheSameWork) {
    const auto disabled_id = add_person("disabled");
    auto disabled = *app->people.find(disabled_id);
    disabled.active = false;
    app->people.update(disabled);
    auto without = disabled;
    without.id = engine::PersonId{"P-without"}, without.login = "without", without.active = true,
    without.password_hash = "";
    app->people.add(without);
    const auto checks = [this] { return metric("cunmai_password_checks_total"); };
    for (const auto& [login, password] :
         std::vector<std::pair<std::string, std::string>>{{"a", "wrong"},
                                                          {"nobody", "wrong"},
                                                          {"disabled", "correct horse"},
                                                          {"without", ""},
                                                          {std::string(5000, 'x'), "wrong"},
                                                          {"a", std::string(5000, 'x')},
                                                          {"a", "correct horse"}}) {
        const auto before = checks();
        attempt(login, password);
        EXPECT_EQ(checks() - before, 1) << login.substr(0, 20);
    }
    for (const auto* login : {"locked-out", "a"}) { // locked: no work, known or not
        for (int one = 0; one < 5; ++one) attempt(login, "wrong");
        const auto before = checks();
        EXPECT_TRUE(attempt(login, "correct horse").locked);
        EXPECT_EQ(checks() - before, 0) << login;
    }
}

TEST_F(Session, APasswordIsKeptWithAsMuchWorkAsPromised) {
    EXPECT_EQ(administration::hash_password("x").rfind("$argon2id$v=19$m=47104,t=1,p=1$", 0), 0u);
}

TEST_F(Session, FiveFailuresLockTheNameForAWhileKnownOrNot) {
    for (const auto* login : {"a", "nobody"}) {
        for (int one = 0; one < 5; ++one) EXPECT_FALSE(attempt(login, "wrong").locked);
        const auto locked = attempt(login, "correct horse");
        EXPECT_TRUE(locked.locked);
        EXPECT_FALSE(locked.ticket);
        EXPECT_GT(locked.retry_after_seconds, 0);
    }
    restart(true);
    EXPECT_TRUE(attempt("A", "correct horse").locked); // a restart does not end a lockout
    move_clock(15 * 60 + 1);
    EXPECT_TRUE(attempt("a", "correct horse").ticket);
}

TEST_F(Session, SuccessForgetsEarlierFailures) {
    for (int round = 0; round < 3; ++round) {
        for (int one = 0; one < 4; ++one) EXPECT_TRUE(fails("a", "wrong"));
        EXPECT_TRUE(attempt("a", "correct horse").ticket);
    }
}

TEST_F(Session, TheLanguageIsTheReaders) {
    const auto ticket = signed_in("a", "bearer");
    const Headers program{{"Authorization", "Bearer " + ticket.token}};
    EXPECT_EQ(get("/api/v1/me", program).json()["language"], "zh-CN");
    EXPECT_EQ(get("/api/v1/me?lang=en", program).json()["language"], "en");
    EXPECT_EQ(get("/api/v1/me?lang=xx", program).json()["language"], "zh-CN");
    auto chosen = program;
    chosen.emplace_back("Cookie", "__Host-cunmai-lang=en");
    EXPECT_EQ(get("/api/v1/me", chosen).json()["language"], "en");
    EXPECT_EQ(get("/nowhere", {{"Accept-Language", "en-GB,en;q=0.9,zh;q=0.1"}}).header("content-language"), "en");
    EXPECT_EQ(get("/nowhere", {{"Accept-Language", "zh-CN,zh;q=0.9,en;q=0.8"}}).header("content-language"), "zh-CN");
}

} // namespace

} // namespace cunmai::test
