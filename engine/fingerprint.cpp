#include "engine/fingerprint.hpp"

#include <sodium.h>

#include <array>

namespace cunmai::engine {

std::string sha256_raw(std::string_view bytes) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

std::string to_hex(std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const char byte : bytes) {
        const auto value = static_cast<unsigned char>(byte);
        hex.push_back(digits[value >> 4]);
        hex.push_back(digits[value & 15]);
    }
    return hex;
}

std::string from_hex(std::string_view hex) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; };
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes.push_back(static_cast<char>(digit(hex[i]) << 4 | digit(hex[i + 1])));
    return bytes;
}

std::string sha256_hex(std::string_view bytes) { return to_hex(sha256_raw(bytes)); }

std::string fingerprint_of(const DefinitionInfo& info) {
    Json table{{"key", info.key}, {"version", info.version}, {"one_open_per_place", info.one_open_per_place}};
    for (const auto& state : info.states) table["states"].push_back({state.key, state.final});
    for (const auto& command : info.commands) {
        auto fields = Json::array();
        for (const auto& field : command.fields)
            fields.push_back({field.key, static_cast<int>(field.type), field.required, field.choices, field.length_max,
                              field.min, field.max});
        table["commands"].push_back({command.key, fields, command.personal, command.internal, command.opens_child});
    }
    for (const auto& row : info.rows)
        table["rows"].push_back({row.from, row.command, row.to, row.who, row.does, row.provided});
    if (!info.revisions.empty()) table["revisions"] = info.revisions;
    return sha256_hex(table.dump());
}

} // namespace cunmai::engine
