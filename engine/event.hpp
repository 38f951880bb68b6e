// The record: one event per accepted command, chained by hash. docs/record-format.md is the same in prose.
//
// bytes  = text(format) text(case_id) int(seq) int(at) text(actor) text(on_behalf_of) text(definition)
//          int(definition_version) text(command) text(from) text(to) text(payload) text(context) text(changes)
//          text(request_id)
// text(s) = 4 bytes big-endian length, then the UTF-8 bytes; int(i) = 8 bytes big-endian two's complement
// hash   = SHA-256(previous hash ‖ bytes); the previous hash of the first event is 32 zero bytes
#pragma once

#include "engine/ids.hpp"
#include "engine/time.hpp"

#include <cstdint>
#include <string>

namespace cunmai::engine {

inline constexpr std::string_view event_format = "cunmai.event.1";
inline const std::string first_previous_hash(64, '0'); // hex

struct Event {
    CaseId case_id;
    std::int64_t seq = 0; // 1, 2, 3 … within the case; equals the case's version after it
    Instant at;
    PersonId actor;
    PersonId on_behalf_of; // empty when for themselves
    std::string definition;
    int definition_version = 0;
    std::string command;
    std::string from, to; // states
    std::string payload;  // JSON text: what the officer entered (a sealed field is not in it)
    std::string context;  // JSON text: what the guards read from outside the case
    std::string changes;  // JSON text: RFC 6902 patch from the facts before to the facts after
    std::string request_id;
    std::string previous_hash; // hex
    std::string hash;          // hex

    friend bool operator==(const Event&, const Event&) = default;
};

std::string bytes_of(const Event& event);
std::string hash_of(const Event& event); // hex; from previous_hash and the bytes

} // namespace cunmai::engine
