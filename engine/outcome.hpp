// An outcome as it is kept under its command's idempotency key, and found there again.
#pragma once

#include "engine/case_service.hpp"

namespace cunmai::engine {

std::string_view name_of(Outcome::Kind kind); // "accepted", "not_here"

// The final ones: the same command under the same key never gets another answer. Not a conflict, for versions only
// grow: it stays one, and the same key may come again with the current version. Not key_reused: the key is another
// command's.
std::optional<Json> kept_of(const Outcome& outcome);
Outcome outcome_of(const Json& kept); // replayed; REQUIRES: made by kept_of

} // namespace cunmai::engine
