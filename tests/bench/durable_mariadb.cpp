// Durable transitions on MariaDB: 64 submitters through CaseService, the full path, against a bare loop that sends the
// same statements, one transaction each, on 32 connections.
#include "db/operations/migrations.hpp"
#include "tests/bench/bare_mariadb.hpp"
#include "tests/bench/officers.hpp"
#include "tests/bench/rows.hpp"
#include "tests/support/mariadb.hpp"

#include <algorithm>

namespace cunmai::bench {

namespace {

constexpr int submitters = 64, connections = 32;

std::string statements_per_command(const std::vector<SqlTransactionText>& transactions) {
    std::size_t reads = 0, writes = 0;
    for (const auto& transaction : transactions)
        for (const auto& statement : transaction)
            (statement.starts_with("SELECT") || statement.starts_with("(SELECT") ? reads : writes) += 1;
    const auto each = [&](std::size_t count) {
        return std::to_string(static_cast<double>(count) / static_cast<double>(transactions.size())).substr(0, 4);
    };
    return each(reads) + " reads and " + each(writes) + " writes a command";
}

} // namespace

std::vector<Result> durable_mariadb(const Options& options) {
    const int pairs = options.pick(5, 3), each = options.pick(60, 15), each_bare = options.pick(30, 8);
    test::MariaDbServer server;
    const auto url = server.url("ours"), bare_url = server.url("bare");
    MariaDbSession(server.url("")).run("CREATE DATABASE ours");
    Officers officers(options.folder.string(), url, submitters);
    officers.give(2); // warms up
    MariaDbSession(server.url("")).run("CREATE DATABASE bare");
    {
        db::Database bare({.url = bare_url, .secret = "bench"}, officers.app().clock);
        db::migrate(bare);
    }
    copy_mariadb_rows(server.url(""), "ours", "bare");
    const auto captured = statements_of(url, [&] { officers.give_in_turn(each_bare * pairs); });
    if (captured.size() != static_cast<std::size_t>(each_bare * pairs * submitters))
        throw std::logic_error("one command is not one transaction: " + std::to_string(captured.size()) + " for " +
                               std::to_string(each_bare * pairs * submitters) + " commands");

    Pairs results;
    std::vector<double> latencies;
    for (int pair = 0; pair < pairs; ++pair) {
        const auto ours = officers.give(each);
        latencies.insert(latencies.end(), officers.latencies().begin(), officers.latencies().end());
        const auto from = captured.begin() + pair * each_bare * submitters;
        const std::vector<SqlTransactionText> part(from, from + each_bare * submitters);
        const auto bare = send_on_connections(bare_url, part, submitters, connections);
        results.add(ours, bare);
        say("ours " + std::to_string(static_cast<int>(ours)) + "/s, bare on 32 connections " +
            std::to_string(static_cast<int>(bare)) + "/s");
    }
    auto result =
        results.result("64 submitters, the full path", "the same statements, one transaction each, on 32 connections",
                       "transitions/s", Aim::at_least, 3);
    result.note = statements_per_command(captured) + "; p50 " +
                  std::to_string(static_cast<int>(percentile(latencies, 0.5) * 1e6)) + " µs, p99 " +
                  std::to_string(static_cast<int>(percentile(latencies, 0.99) * 1e6)) + " µs";
    return {result};
}

} // namespace cunmai::bench
