// Durable transitions on SQLite: 64 submitters through CaseService, the full path, against a bare loop that writes the
// same rows and bytes in batches of 64, and against that loop with one commit each.
#include "db/kernel/database_impl.hpp"
#include "tests/bench/bare_sqlite.hpp"
#include "tests/bench/rows.hpp"

namespace cunmai::bench {

namespace {

constexpr int submitters = 64;

// As our own writing session has them, so that both loops pay for the same durability.
std::vector<std::pair<std::string, std::string>> our_pragmas(db::Database& database) {
    std::vector<std::pair<std::string, std::string>> pragmas;
    for (const std::string name : {"journal_mode", "synchronous", "foreign_keys", "secure_delete", "wal_autocheckpoint",
                                   "cache_size", "mmap_size", "temp_store"}) {
        std::string value;
        bool there = false;
        database.impl().write(
            [&](db::Connection& connection) { there = connection.first_text("PRAGMA " + name, {}, {value}); });
        if (there) pragmas.emplace_back(name, value);
    }
    return pragmas;
}

std::string differences(const std::string& ours, const std::string& bare) {
    const auto one = contents(ours), other = contents(bare);
    std::string text;
    for (const auto& [table, sizes] : one)
        if (other.at(table) != sizes)
            text += (text.empty() ? "" : ", ") + table + " " + std::to_string(sizes.first) + " rows " +
                    std::to_string(sizes.second) + " B against " + std::to_string(other.at(table).first) + " rows " +
                    std::to_string(other.at(table).second) + " B";
    return text;
}

} // namespace

std::vector<Result> durable_sqlite(const Options& options) {
    const auto folder = options.folder.string();
    const auto file = folder + "/ours.db", in_batches = folder + "/batches.db", one_each = folder + "/single.db";
    const int each = options.pick(150, 20), pairs = options.pick(9, 3);

    Officers officers(folder, "sqlite:" + file, submitters);
    Written written(file);
    for (int state = 0; state < 2; ++state) { // both directions once: also warms up
        officers.give(1);
        for (const auto& officer : officers.all()) written.learn_state(officer);
    }
    copy_database(file, in_batches);
    copy_database(file, one_each);
    const auto pragmas = our_pragmas(officers.app().database);
    BareSqlite batches(in_batches, pragmas), singles(one_each, pragmas);

    Pairs against_batches, against_singles;
    std::vector<std::vector<Transition>> kept;
    std::vector<Transition> waiting; // for the loop with one commit each, which gets through fewer
    std::vector<double> latencies;
    for (int pair = 0; pair < pairs; ++pair) {
        const auto ours = officers.give(each);
        latencies.insert(latencies.end(), officers.latencies().begin(), officers.latencies().end());
        const auto transitions = written.since_last(officers.all());
        waiting.insert(waiting.end(), transitions.begin(), transitions.end());
        const auto bare = batches.write(transitions, submitters);
        const auto few = std::min(waiting.size(), static_cast<std::size_t>(options.pick(3000, 500)));
        const auto single = singles.write(std::span(waiting).first(few), 1);
        waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(few));
        against_batches.add(ours, bare);
        against_singles.add(ours, single);
        say("ours " + std::to_string(static_cast<int>(ours)) + "/s, batches of 64 " +
            std::to_string(static_cast<int>(bare)) + "/s, one commit each " + std::to_string(static_cast<int>(single)) +
            "/s");
    }
    const auto different = differences(file, in_batches);
    auto first =
        against_batches.result("64 submitters, the full path", "bare C loop, same rows and bytes, batches of 64",
                               "transitions/s", Aim::at_least, 0.6);
    first.note =
        (different.empty() ? "both databases hold the same rows and bytes" : "the databases differ: " + different) +
        "; p50 " + std::to_string(static_cast<int>(percentile(latencies, 0.5) * 1e6)) + " µs, p99 " +
        std::to_string(static_cast<int>(percentile(latencies, 0.99) * 1e6)) + " µs";
    return {first, against_singles.result("64 submitters, the full path", "the same bare loop, one commit each",
                                          "transitions/s", Aim::at_least, 8)};
}

} // namespace cunmai::bench
