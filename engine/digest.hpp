// Base64, by libsodium.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cunmai::db {

std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);
std::string to_base64url(std::string_view bytes); // without padding
std::optional<std::string> from_base64url(std::string_view text);

} // namespace cunmai::db
