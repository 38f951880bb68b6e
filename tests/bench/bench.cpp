#include "tests/bench/bench.hpp"

#include <algorithm>
#include <iostream>
#include <stdexcept>

namespace cunmai::bench {

double percentile(std::vector<double> values, double share) {
    if (values.empty()) throw std::logic_error("nothing was measured");
    const auto index =
        std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())));
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(index), values.end());
    return values[index];
}

double median(std::vector<double> values) { return percentile(std::move(values), 0.5); }

double Result::ratio() const { return median(ratios); }

bool Result::reached() const {
    switch (aim) {
    case Aim::at_least: return ratio() >= limit;
    case Aim::at_most: return ratio() <= limit;
    default: return true;
    }
}

void Pairs::add(double ours, double ceiling) {
    ours_.push_back(ours);
    ceilings_.push_back(ceiling);
    ratios_.push_back(ours / ceiling);
}

Result Pairs::result(std::string what, std::string against, std::string unit, Aim aim, double limit) const {
    Result result;
    result.what = std::move(what);
    result.against = std::move(against);
    result.unit = std::move(unit);
    result.ours = median(ours_);
    result.ceiling = median(ceilings_);
    result.ratios = ratios_;
    result.aim = aim;
    result.limit = limit;
    return result;
}

void say(const std::string& what) { std::cerr << "   " << what << std::endl; }

} // namespace cunmai::bench
