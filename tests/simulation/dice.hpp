// The only source of chance in a simulation: one seed gives one row of numbers, the same on every machine. The standard
// distributions are not used, because their results may differ between libraries.
#pragma once

#include <cstdint>
#include <random>
#include <stdexcept>

namespace cunmai::simulation {

class Dice {
  public:
    explicit Dice(std::uint64_t seed) : random_(seed) {}

    std::uint64_t below(std::uint64_t limit) { return limit == 0 ? 0 : random_() % limit; }
    std::int64_t between(std::int64_t from, std::int64_t to) { // both included
        return from + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(to - from + 1)));
    }
    bool chance(int per_mille) { return below(1000) < static_cast<std::uint64_t>(per_mille); }
    template <class List> decltype(auto) pick(List&& list) {
        if (list.empty()) throw std::logic_error("nothing to pick from");
        return list[below(list.size())];
    }

  private:
    std::mt19937_64 random_;
};

} // namespace cunmai::simulation
