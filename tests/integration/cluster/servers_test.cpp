// Two whole servers on one cluster that write to two different nodes: what a person does at one holds at the other.
#include "adapters/app/background.hpp"
#include "adapters/http/edge/cookies.hpp"
#include "adapters/http/edge/server.hpp"
#include "adapters/services/administration.hpp"
#include "adapters/services/sign_in.hpp"
#include "tests/integration/cluster/tally.hpp"
#include "tests/support/galera.hpp"

#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Timespan.h>

#include <gmock/gmock.h>

#include <barrier>
#include <filesystem>
#include <thread>

namespace cunmai::test {

namespace {

GaleraCluster& cluster() { return GaleraCluster::shared(); }

constexpr const char* password = "correct horse";

Config config_on(const std::vector<int>& order, const std::string& folder) {
    Config config;
    config.database = cluster().url("servers", order);
    config.data_dir = folder;
    config.secret = std::string(64, 'a');
    config.port = 0;
    config.demo = true; // its clock may be moved
    return config;
}

class TwoServers : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        cluster().run(0, "CREATE DATABASE servers");
        folder_ = "/var/tmp/cunmai-cluster-test-XXXXXX";
        ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
        one = std::make_unique<App>(config_on({0, 1, 2}, folder_), true);
        other = std::make_unique<App>(config_on({1, 0, 2}, folder_), true);
        for (const auto* login : {"ann", "bob", "cleo"}) add(login);
    }
    static void TearDownTestSuite() {
        one.reset();
        other.reset();
        std::filesystem::remove_all(folder_);
    }
    static void add(const std::string& login) {
        db::Person person;
        person.id = {"P-" + login};
        person.login = login;
        person.name = "示例" + login;
        person.password_hash = administration::hash_password(password);
        one->people.add(person);
    }
    static sign_in::Attempt try_at(App& app, const std::string& login, const std::string& word = password) {
        return sign_in::attempt(app, login, word, "browser", "", "127.0.0.1");
    }
    static std::string grant(const std::string& login, const std::string& role) {
        const auto id = "g-" + login + role;
        one->people.add_grant({id, {"P-" + login}, role, "", "", "/", "", one->clock.now(), {"root"}});
        return id;
    }

    static inline std::unique_ptr<App> one, other;

  private:
    static inline std::string folder_;
};

TEST_F(TwoServers, ASessionIsGoodAtBothAndEndedAtBoth) {
    const auto ticket = *try_at(*one, "ann").ticket;
    EXPECT_TRUE(sign_in::recognise(*other, ticket.token));
    other->sessions.end_all_of({"P-ann"});
    EXPECT_FALSE(sign_in::recognise(*one, ticket.token));
}

TEST_F(TwoServers, FailuresAtBothLockOutAtBoth) {
    for (int failure = 0; failure < one->config.lockout_failures; ++failure)
        EXPECT_FALSE(try_at(failure % 2 ? *one : *other, "bob", "wrong").ticket);
    EXPECT_TRUE(try_at(*one, "bob").locked);
    EXPECT_TRUE(try_at(*other, "bob").locked);
}

// A stream of Server-Sent Events.
class Stream {
  public:
    Stream(int port, const std::string& token)
        : socket_(Poco::Net::SocketAddress("127.0.0.1", static_cast<Poco::UInt16>(port))) {
        const auto request = "GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                             "\r\nCookie: " + std::string(http::session_cookie_name) + "=" + token + "\r\n\r\n";
        socket_.sendBytes(request.data(), static_cast<int>(request.size()));
        socket_.setReceiveTimeout(Poco::Timespan(10, 0));
    }
    // What came until `mark` did; throws after 10 s of nothing.
    std::string read_until(const std::string& mark) {
        std::string text;
        while (text.find(mark) == std::string::npos) {
            char part[1024];
            const int count = socket_.receiveBytes(part, sizeof part);
            if (count <= 0) break;
            text.append(part, static_cast<std::size_t>(count));
        }
        return text;
    }

  private:
    Poco::Net::StreamSocket socket_;
};

TEST_F(TwoServers, AChangeAtOneIsToldToAPageOfTheOther) {
    http::Server server(*other, http::all_routes());
    server.start();
    const auto ticket = *try_at(*one, "ann").ticket;
    Stream stream(server.port(), ticket.token);
    EXPECT_THAT(stream.read_until("\"unread\":0"), testing::HasSubstr("event: inbox"));
    db::Notification notification;
    notification.id = "n1";
    notification.person = {"P-ann"};
    notification.topic = "example";
    notification.params = Json::object();
    notification.at = one->clock.now();
    one->inbox.add(notification, "outbox-1");
    EXPECT_THAT(stream.read_until("\"unread\":1"), testing::HasSubstr("\"unread\":1"));
    server.stop();
}

// Two administrators, at two servers, take each other's last grant at the same time.
TEST_F(TwoServers, OneAdministratorIsAlwaysLeft) {
    constexpr auto role = "security_administrator";
    const auto cleos = grant("cleo", role);
    for (int round = 0; round < 5; ++round) {
        const auto anns = "g-ann-" + std::to_string(round), bobs = "g-bob-" + std::to_string(round);
        one->people.add_grant({anns, {"P-ann"}, role, "", "", "/", "", one->clock.now(), {"root"}});
        one->people.add_grant({bobs, {"P-bob"}, role, "", "", "/", "", one->clock.now(), {"root"}});
        if (round == 0) one->people.remove_grant(cleos, one->clock.now());
        std::barrier together(2);
        std::jthread at_the_other([&] {
            together.arrive_and_wait();
            administration::remove_grant(*other, {"P-ann"}, bobs);
        });
        together.arrive_and_wait();
        administration::remove_grant(*one, {"P-bob"}, anns);
        at_the_other.join();
        EXPECT_EQ(one->people.grants_of({"P-ann"}).size() + one->people.grants_of({"P-bob"}).size(), 1U);
        for (const auto& id : {anns, bobs}) one->people.remove_grant(id, one->clock.now());
    }
}

TEST_F(TwoServers, ADemoClockThatIsMovedAtOneIsMovedAtTheOther) {
    Background background(*other);
    background.start();
    const auto offset = one->clock.offset_micros() + 3'600'000'000;
    one->rules.put_setting(clock_offset_setting, std::to_string(offset)); // as POST /demo/clock
    one->clock.set_offset(offset);
    eventually([&] { return other->clock.offset_micros() == offset; }, std::chrono::seconds(10));
    EXPECT_EQ(other->clock.offset_micros(), offset);
    background.stop();
}

} // namespace

} // namespace cunmai::test
