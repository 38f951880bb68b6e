// Chains of hashes beside those of the cases. Each link's hash is SHA-256(the hash before ‖ its bytes); the table
// `chains` keeps the length and the last hash of each, so that what is cut off at the end is missed, too. db/ only.
//
// refusals:PLACE_PATH — the commands that were refused at a place. It begins with a digest of what was refused there
// before there were chains (chain_seq 0), or with 32 zero bytes.
#pragma once

#include "db/kernel/connection.hpp"
#include "engine/event.hpp"

namespace cunmai::db {

struct ChainHead {
    std::int64_t length = 0;
    std::string hash = engine::first_previous_hash;
};

// As events have them (engine/event.hpp): a text with its length before it, a number in 8 bytes.
class LinkBytes {
  public:
    explicit LinkBytes(std::string_view format) { text(format); }
    LinkBytes& text(std::string_view text);
    LinkBytes& number(std::int64_t number);
    std::string hash_after(const std::string& previous) const; // hex, as `previous` is

  private:
    std::string bytes_;
};

// A refused command as it is kept. `reasons`: its very text.
struct ChainedRefusal {
    std::string id, case_id, definition, place_path, command, state;
    engine::Instant at;
    std::string actor, on_behalf_of, reasons, request_id;
    std::int64_t seq = 0; // 0: before the chain
    std::string hash;
};
Outs refusal_outs(ChainedRefusal& refusal); // of chains.refusals_of
std::string hash_of(const ChainedRefusal& refusal, const std::string& previous);

// Gives the refusal its place in its chain. REQUIRES: a write; the row is added later in the same part of it.
void chain(Connection& connection, ChainedRefusal& refusal);

// What was refused before there were chains becomes the beginning of them. Does nothing where that was done.
// REQUIRES: a write.
void take_over_refusals(Connection& connection);
std::string digest_of(const std::vector<ChainedRefusal>& before_the_chain); // in the order of their ids

} // namespace cunmai::db
