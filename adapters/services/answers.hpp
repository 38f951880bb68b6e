// The answers of a self-check on their way: the draft that is kept, and what was handed in before. A self-check that
// the town returned goes on from what was handed in; its draft is only what the village changed since. Pages and API
// both read and write them here. Answers: indicator's code → answer.
#pragma once

#include "adapters/services/app.hpp"

namespace cunmai::answers {

inline constexpr auto submitting = "submit_self_check"; // the command that hands them in

// Those of the document that was handed in last; an empty object when there is none.
Json submitted(App& app, const engine::CaseRow& row);
// Those with which the form is filled now.
Json so_far(App& app, const engine::CaseRow& row);
// Keeps what was changed; null: the indicator has no answer any more.
void save(App& app, const engine::CaseRow& row, const Json& changed, const engine::PersonId& by);

// Once they are handed in, the draft is done with, whoever asked for it by whichever way.
void forget_draft_of(App& app, const engine::CommandRequest& command, const engine::Outcome& outcome);

struct Return {
    std::string reason;
    engine::PersonId by, on_behalf_of;
    engine::Instant at;
};
// Why the town gave the self-check back; nothing when it did not, or has it.
std::optional<Return> returned(App& app, const engine::Viewer& viewer, const engine::CaseRow& row);

} // namespace cunmai::answers
