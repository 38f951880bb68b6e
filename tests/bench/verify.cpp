// `verify --replay` over many events, each of them decided again, against reading the same rows and hashing the same
// bytes bare, on one core. The record is a real one: one case's life under our engine, copied to many villages, with
// every hash made anew.
#include "adapters/services/verifier.hpp"
#include "tests/bench/officers.hpp"
#include "tests/bench/raw_sqlite.hpp"
#include "tests/bench/rows.hpp"

#include <sodium.h>

#include <array>
#include <cstdio>
#include <stdexcept>

namespace cunmai::bench {

namespace {

constexpr int events_each = 20;

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

std::string numbered(const std::string& start, std::int64_t number, std::size_t length) {
    auto digits = std::to_string(number);
    return start + std::string(length - start.size() - digits.size(), '0') + digits;
}

void copy_case(App& app, const std::string& database_file, const engine::CaseId& model, std::int64_t copies) {
    const auto row = *app.cases.row(model);
    const auto events = app.cases.events(model);
    RawSqlite database(database_file);
    database.filling();
    RawSqlite::Statement one_case(
        database, "INSERT INTO cases (id, definition, definition_version, state, version, place_code, place_name, "
                  "place_parent, place_level, place_path, parent, batch, title, category, due_on, colour, is_final, "
                  "one_open_per_place, open_slot, facts, head_hash, opened_at, updated_at) SELECT ?1, definition, "
                  "definition_version, state, version, ?2, place_name, place_parent, place_level, ?3, parent, batch, "
                  "title, category, due_on, colour, is_final, one_open_per_place, 'village_lifecycle:' || ?2, facts, "
                  "?4, opened_at, updated_at FROM cases WHERE id = ?5");
    RawSqlite::Statement one_event(database, "INSERT INTO case_events VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    database.exec("BEGIN");
    for (std::int64_t copy = 0; copy < copies; ++copy) {
        const auto id = numbered("v", copy, model.text.size());
        const auto village = numbered("8", copy, row.place.code.size());
        std::string previous = engine::first_previous_hash;
        for (auto event : events) {
            event.case_id.text = id;
            for (auto* text : {&event.payload, &event.context, &event.changes}) {
                replace_all(*text, model.text, id);
                replace_all(*text, row.place.code, village);
            }
            event.previous_hash = previous;
            previous = event.hash = engine::hash_of(event);
            one_event.run({event.case_id.text, event.seq, event.at.micros, event.actor.text, event.on_behalf_of.text,
                           event.definition, std::int64_t{event.definition_version}, event.command, event.from,
                           event.to, event.payload, event.context, event.changes, event.request_id, event.previous_hash,
                           event.hash});
        }
        auto path = row.place.path;
        replace_all(path, row.place.code, village);
        one_case.run({id, village, path, previous, model.text});
    }
    database.exec("COMMIT");
}

// Reads every event and hashes what its hash is made of; the number of events whose hash is right.
std::int64_t read_and_hash(const std::string& database_file) {
    RawSqlite database(database_file);
    RawSqlite::Statement events(database,
                                "SELECT case_id, seq, at, actor, on_behalf_of, definition, definition_version, "
                                "command, from_state, to_state, payload, context, changes, request_id, "
                                "previous_hash, hash FROM case_events ORDER BY case_id, seq");
    std::int64_t right = 0;
    std::array<unsigned char, 32> digest{}, previous{};
    const auto bytes_of = [](std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); };
    while (events.next()) {
        crypto_hash_sha256_state state;
        crypto_hash_sha256_init(&state);
        const auto before = events.text(14);
        sodium_hex2bin(previous.data(), previous.size(), before.data(), before.size(), nullptr, nullptr, nullptr);
        crypto_hash_sha256_update(&state, previous.data(), previous.size());
        const auto put_number = [&](std::int64_t value, int width) {
            std::array<unsigned char, 8> big{};
            for (int i = 0; i < width; ++i)
                big[static_cast<std::size_t>(i)] =
                    static_cast<unsigned char>(static_cast<std::uint64_t>(value) >> (width - 1 - i) * 8);
            crypto_hash_sha256_update(&state, big.data(), static_cast<unsigned long long>(width));
        };
        const auto put_text = [&](std::string_view text) {
            put_number(static_cast<std::int64_t>(text.size()), 4);
            crypto_hash_sha256_update(&state, bytes_of(text), text.size());
        };
        put_text(engine::event_format);
        put_text(events.text(0));
        put_number(events.number(1), 8);
        put_number(events.number(2), 8);
        for (const int column : {3, 4, 5}) put_text(events.text(column));
        put_number(events.number(6), 8);
        for (const int column : {7, 8, 9, 10, 11, 12, 13}) put_text(events.text(column));
        crypto_hash_sha256_final(&state, digest.data());
        std::array<char, 65> hex{};
        sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
        right += events.text(15) == std::string_view(hex.data(), 64);
    }
    return right;
}

} // namespace

std::vector<Result> verify_replay(const Options& options) {
    const std::int64_t events = options.pick(1'000'000, 40'000);
    const auto file = (options.folder / "record.db").string();
    Officers officers(options.folder.string(), "sqlite:" + file, 1);
    officers.give_in_turn(events_each - 1);
    say("copying a case of " + std::to_string(events_each) + " events to " + std::to_string(events) + " events");
    copy_case(officers.app(), file, officers.all()[0].case_id, events / events_each - 1);

    Pairs pairs;
    for (int pair = 0; pair < options.pick(3, 2); ++pair) {
        const Stopwatch ours;
        const auto report = verifier::verify(officers.app(), {true, {}});
        const auto our_seconds = ours.seconds();
        if (!report.damage.empty() || report.events != events)
            throw std::runtime_error("the record did not verify: " + std::to_string(report.events) + " events, " +
                                     (report.damage.empty() ? "no damage" : report.damage.front().what));
        const Stopwatch bare;
        if (read_and_hash(file) != events) throw std::runtime_error("the bare loop hashed other bytes");
        const auto bare_seconds = bare.seconds();
        pairs.add(static_cast<double>(events) / our_seconds, static_cast<double>(events) / bare_seconds);
        say("ours " + std::to_string(our_seconds) + " s, bare " + std::to_string(bare_seconds) + " s");
    }
    return {pairs.result("verify --replay of " + std::to_string(events) + " events",
                         "reading the same rows and hashing the same bytes, one core", "events/s", Aim::at_least, 0.5)};
}

} // namespace cunmai::bench
