// An outcome as it is kept under its command's idempotency key, and found there again.
#pragma once

#include "engine/case_service.hpp"

namespace cunmai::engine {

std::string_view name_of(Outcome::Kind kind); // "accepted", "not_here"

// Only final outcomes are kept: the same command under the same key never gets another answer. A conflict is not kept,
// so that the client may send the same key again with the current version; with the old version it stays a conflict
// anyway. key_reused is not kept either: the key belongs to another command.
std::optional<Json> kept_of(const Outcome& outcome);
Outcome outcome_of(const Json& kept); // replayed; REQUIRES: made by kept_of

} // namespace cunmai::engine
