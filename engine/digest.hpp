// Bytes as digests and as text, by libsodium. This is the one place where the program hashes, writes hexadecimal digits
// or base64, and draws random bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <sodium.h>

namespace cunmai {

std::string to_hex(std::string_view bytes);             // lower case
std::string from_hex(std::string_view hex);             // REQUIRES: an even number of hex digits
bool is_hex(std::string_view text, std::size_t digits); // exactly `digits` of them, lower case

std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);
std::string to_base64url(std::string_view bytes); // without padding
std::optional<std::string> from_base64url(std::string_view text);

std::string sha256_hex(std::string_view bytes);
std::string sha256_raw(std::string_view bytes); // 32 bytes

// SHA-256 of content that comes in pieces.
class Sha256 {
  public:
    Sha256() { crypto_hash_sha256_init(&state_); }
    void add(std::string_view bytes);
    std::string raw(); // 32 bytes; nothing can be added afterwards
    std::string hex() { return to_hex(raw()); }

  private:
    crypto_hash_sha256_state state_{};
};

std::string hmac_sha256_raw(std::string_view key, std::string_view bytes); // 32 bytes; the key of any length

std::string random_bytes(std::size_t count);
inline std::string random_hex(std::size_t bytes) { return to_hex(random_bytes(bytes)); }

} // namespace cunmai
