// Whether a case's record proves itself: numbers without gaps, each hash over the bytes and the hash before, the last
// one equal to the case's head. Of a long record the newest events are looked at: `checked` says how many.
#pragma once

#include "engine/ports.hpp"

namespace cunmai {

struct RecordCheck {
    std::int64_t events = 0;    // that the case has
    std::int64_t checked = 0;   // of them, the newest
    std::int64_t broken_at = 0; // the first of those checked that does not fit; 0: they all do

    bool is_whole() const { return broken_at == 0; }
    bool covers_all() const { return checked == events; }
};

class RecordChecker {
  public:
    // At most `newest` events are going to be looked at. REQUIRES: the row and the events of one moment.
    RecordChecker(const engine::CaseRow& row, std::int64_t newest);

    std::int64_t after_seq() const { return seq_; } // those after this one come next
    void look_at(const engine::Event& event);       // in their order
    RecordCheck result() const;

  private:
    const engine::CaseRow& row_;
    const std::int64_t skipped_;
    std::int64_t seq_;
    std::string previous_hash_; // empty: of an event that is not looked at
    std::int64_t broken_at_ = 0;
};

} // namespace cunmai
