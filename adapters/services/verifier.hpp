// Checks the record (domain.md §6): every case's chain of hashes, the case row against the fold of its events, the
// documents that events name; with `replay`, every event is decided again with the compiled machines.
// Reads only. Names the first damage of each case.
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

struct Report {
    std::int64_t cases = 0, events = 0, documents = 0;
    std::vector<engine::Damage> damage; // at most one a case
};

using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

Report verify(App& app, const Options& options, const Progress& progress = {});

} // namespace cunmai::verifier
