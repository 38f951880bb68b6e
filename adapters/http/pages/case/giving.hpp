// Giving a command from a form, in the same way as the API (commands::give). The answer of
// a page is a receipt when the command was accepted, the form with all input when it was refused, and what has changed
// meanwhile after a conflict.
#pragma once

#include "adapters/http/pages/view.hpp"

namespace cunmai::http::pages {

struct Given {
    engine::Outcome outcome; // accepted only when `refusal` is empty
    engine::Refusal refusal; // all reasons against it; empty when it was accepted or in conflict
    bool accepted() const { return outcome.kind == engine::Outcome::Kind::accepted; }
    bool conflict() const { return outcome.kind == engine::Outcome::Kind::conflict; }
};

// Throws Problem 404 when the case does not exist or the person may not know of it.
Given give(App& app, const Request& request, engine::CommandRequest command);

// The same for one of several cases, where "not found" is an outcome like any other.
Given try_giving(App& app, const Request& request, engine::CommandRequest command);

// For an attempt on something that does not exist for this person. The engine keeps the attempt, and the person learns
// nothing. Throws Problem 404.
[[noreturn]] void turn_away(App& app, const Request& request, engine::CommandRequest command);

// The person for whom a form acts, from its text. A text that can't be an id becomes "?", who has delegated nothing.
engine::PersonId person_from_form(const std::string& text);

// A command with the key, version and principal from the form's hidden fields.
engine::CommandRequest command_from_form(const Request& request);

} // namespace cunmai::http::pages
