// Checks the record (docs/record-format.md): every case's chain of hashes, the case row against the fold of its events,
// the documents that events name, the rules that events quote, what cases say of each other, the chain of refused
// commands, and what the database must be for that to be believed; with `replay`, every event is decided again with the
// compiled machines. Reads only. Names the first damage of each case and of each other thing.
#pragma once

#include "adapters/services/app.hpp"
#include "engine/replay.hpp"

#include <functional>
#include <vector>

namespace cunmai::verifier {

struct Options {
    bool replay = false;
    engine::CaseId only; // empty: all
};

struct Damage {
    engine::CaseId case_id; // empty: of something else
    std::int64_t seq = 0;   // of the event; 0: of the whole case
    std::string what;
    std::string kind{}, name{}; // of something else: cli.verify.thing.<kind>, and which one
};

struct Report {
    std::int64_t cases = 0, events = 0, documents = 0;
    std::int64_t refusals = 0, refusals_before_the_chain = 0;
    std::int64_t administration = 0, administration_before_the_chain = 0; // events
    std::vector<Damage> damage;                                           // at most one a case; then the rest
};

using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

Report verify(App& app, const Options& options, const Progress& progress = {});

} // namespace cunmai::verifier
