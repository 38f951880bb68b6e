// A small fuzzer: seeded, so that a run can be had again; guided by what the parsers' code touches (they are built a
// second time with -fsanitize-coverage=trace-pc, see CMakeLists.txt). An input fails when the target throws what it
// must not, crashes, or does not come back.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace cunmai::fuzz {

// A property of the target does not hold for the input.
class Broken : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

inline void expect(bool holds, const std::string& what) {
    if (!holds) throw Broken(what);
}

struct Target {
    std::string name; // also of its folder in corpus/
    std::function<void(const std::string&)> run;
    std::vector<std::string> words; // put into inputs as they are
    std::size_t length_max = 4096;
};

const std::vector<Target>& targets();

// In memory where there is such a place: the fuzzers write many small files.
std::string scratch_folder();

} // namespace cunmai::fuzz
