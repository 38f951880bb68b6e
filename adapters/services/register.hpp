// The register of places from a CSV file `code,name,parent,level`: all or nothing, repeatable without change, every
// bad row named with its line and why. Levels: district, town, village; a community 社区 stands in the village's tier.
#pragma once

#include "adapters/services/app.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cunmai::import {

struct BadRow {
    std::size_t line = 0;
    std::string code; // message import.<code>
    Json facts;       // what the sentence names
};

struct Register {
    std::vector<engine::Place> places; // in the order of their codes, with paths
    std::vector<BadRow> bad;           // by line; when not empty, `places` is not to be used
    std::size_t rows = 0, districts = 0, towns = 0, villages = 0, communities = 0;
};

// Pure: checks the content against itself and against the places that are there already.
Register read_register(std::string_view content, const std::vector<engine::Place>& known);

struct Imported {
    Register read;
    db::Places::Imported counts;
};

// Nothing is written with `dry_run` or when a row is bad.
using Progress = std::function<void(std::int64_t done, std::int64_t total)>;
Imported import_register(App& app, std::string_view content, bool dry_run, const Progress& progress = {},
                         const engine::PersonId& by = engine::system_person);

} // namespace cunmai::import
