// What may be read of a ballot by name while it is open: who has voted, and one's own choice and reason. The choices of
// others can be read when the ballot is closed, so that they do not influence anybody's vote. (The choices of a secret
// ballot are never in the case.)
#pragma once

#include "engine/ports.hpp"

namespace cunmai::workflows::village {

inline constexpr std::string_view until_ballot_closes = "until_ballot_closes"; // the reason for withholding

bool is_voting_by_name(const engine::CaseView& now);

// Replaces each vote of another person by {"at", "withheld": "until_ballot_closes"}.
void withhold_votes(const engine::Reader& reader, Json& facts);

// Both REQUIRE is_voting_by_name.
void withhold_vote(const engine::Reader& reader, const engine::CaseView& now, const engine::Event& event,
                   engine::Readable& content);
void withhold_reasons(const engine::Reader& reader, engine::Refused& refused);

} // namespace cunmai::workflows::village
