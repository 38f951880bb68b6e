// The answers of a self-check while it is filled in: the draft, and the answers that were submitted before. After the
// town has returned a self-check, the village goes on from the submitted answers, and the draft has only what changed
// since. Pages and API both read and write the answers here. They are objects: indicator's code → answer.
#pragma once

#include "adapters/services/app.hpp"
#include "workflows/village_lifecycle/commands.hpp"

namespace cunmai::answers {

inline constexpr auto submitting = workflows::village::SubmitSelfCheck::key; // the command that submits them

// The answers that were submitted last; an empty object when there are none.
Json submitted(App& app, const engine::CaseRow& row);
// The answers that the form shows now.
Json so_far(App& app, const engine::CaseRow& row);
// Saves changed answers in the draft; null empties the answer to an indicator.
void save(App& app, const engine::CaseRow& row, const Json& changed, const engine::PersonId& by);

// Removes the draft when the command was an accepted submission. API and pages both call it.
void forget_draft_of(App& app, const engine::CommandRequest& command, const engine::Outcome& outcome);

struct Return {
    std::string reason;
    engine::PersonId by, on_behalf_of;
    engine::Instant at;
};
// How the town returned the self-check; nothing unless it was returned and waits for the village.
std::optional<Return> returned(App& app, const engine::Viewer& viewer, const engine::CaseRow& row);

} // namespace cunmai::answers
