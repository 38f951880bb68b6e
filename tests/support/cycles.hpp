// How long randomised tests run, and with which seed. The short form is used unless ./dev torture sets other values.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace cunmai::test {

inline int cycles(int otherwise) { // CUNMAI_CYCLES
    const char* text = std::getenv("CUNMAI_CYCLES");
    return text ? std::max(1, std::atoi(text)) : otherwise;
}

inline std::uint64_t dice_seed(std::uint64_t otherwise) { // CUNMAI_DICE
    const char* text = std::getenv("CUNMAI_DICE");
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

} // namespace cunmai::test
