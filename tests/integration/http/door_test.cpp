// Limits at the door: connections of one address, connections in all, requests that wait, live streams (trust.md §3).
// A client that is turned away gets 503 with Retry-After, and nothing was done for it.
#include "tests/integration/http/server_fixture.hpp"

#include "adapters/http/edge/cookies.hpp"
#include "adapters/http/wire/door.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {

namespace {

constexpr std::string_view hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view wait = "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n";

class AtTheDoor : public HttpTest {
  protected:
    void limit(int connections, int per_address = 64) {
        limits.connections_max = connections;
        limits.connections_per_address_max = per_address;
        restart(false);
    }
    void expect_turned_away(const Reply& reply) {
        EXPECT_EQ(reply.status, 503);
        EXPECT_GT(std::stoi("0" + reply.header("retry-after")), 0);
        EXPECT_EQ(reply.header("content-type"), "application/problem+json; charset=utf-8");
        EXPECT_EQ(reply.header("x-content-type-options"), "nosniff");
        EXPECT_EQ(reply.code(), "too_busy");
        EXPECT_EQ(reply.json()["status"], 503);
        EXPECT_FALSE(reply.json()["detail"].get<std::string>().empty());
    }
    int status_from(const char* address) {
        Wire wire(server->port(), address);
        wire.send(hello);
        return wire.read().status;
    }
};

TEST_F(AtTheDoor, AnAddressHasSoManyConnectionsAndOthersAreServed) {
    limit(64, 3);
    std::vector<std::unique_ptr<Wire>> greedy;
    for (int one = 0; one < 3; ++one) {
        greedy.push_back(std::make_unique<Wire>(server->port(), "127.0.0.2"));
        greedy.back()->send(wait);
    }
    gate().wait_for(3);
    Wire more(server->port(), "127.0.0.2");
    more.send(hello);
    const auto reply = more.read();
    expect_turned_away(reply);
    EXPECT_TRUE(reply.closed);
    EXPECT_TRUE(more.at_end());
    EXPECT_EQ(status_from("127.0.0.3"), 200);
    EXPECT_EQ(metric("cunmai_http_connections_refused_total{reason=\"address\"}"), 1);

    gate().open();
    for (auto& one : greedy) EXPECT_EQ(one->read().status, 200);
    EXPECT_EQ(status_from("127.0.0.2"), 200); // the others are silent now
}

TEST_F(AtTheDoor, ForgottenConnectionsOfAnAddressMakeRoomForItsOwn) {
    limit(64, 3);
    Wire neighbour(server->port(), "127.0.0.3");
    std::vector<std::unique_ptr<Wire>> office;
    for (int one = 0; one < 10; ++one) {
        office.push_back(std::make_unique<Wire>(server->port(), "127.0.0.2"));
        office.back()->send(hello);
        EXPECT_EQ(office.back()->read().status, 200) << one;
    }
    for (int one = 0; one < 7; ++one) EXPECT_TRUE(office[static_cast<std::size_t>(one)]->at_end()) << one;
    for (int one = 7; one < 10; ++one) {
        office[static_cast<std::size_t>(one)]->send(hello);
        EXPECT_EQ(office[static_cast<std::size_t>(one)]->read().status, 200) << one;
    }
    neighbour.send(hello); // it has been silent for longest, but has another address
    EXPECT_EQ(neighbour.read().status, 200);
}

TEST_F(AtTheDoor, AProxySpeaksForMany) {
    limits.proxies = {"127.0.0.9"};
    limit(64, 2);
    std::vector<std::unique_ptr<Wire>> many;
    for (int one = 0; one < 10; ++one) {
        many.push_back(std::make_unique<Wire>(server->port(), "127.0.0.9"));
        many.back()->send(hello);
        EXPECT_EQ(many.back()->read().status, 200);
    }
    Wire first(server->port()), second(server->port()); // not a proxy here
    first.send(wait);
    second.send(wait);
    gate().wait_for(2);
    EXPECT_EQ(status_from("127.0.0.1"), 503);
}

// Unless a proxy is configured, a program on this machine has the same limits as everybody.
TEST_F(AtTheDoor, NobodyIsAProxyWhoWasNotNamed) {
    EXPECT_TRUE(http::ServerLimits().proxies.empty());
    limits.proxies = http::limits_of(Config()).proxies;
    limit(64, 2);
    Wire first(server->port()), second(server->port());
    first.send(wait);
    second.send(wait);
    gate().wait_for(2);
    EXPECT_EQ(status_from("127.0.0.1"), 503);
}

TEST(CountedAddress, OfIPv6IsItsNetwork) {
    EXPECT_EQ(http::counted_address("192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(http::counted_address("::ffff:192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(http::counted_address("2001:db8:1:2:3:4:5:6"), http::counted_address("2001:db8:1:2::1"));
    EXPECT_NE(http::counted_address("2001:db8:1:2::1"), http::counted_address("2001:db8:1:3::1"));
}

TEST_F(AtTheDoor, AFullHouseTurnsAwayAndTakesAgainWhenThereIsRoom) {
    limit(3);
    std::vector<std::unique_ptr<Wire>> working;
    for (int one = 0; one < 3; ++one) {
        working.push_back(std::make_unique<Wire>(server->port()));
        working.back()->send(wait);
    }
    gate().wait_for(3);
    expect_turned_away(raw(hello));
    expect_turned_away(post("/api/v1/echo", "application/json", "{}"));
    EXPECT_EQ(changes_made(), 0);
    gate().open();
    for (auto& one : working) EXPECT_EQ(one->read().status, 200); // none of their requests was lost
    EXPECT_EQ(raw(hello).status, 200);                            // now silent: one of them makes room
}

TEST_F(AtTheDoor, SilentConnectionsMakeRoomForThoseWhoSpeak) {
    limit(8);
    std::vector<std::unique_ptr<Wire>> slow;
    for (int one = 0; one < 200; ++one) {
        slow.push_back(std::make_unique<Wire>(server->port()));
        slow.back()->send("GET /hello HTTP/1.1\r\nX");
    }
    for (int one = 0; one < 20; ++one) EXPECT_EQ(raw(hello).status, 200);
    EXPECT_TRUE(slow.front()->at_end());
    EXPECT_GE(metric("cunmai_http_connections_shown_out"), 192);
}

// Three hundred who promise a form and send nothing of it, from some addresses or all through the proxy; meanwhile a
// person signs in and works.
TEST_F(AtTheDoor, StrangersWhoSendNothingKeepNobodyOut) {
    limit(256);
    add_person("a");
    const std::string promise = "POST /hello HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                                "Content-Length: 1048000\r\n\r\n";
    std::vector<std::unique_ptr<Wire>> strangers;
    const auto besiege = [&](bool by_proxy) {
        for (int one = 0; one < 300; ++one) {
            const auto from = by_proxy ? "127.0.0.1" : "127.0.1." + std::to_string(1 + one % 6);
            strangers.push_back(std::make_unique<Wire>(server->port(), from.c_str()));
            strangers.back()->send(promise);
        }
    };
    for (const bool by_proxy : {false, true}) {
        besiege(by_proxy);
        const auto ticket = signed_in("a");
        Wire at_work(server->port(), "127.0.0.2");
        const std::string form = "a=1";
        const auto whole = "POST /private HTTP/1.1\r\nHost: " + host() + "\r\n" + lines_of(as(ticket)) +
                           "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\n";
        at_work.send(whole + form.substr(0, 1)); // somebody whom we know has time to finish
        EXPECT_TRUE(eventually([&] {
            return metric("cunmai_http_connections") + metric("cunmai_http_connections_shown_out") >= 300;
        })) << "all strangers were let in, or shown out already";
        besiege(by_proxy);
        for (int one = 0; one < 20; ++one) {
            // On a busy machine strangers may fill the house for a moment, until they are shown out.
            EXPECT_TRUE(eventually([&] { return get("/private", as(ticket)).status == 200; }));
            EXPECT_TRUE(eventually(
                [&] { return post("/private", "application/x-www-form-urlencoded", form, as(ticket)).status == 200; }));
        }
        at_work.send(form.substr(1));
        EXPECT_EQ(at_work.read().status, 200);
    }
    EXPECT_GE(metric("cunmai_http_connections_shown_out"), 300);
}

TEST_F(AtTheDoor, AFullQueueAnswersAtOnceAndLosesNothing) {
    auto config = app->config;
    config.threads = 1;
    limits.queue_max = 1;
    start(config);
    Wire first(server->port());
    first.send(wait);
    gate().wait_for(1);
    Wire one(server->port()), other(server->port());
    const std::string change = "POST /api/v1/wait HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    one.send(change);
    EXPECT_TRUE(eventually([&] { return metric("cunmai_http_waiting") == 1; }));
    other.send(change);
    expect_turned_away(other.read());
    EXPECT_EQ(get("/healthz").status, 200); // monitoring needs no seat
    EXPECT_EQ(changes_made(), 0);
    gate().open();
    EXPECT_EQ(first.read().status, 200);
    EXPECT_EQ(one.read().status, 200);
    EXPECT_EQ(changes_made(), 2);
    other.send(change); // the connection was not the problem
    EXPECT_EQ(other.read().status, 200);
}

TEST_F(AtTheDoor, NobodyWaitsInTheQueueForEver) {
    auto config = app->config;
    config.threads = 1;
    limits.queue_wait = std::chrono::milliseconds(50);
    start(config);
    Wire first(server->port());
    first.send(wait);
    gate().wait_for(1);
    expect_turned_away(raw(hello).status == 503 ? get("/api/v1/outcome/0") : Reply{});
    gate().open();
    EXPECT_EQ(first.read().status, 200);
}

// ---- live events

class LiveDoor : public AtTheDoor {
  protected:
    std::string ask(const std::string& login) {
        return "GET /api/v1/events HTTP/1.1\r\nHost: " + host() +
               "\r\nCookie: " + std::string(http::session_cookie_name) + "=" + signed_in(login).token + "\r\n\r\n";
    }
    std::pair<std::unique_ptr<Wire>, Reply> listen(const std::string& login) {
        auto wire = std::make_unique<Wire>(server->port());
        wire->send(ask(login));
        auto reply = wire->read();
        return {std::move(wire), std::move(reply)};
    }
};

TEST_F(LiveDoor, StreamsHaveACapInAllAndForEachPerson) {
    add_person("a");
    add_person("b");
    add_person("c");
    limits.live.streams_max = 3;
    limits.live.streams_per_person_max = 2;
    restart(false);
    auto first = listen("a"), second = listen("a"), too_many = listen("a");
    EXPECT_EQ(first.second.status, 200);
    EXPECT_EQ(second.second.status, 200);
    EXPECT_EQ(too_many.second.status, 503);
    EXPECT_EQ(too_many.second.code(), "too_many_listeners");
    EXPECT_EQ(too_many.second.header("retry-after"), "60");
    const auto other = listen("b");
    EXPECT_EQ(other.second.status, 200);
    EXPECT_EQ(listen("c").second.status, 503); // three in all
    EXPECT_EQ(metric("cunmai_live_streams"), 3);
    too_many.first->send(hello); // the connection can still be used
    EXPECT_EQ(too_many.first->read().status, 200);

    first.first.reset();
    EXPECT_TRUE(eventually([&] { return metric("cunmai_live_streams") == 2; }));
    EXPECT_EQ(listen("c").second.status, 200);
}

TEST_F(LiveDoor, AListenerWhoDoesNotReadIsLetGo) {
    add_person("a");
    limits.live.heartbeat_every = std::chrono::milliseconds(1);
    restart(false);
    Wire deaf(server->port(), "127.0.0.1", 2048);
    deaf.send(ask("a"));
    EXPECT_TRUE(eventually([&] { return metric("cunmai_live_streams") == 1; }));
    EXPECT_TRUE(eventually([&] { return metric("cunmai_live_streams") == 0; }));
    EXPECT_EQ(raw(hello).status, 200);
}

} // namespace

} // namespace cunmai::test
