// Deciding the record again, from the events alone: what `cunmai verify --replay` does.
#pragma once

#include "engine/case_service.hpp"

#include <stdexcept>

namespace cunmai::engine {

struct Damage {
    CaseId case_id;
    std::int64_t seq = 0; // the first event that doesn't fit; 0: the case itself
    std::string what;     // for a person, in English: "hash does not match"
};

// What fold (case_service.hpp) throws when an event can't be the next one of its case.
class DamagedEvent : public std::runtime_error {
  public:
    DamagedEvent(std::int64_t event, const std::string& what) : std::runtime_error(what), seq(event) {}
    const std::int64_t seq;
};

// Sequence numbers, previous hashes and hashes of one case's events, in the order stored, and that their texts are
// strict (strict_json.hpp).
std::optional<Damage> check_chain(const CaseId& id, const std::vector<Event>& events);

// REQUIRES, for replay as for fold (case_service.hpp), which only rebuilds the row: the chain is whole.
//
// Decides every event again with the compiled machine of its definition version and compares the state after and
// the changes.
std::optional<Damage> replay(const Registry& registry, const std::vector<Event>& events);
// The same; without damage `folded` becomes the row that fold would give.
std::optional<Damage> replay(const Registry& registry, const std::vector<Event>& events, CaseRow& folded);

// What differs between the row that is stored and the one that the events make; empty when nothing does.
std::string difference(const CaseRow& stored, const CaseRow& folded);

} // namespace cunmai::engine
