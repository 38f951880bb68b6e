#include "engine/event.hpp"

#include "engine/fingerprint.hpp"

#include <array>

namespace cunmai::engine {

namespace {

void put_int(std::string& bytes, std::int64_t value, int width) {
    for (int shift = (width - 1) * 8; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> shift & 0xFF));
}

void put_text(std::string& bytes, std::string_view text) {
    put_int(bytes, static_cast<std::int64_t>(text.size()), 4);
    bytes.append(text);
}

void put_event(std::string& bytes, const Event& event) {
    const std::array<const std::string*, 7> end{&event.command, &event.from,    &event.to,        &event.payload,
                                                &event.context, &event.changes, &event.request_id};
    put_text(bytes, event_format);
    put_text(bytes, event.case_id.text);
    put_int(bytes, event.seq, 8);
    put_int(bytes, event.at.micros, 8);
    put_text(bytes, event.actor.text);
    put_text(bytes, event.on_behalf_of.text);
    put_text(bytes, event.definition);
    put_int(bytes, event.definition_version, 8);
    for (const auto* text : end) put_text(bytes, *text);
}

} // namespace

std::string bytes_of(const Event& event) {
    std::string bytes;
    put_event(bytes, event);
    return bytes;
}

std::string hash_of(const Event& event) {
    auto bytes = from_hex(event.previous_hash);
    bytes.reserve(512 + event.payload.size() + event.context.size() + event.changes.size());
    put_event(bytes, event);
    return sha256_hex(bytes);
}

} // namespace cunmai::engine
