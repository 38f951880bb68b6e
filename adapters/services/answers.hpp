// The answers of a self-check while it is filled in: the draft, and the answers that were submitted before. After the
// town has returned a self-check, the village goes on from the submitted answers, and the draft has only what changed
// since. Pages and API both read and write the answers here. They are objects: indicator's code → answer.
// commands::give removes the draft together with the command that hands it in.
#pragma once

#include "adapters/services/app.hpp"
#include "workflows/village_lifecycle/commands.hpp"

#include <set>

namespace cunmai::answers {

inline constexpr auto submitting = workflows::village::SubmitSelfCheck::key; // the command that submits them

// Whether a command hands in such answers: it has the field for their document.
bool are_handed_in_by(const engine::CommandInfo& info);

// The answers that were submitted last; an empty object when there are none.
Json submitted(App& app, const engine::CaseRow& row);
// The answers that the form shows now.
Json so_far(App& app, const engine::CaseRow& row);
// Saves changed answers in the draft; null empties the answer to an indicator. Nothing is saved when one of them is
// refused: for an indicator that the catalogue does not have, evidence that the viewer may not read (a guessed hash
// must not reveal a document), or a text that is too long. `field` is the indicator's code.
engine::Refusal save(App& app, const engine::Viewer& viewer, const engine::CaseRow& row, const Json& changed);

// The evidence that the case's draft names, whoever uploaded it: it was checked when it was saved.
std::set<std::string> evidence_drafted(App& app, const engine::CaseId& id);

// Stores the answers so far as a document that the command can name, and returns its SHA-256.
std::string as_document(App& app, const engine::CaseRow& row, const engine::PersonId& by);

struct Return {
    std::string reason;
    engine::PersonId by, on_behalf_of;
    engine::Instant at;
};
// How the town returned the self-check; nothing unless it was returned and waits for the village.
std::optional<Return> returned(App& app, const engine::Viewer& viewer, const engine::CaseRow& row);

} // namespace cunmai::answers
