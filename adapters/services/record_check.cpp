#include "adapters/services/record_check.hpp"

#include <algorithm>

namespace cunmai {

RecordChecker::RecordChecker(const engine::CaseRow& row, std::int64_t newest)
    : row_(row), skipped_(std::max<std::int64_t>(0, row.version - newest)), seq_(skipped_),
      previous_hash_(skipped_ == 0 ? engine::first_previous_hash : "") {}

void RecordChecker::look_at(const engine::Event& event) {
    ++seq_;
    const bool fits = event.seq == seq_ && event.case_id == row_.id &&
                      (previous_hash_.empty() || event.previous_hash == previous_hash_) &&
                      engine::hash_of(event) == event.hash;
    if (!fits && broken_at_ == 0) broken_at_ = seq_;
    previous_hash_ = event.hash;
}

RecordCheck RecordChecker::result() const {
    const bool ends_with_the_case =
        seq_ == row_.version && (previous_hash_.empty() || previous_hash_ == row_.head_hash);
    RecordCheck check{row_.version, seq_ - skipped_, broken_at_};
    if (check.broken_at == 0 && !ends_with_the_case) check.broken_at = std::min(seq_, row_.version) + 1;
    return check;
}

} // namespace cunmai
