// Makes new inputs of old ones. The numbers come from one seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace cunmai::fuzz {

class Mutator {
  public:
    Mutator(std::uint64_t seed, const std::vector<std::string>& words, std::size_t length_max)
        : random_(seed), words_(words), length_max_(length_max) {}

    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }

    std::string mutated(std::string input, const std::string& other) {
        for (auto changes = 1 + below(6); changes > 0; --changes) change(input, other);
        if (input.size() > length_max_) input.resize(length_max_);
        return input;
    }

  private:
    void change(std::string& input, const std::string& other) {
        const auto at = below(input.size() + 1);
        const auto length = std::min(input.size() - at, 1 + below(16));
        switch (below(10)) {
        case 0:
            if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
            break;
        case 1:
            if (at < input.size()) input[at] = static_cast<char>(below(256));
            break;
        case 2: input.insert(at, 1 + below(8), static_cast<char>(below(256))); break;
        case 3: input.erase(at, length); break;
        case 4: input.insert(at, input.substr(at, length)); break; // a doubled part
        case 5: input.insert(at, input.substr(below(input.size() + 1), 1 + below(64))); break;
        case 6: input = input.substr(0, at) + other.substr(below(other.size() + 1)); break; // splice
        case 7:
            if (!words_.empty()) input.insert(at, words_[below(words_.size())]);
            break;
        case 8:
            if (!words_.empty()) input.replace(at, length, words_[below(words_.size())]);
            break;
        default: {
            static const std::string numbers[] = {"0",  "-1",  "1",     "2147483648", "18446744073709551616",
                                                  "00", "1e9", "1e999", "-0",         "4294967295"};
            input.replace(at, length, numbers[below(std::size(numbers))]);
        }
        }
    }

    std::mt19937_64 random_;
    const std::vector<std::string>& words_;
    std::size_t length_max_;
};

} // namespace cunmai::fuzz
