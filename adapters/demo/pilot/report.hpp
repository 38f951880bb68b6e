// Compares what the API says at the end with the article's figures (domain.md §9) and with itself.
#pragma once

#include "adapters/demo/pilot/stage.hpp"

#include <iosfwd>

namespace cunmai::pilot {

// Reads everything as the auditor and puts counts of cases, ballots, prescriptions and consultations into stage.checks.
void count_everything(Stage& stage);
// Straight after the committee's entry votes: which villages are managed.
void count_key_villages(Stage& stage);

void print(const Stage& stage, std::ostream& out);
Json as_json(const Stage& stage);

} // namespace cunmai::pilot
