// Which paths through the parsers' code were taken. Filled by __sanitizer_cov_trace_pc.
#pragma once

namespace cunmai::fuzz::coverage {

void start();          // begins one input
bool something_new();  // since start: a new path, or a known one many times more often
unsigned long known(); // paths seen so far

} // namespace cunmai::fuzz::coverage
