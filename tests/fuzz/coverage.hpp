// Which ways the parsers' code was walked. Filled by __sanitizer_cov_trace_pc.
#pragma once

namespace cunmai::fuzz::coverage {

void start();          // of one input
bool something_new();  // since start: a way not seen before, or many times more often
unsigned long known(); // ways seen so far

} // namespace cunmai::fuzz::coverage
