// /metrics: readable by a program that knows the format, open to this machine or with the token only, and without a
// word of any case or person. /readyz beside it.
#include "adapters/http/edge/core_routes.hpp"
#include "adapters/notify/timers.hpp"
#include "adapters/telemetry/log.hpp"
#include "db/kernel/database_impl.hpp"
#include "tests/integration/http/server_fixture.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <regex>

namespace cunmai::test {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Sample {
    std::map<std::string, std::string> labels;
    double value = 0;
};

struct Exposition { // of Prometheus' text format 0.0.4
    std::map<std::string, std::string> types;
    std::map<std::string, std::vector<Sample>> samples;
    std::vector<std::string> wrong;

    explicit Exposition(const std::string& text) {
        static const std::regex sample(
            R"(([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([Nn]a[Nn]|[+-]?Inf|[-+0-9.eE]+)(?: \d+)?)");
        static const std::regex label(R"re(([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(,|$))re");
        if (text.empty() || text.back() != '\n') wrong.push_back("the last line has no end");
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::string sign, kind, name, type;
            if (line.rfind("# ", 0) == 0 && words >> sign >> kind >> name) {
                if (kind == "TYPE" && words >> type && !types.emplace(name, type).second) wrong.push_back(line);
                continue;
            }
            std::smatch found;
            if (!std::regex_match(line, found, sample)) {
                wrong.push_back(line);
                continue;
            }
            Sample one;
            one.value = found[3] == "NaN" || found[3] == "Nan" ? std::nan("")
                        : found[3] == "+Inf"                   ? INFINITY
                                                               : std::stod(found[3]);
            std::string labels = found[2];
            std::size_t read = 0;
            for (std::sregex_iterator at(labels.begin(), labels.end(), label), end; at != end; ++at) {
                if (!one.labels.emplace((*at)[1], (*at)[2]).second) wrong.push_back("a label twice: " + line);
                read += static_cast<std::size_t>(at->length());
            }
            if (read != labels.size()) wrong.push_back("labels: " + line);
            samples[found[1]].push_back(one);
        }
    }

    double value(const std::string& name, const std::map<std::string, std::string>& labels = {}) const {
        const auto all = samples.find(name);
        if (all != samples.end())
            for (const auto& one : all->second)
                if (one.labels == labels) return one.value;
        return std::nan("");
    }
};

class MetricsRoute : public HttpTest {
  protected:
    Exposition read() {
        const auto reply = get("/metrics");
        EXPECT_EQ(reply.status, 200);
        EXPECT_EQ(reply.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
        return Exposition(reply.body);
    }
};

TEST_F(MetricsRoute, TheFormatIsKept) {
    get("/hello");
    app->metrics.batch(3, 0.004);
    app->metrics.retried("deadlock");
    app->metrics.command("village_lifecycle", "accepted");
    const auto seen = read();
    EXPECT_THAT(seen.wrong, testing::IsEmpty());
    EXPECT_EQ(seen.types.at("cunmai_commands_total"), "counter");
    EXPECT_EQ(seen.types.at("cunmai_batch_commands"), "histogram");
    EXPECT_EQ(seen.types.at("cunmai_commands_waiting"), "gauge");
    for (const auto& [name, type] : seen.types) {
        if (type != "histogram") continue;
        double last = 0;
        bool infinite = false;
        for (const auto& bucket : seen.samples.at(name + "_bucket")) {
            EXPECT_GE(bucket.value, last) << name;
            last = bucket.value;
            infinite = bucket.labels.at("le") == "+Inf";
        }
        EXPECT_TRUE(infinite) << name;
        EXPECT_EQ(seen.value(name + "_count"), last) << name;
    }
    EXPECT_GE(seen.value("cunmai_batch_commands_sum"), 3);
    EXPECT_EQ(seen.value("cunmai_retries_total", {{"cause", "deadlock"}}), 1);
    EXPECT_EQ(seen.value("cunmai_commands_total", {{"definition", "village_lifecycle"}, {"outcome", "accepted"}}), 1);
}

TEST_F(MetricsRoute, EverythingThatAnOperatorWatchesIsThere) {
    add_person("a");
    signed_in("a");
    const auto seen = read();
    for (const auto* name :
         {"cunmai_database_up", "cunmai_timers_due", "cunmai_timer_late_seconds", "cunmai_outbox_waiting",
          "cunmai_outbox_age_seconds", "cunmai_mails_waiting", "cunmai_deliveries_dead", "cunmai_sessions",
          "cunmai_uptime_seconds", "cunmai_http_connections", "cunmai_http_waiting", "cunmai_live_streams",
          "cunmai_commands_waiting", "cunmai_batch_commands_count", "cunmai_commit_seconds_count",
          "cunmai_password_checks_total", "cunmai_database_switches_total"})
        EXPECT_FALSE(std::isnan(seen.value(name))) << name;
    EXPECT_EQ(seen.value("cunmai_database_up"), 1);
    EXPECT_EQ(seen.value("cunmai_sessions"), 1);
    EXPECT_GT(seen.value("cunmai_uptime_seconds"), 0);
    EXPECT_GE(seen.value("cunmai_batch_commands_count"), 1); // the database tells what it does: the session was written
    EXPECT_GE(seen.value("cunmai_commit_seconds_count"), 1);
    EXPECT_GE(seen.value("cunmai_http_connections_working"), 1); // this one
}

TEST_F(MetricsRoute, HowLateTimersAreAndHowOldTheOutbox) {
    EXPECT_EQ(read().value("cunmai_timer_late_seconds"), 0);
    EXPECT_EQ(read().value("cunmai_outbox_age_seconds"), 0);
    const auto now = app->clock.now();
    engine::CaseRow row;
    row.id = {"c1"};
    row.definition = "village_lifecycle";
    row.definition_version = 1;
    row.state = "managed";
    row.version = 1;
    row.opened_at = row.updated_at = now;
    engine::Event event;
    event.case_id = row.id;
    event.at = now.plus_seconds(-7200);
    app->database.write([&](engine::Transaction& tx) {
        tx.insert(row);
        tx.add_timers(row, {{"late", now.plus_seconds(-3600), "remind"},
                            {"later", now.plus_seconds(-60), "remind"},
                            {"not_yet", now.plus_seconds(3600), "remind"}});
        tx.post(row, event, {"opened", {"town_officer"}, "", {}, Json::object()});
    });
    const auto seen = read();
    EXPECT_EQ(seen.value("cunmai_timers_due"), 2);
    EXPECT_NEAR(seen.value("cunmai_timer_late_seconds"), 3600, 60);
    EXPECT_EQ(seen.value("cunmai_outbox_waiting"), 1);
    EXPECT_NEAR(seen.value("cunmai_outbox_age_seconds"), 7200, 60);

    EXPECT_EQ(timers::fire_due(*app).claimed, 2U); // a case under management wants none of them
    const auto after = read();
    EXPECT_EQ(after.value("cunmai_timers_total", {{"outcome", "not_wanted"}}), 2);
    EXPECT_EQ(after.value("cunmai_timers_total", {{"outcome", "fired"}}), 0);
    EXPECT_EQ(after.value("cunmai_timers_due"), 0);
}

TEST_F(MetricsRoute, ANodeSwitchIsCountedAndLogged) {
    std::string logged;
    log::send_to([&](const std::string& line) { logged += line; });
    app->metrics.node_switched("host=db1", "host=db2", "does not answer");
    log::send_to([](const std::string&) {});
    EXPECT_EQ(std::count(logged.begin(), logged.end(), '\n'), 1);
    const auto line = Json::parse(logged);
    EXPECT_EQ(line["event"], "database_switched");
    EXPECT_EQ(line["from"], "host=db1");
    EXPECT_EQ(line["to"], "host=db2");
    EXPECT_EQ(line["why"], "does not answer");
    EXPECT_EQ(metric("cunmai_database_switches_total"), 1);
}

TEST_F(MetricsRoute, WhatTheDatabaseCanNotTellIsNoNumber) {
    app->metrics.waiting_work(std::nullopt, app->clock.now());
    EXPECT_EQ(metric("cunmai_database_up"), 0);
    EXPECT_TRUE(std::isnan(metric("cunmai_sessions")));
    EXPECT_THAT(app->metrics.text(), HasSubstr("\ncunmai_sessions Nan\n"));
    EXPECT_THAT(Exposition(app->metrics.text()).wrong, testing::IsEmpty());
}

TEST_F(MetricsRoute, RequestsAreCountedByTemplateWithoutWhatWasAsked) {
    add_person("visible-name");
    const auto ticket = signed_in("visible-name");
    get("/things/case-of-somebody?q=private", as(ticket));
    get("/things/another-case", as(ticket));
    get("/nowhere/at-all");
    ask("MADEUP", "/things/1", "", {});
    raw("nonsense\r\n\r\n");
    ASSERT_TRUE(eventually(
        [&] { return metric(R"(cunmai_http_requests_total{method="other",route="none",status="400"})") == 1; }));
    const auto reply = get("/metrics");
    const Exposition seen(reply.body);
    const auto count = [&](const char* method, const char* route, const char* status) {
        return seen.value("cunmai_http_requests_total", {{"method", method}, {"route", route}, {"status", status}});
    };
    EXPECT_EQ(count("GET", "/things/{id}", "200"), 2);
    EXPECT_EQ(count("other", "none", "404"), 1);
    EXPECT_EQ(count("other", "none", "405"), 1);
    for (const auto* hidden :
         {"case-of-somebody", "another-case", "private", "visible-name", "MADEUP", "at-all", "127.0.0.1"})
        EXPECT_THAT(reply.body, Not(HasSubstr(hidden)));
    EXPECT_THAT(reply.body, Not(HasSubstr(ticket.token)));
}

TEST_F(MetricsRoute, OnlyThisMachineReadsThem) {
    const auto status = [&](const Headers& headers, const std::string& host_name) {
        std::string text = "GET /metrics HTTP/1.1\r\nHost: " + host_name + "\r\n";
        for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
        return raw(text + "\r\n").status;
    };
    EXPECT_EQ(status({}, "127.0.0.1:9000"), 200);
    EXPECT_EQ(status({}, "localhost"), 200);
    EXPECT_EQ(status({}, "[::1]:80"), 200);
    EXPECT_EQ(status({}, "cunmai.example"), 401); // through a proxy of this machine, or by a name that points here
    EXPECT_EQ(status({}, "127.0.0.1.evil.example"), 401);
    EXPECT_EQ(status({{"X-Forwarded-For", "192.0.2.1"}}, "127.0.0.1"), 401);
    EXPECT_EQ(status({{"Forwarded", "for=192.0.2.1"}}, "127.0.0.1"), 401);
    EXPECT_EQ(status({{"Authorization", "Bearer "}}, "cunmai.example"), 401); // no token is configured
}

TEST_F(MetricsRoute, WithTheTokenTheyAreReadFromElsewhere) {
    auto config = app->config;
    config.metrics_token = "0123456789abcdef01234567";
    start(config);
    const auto status = [&](const std::string& token) {
        return raw("GET /metrics HTTP/1.1\r\nHost: cunmai.example\r\nAuthorization: Bearer " + token + "\r\n\r\n")
            .status;
    };
    EXPECT_EQ(status("0123456789abcdef01234567"), 200);
    EXPECT_EQ(status("0123456789abcdef01234568"), 401);
    EXPECT_EQ(status("0123456789abcdef0123456"), 401);
    EXPECT_EQ(status(""), 401);
    add_person("a");
    EXPECT_EQ(status(signed_in("a", "bearer").token), 401); // a person's token opens it to nobody
}

TEST_F(MetricsRoute, ReadyMeansDatabaseMigrationsAndDisk) {
    EXPECT_EQ(get("/readyz").status, 200);
    EXPECT_EQ(get("/readyz").body, "ready\n");
}

TEST_F(MetricsRoute, AMissingMigrationIsNotReady) {
    app->database.impl().write([](db::Connection& connection) {
        connection.run_text("DELETE FROM schema_migrations WHERE number = (SELECT MAX(number) FROM schema_migrations)");
    });
    const auto reply = get("/readyz");
    EXPECT_EQ(reply.status, 503);
    EXPECT_FALSE(reply.header("retry-after").empty());
    EXPECT_EQ(get("/healthz").status, 200);
}

TEST_F(MetricsRoute, AFullDiskIsNotReady) {
    const auto status = [&](std::uintmax_t free_bytes) {
        for (const auto& route : http::core_routes(free_bytes))
            if (route.pattern == "/readyz") try {
                    return route.handler(*app, http::Request()).status;
                } catch (const http::Problem& problem) { return problem.status; }
        return 0;
    };
    EXPECT_EQ(status(std::filesystem::space(folder.path).available / 2), 200);
    EXPECT_EQ(status(std::uintmax_t{1} << 62), 503);
}

} // namespace

} // namespace cunmai::test
