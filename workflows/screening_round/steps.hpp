// The steps of a village's case for which a round sets a date, in their order; the rule round_due_days has so many days
// for each.
#pragma once

#include <array>
#include <string_view>

namespace cunmai::workflows {

struct RoundStep {
    std::string_view state;     // of the village's case, while the step is to be done
    std::string_view due_field; // of the commands that open a round or a village's case
};
inline constexpr std::array round_steps{
    RoundStep{"self_check", "self_check_due_on"}, RoundStep{"town_screening", "screening_due_on"},
    RoundStep{"department_review", "review_due_on"}, RoundStep{"committee_approval", "committee_due_on"}};

} // namespace cunmai::workflows
