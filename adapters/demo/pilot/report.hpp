// What the API says when all is over, compared with the article's figures (domain.md §9) and with itself.
#pragma once

#include "adapters/demo/pilot/stage.hpp"

#include <iosfwd>

namespace cunmai::pilot {

// As the auditor, who reads everything: counts of cases, ballots, prescriptions and consultations go into stage.checks.
void count_everything(Stage& stage);
// Straight after the committee's entry votes: what is managed now.
void count_key_villages(Stage& stage);

void print(const Stage& stage, std::ostream& out);
Json as_json(const Stage& stage);

} // namespace cunmai::pilot
