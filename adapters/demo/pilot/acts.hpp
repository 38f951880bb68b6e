// The acts of the story, in the order in which they are played (domain.md §3–§5). Each moves the case of its villages
// on and tries some of what must be refused.
#pragma once

#include "adapters/demo/pilot/stage.hpp"

namespace cunmai::pilot {

// identification.cpp
void open_round(Stage& stage);
void self_checks(Stage& stage);
void screening(Stage& stage);

// review.cpp
void first_reviews(Stage& stage); // of every proposal
void review_again(ApiClient& client, Stage& stage,
                  const Tale& tale); // after a deferral or a relapse, up to the committee

// committee.cpp
enum class Wanted { passed, rejected, deferred, no_quorum };
struct AgendaItem {
    const Tale* tale = nullptr;
    Wanted wanted = Wanted::passed;
};
struct Sitting {
    std::vector<AgendaItem> agenda;
    bool secret = false;
    std::size_t present = 9; // the chair and the first of the members
};
void hold_meeting(Stage& stage, const Sitting& sitting);
void entry_votes(Stage& stage); // four meetings

// treatment.cpp
void start_management(Stage& stage); // plans, posts, prescriptions
void treat(Stage& stage);            // until every prescription is closed or cancelled
void treat_relapse(ApiClient& client, Stage& stage, const Tale& tale);

// Follow-up keeps what management promised: the same attempts, refused again.
void try_to_weaken_follow_up(ApiClient& client, Stage& stage, const Tale& tale);

// leaving.cpp
void exits(Stage& stage); // evaluations, votes, follow-up begins
void ask_for_exit(ApiClient& client, Stage& stage, const Tale& tale, double public_score);

// follow_up.cpp
void follow_up(Stage& stage); // look-backs, the relapse, graduation

} // namespace cunmai::pilot
