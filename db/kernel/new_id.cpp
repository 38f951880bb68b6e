#include "db/kernel/new_id.hpp"

#include <sodium.h>

namespace cunmai::db {

std::string new_id(engine::Instant at) {
    static constexpr char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    [[maybe_unused]] static const int ready = sodium_init();
    std::string id(16, '0');
    auto millis = static_cast<std::uint64_t>(at.micros / 1000);
    for (int i = 8; i >= 0; --i, millis >>= 5) id[static_cast<std::size_t>(i)] = digits[millis & 31];
    unsigned char chance[7];
    randombytes_buf(chance, sizeof chance);
    for (std::size_t i = 0; i < 7; ++i) id[9 + i] = digits[chance[i] & 31];
    return id;
}

} // namespace cunmai::db
