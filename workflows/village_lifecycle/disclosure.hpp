// What may be read of a ballot by name while it is open: who has voted, and how and why one voted oneself. What the
// others chose is told when the ballot is closed, so that nobody votes after others. (Of a secret ballot no choice is
// ever in the case.)
#pragma once

#include "engine/ports.hpp"

namespace cunmai::workflows::village {

inline constexpr std::string_view until_ballot_closes = "until_ballot_closes"; // why it is withheld

bool is_voting_by_name(const engine::CaseView& now);

// Each vote of another becomes {"at", "withheld": "until_ballot_closes"}.
void withhold_votes(const engine::Reader& reader, Json& facts);

// REQUIRES for both: is_voting_by_name.
void withhold_vote(const engine::Reader& reader, const engine::CaseView& now, const engine::Event& event,
                   engine::Readable& content);
void withhold_reasons(const engine::Reader& reader, engine::Refused& refused);

} // namespace cunmai::workflows::village
