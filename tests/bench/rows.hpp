// The rows of the table; each stands in a file of its own.
#pragma once

#include "tests/bench/bench.hpp"

namespace cunmai::bench {

std::vector<Result> durable_sqlite(const Options& options);
std::vector<Result> durable_mariadb(const Options& options);
std::vector<Result> galera(const Options& options);
std::vector<Result> http_commands(const Options& options);
std::vector<Result> deciding(const Options& options);
std::vector<Result> lists(const Options& options);
std::vector<Result> verify_replay(const Options& options);
std::vector<Result> register_import(const Options& options);
std::vector<Result> timers_due(const Options& options);
std::vector<Result> startup(const Options& options);

} // namespace cunmai::bench
