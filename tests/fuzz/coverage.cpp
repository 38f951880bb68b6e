#include "tests/fuzz/coverage.hpp"

#include <cstddef>
#include <cstdint>

// Plain arrays and no function of the standard library: the linker may choose the instrumented copy of a template,
// which would call this code again.
namespace {

constexpr std::size_t cells = 1 << 16;
std::uint8_t seen[cells]; // bits of buckets
std::uint16_t now[cells];
std::uint32_t touched[cells];
std::size_t touched_count = 0;
std::uint32_t before = 0;
unsigned long ways = 0;

std::uint8_t bucket_of(std::uint16_t count) {
    std::uint8_t bucket = 0;
    for (unsigned limit = 1; limit <= 256; limit *= 2)
        if (count > limit && bucket < 7) ++bucket;
    return static_cast<std::uint8_t>(1U << bucket);
}

} // namespace

extern "C" void __sanitizer_cov_trace_pc() {
    // Relative, so that it does not matter where the program was loaded.
    const auto here = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)) -
                                                 reinterpret_cast<std::uintptr_t>(&__sanitizer_cov_trace_pc));
    const std::uint32_t place = here * 2654435761U >> 16;
    const std::uint32_t cell = (place ^ before) & (cells - 1);
    before = place >> 1;
    if (now[cell] == 0) touched[touched_count++] = cell;
    if (now[cell] < 0xFFFF) ++now[cell];
}

namespace cunmai::fuzz::coverage {

void start() {
    for (std::size_t i = 0; i < touched_count; ++i) now[touched[i]] = 0;
    touched_count = 0;
    before = 0;
}

bool something_new() {
    bool found = false;
    for (std::size_t i = 0; i < touched_count; ++i) {
        const auto cell = touched[i];
        const auto bucket = bucket_of(now[cell]);
        if (seen[cell] & bucket) continue;
        if (seen[cell] == 0) ++ways;
        seen[cell] = static_cast<std::uint8_t>(seen[cell] | bucket);
        found = true;
    }
    return found;
}

unsigned long known() { return ways; }

} // namespace cunmai::fuzz::coverage
