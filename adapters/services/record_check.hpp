// Whether a case's record is whole: numbers without gaps, each hash over the event's bytes and the hash before, the
// last hash equal to the case's head. Of a long record only the newest events are checked; `checked` says how many.
#pragma once

#include "engine/ports.hpp"

namespace cunmai {

struct RecordCheck {
    std::int64_t events = 0;    // of the case
    std::int64_t checked = 0;   // so many of the newest
    std::int64_t broken_at = 0; // the first checked event that does not fit; 0 when all do

    bool is_whole() const { return broken_at == 0; }
    bool covers_all() const { return checked == events; }
};

class RecordChecker {
  public:
    // Checks at most `newest` events. REQUIRES: the row and the events are of one moment.
    RecordChecker(const engine::CaseRow& row, std::int64_t newest);

    std::int64_t after_seq() const { return seq_; } // the next event to look at comes after this one
    void look_at(const engine::Event& event);       // ordered by seq, without gaps
    RecordCheck result() const;

  private:
    const engine::CaseRow& row_;
    const std::int64_t skipped_;
    std::int64_t seq_;
    std::string previous_hash_; // empty when the event before is not checked
    std::int64_t broken_at_ = 0;
};

} // namespace cunmai
