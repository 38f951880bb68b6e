// A small fuzzer. It is seeded, so that a run can be repeated, and guided by the coverage of the parsers, which are
// built a second time with -fsanitize-coverage=trace-pc (CMakeLists.txt). An input fails when the target throws
// something that it must not throw, crashes, or does not return.
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
    std::vector<std::string> words; // inserted into inputs unchanged
    std::size_t length_max = 4096;
};

const std::vector<Target>& targets();

// A folder in memory if there is one, because the fuzzers write many small files.
std::string scratch_folder();

} // namespace cunmai::fuzz
