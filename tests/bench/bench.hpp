// A benchmark measures a part of Cunmai next to its ceiling in the same run, in interleaved pairs. Its result is a
// ratio beside an aim; nothing is asserted about time.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace cunmai::bench {

struct Options {
    bool quick = false;            // everything smaller: to try a benchmark, not to quote it
    std::filesystem::path folder;  // empty, of this run; gone afterwards
    std::filesystem::path fetched; // what was downloaded is kept here

    int pick(int full, int small) const { return quick ? small : full; }
};

enum class Aim { at_least, at_most, printed };

struct Result {
    std::string what;    // the measured part of Cunmai
    std::string against; // the ceiling
    std::string unit;    // of both numbers
    double ours = 0, ceiling = 0;
    std::vector<double> ratios; // one for each pair
    Aim aim = Aim::printed;
    double limit = 0;
    std::string note; // sizes, what else was seen

    double ratio() const; // the median
    bool reached() const;
};

struct Row {
    std::string name;  // as given to ./dev bench
    std::string title; // for the list
    std::function<std::vector<Result>(const Options&)> run;
};

const std::vector<Row>& rows(); // of the table, in its order

double median(std::vector<double> values); // REQUIRES: not empty
double percentile(std::vector<double> values, double share);

// Measures Cunmai and the ceiling alternately.
class Pairs {
  public:
    void add(double ours, double ceiling);
    Result result(std::string what, std::string against, std::string unit, Aim aim, double limit) const;

  private:
    std::vector<double> ours_, ceilings_, ratios_;
};

class Stopwatch {
  public:
    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

  private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// A line on stderr about what is being done.
void say(const std::string& what);

} // namespace cunmai::bench
