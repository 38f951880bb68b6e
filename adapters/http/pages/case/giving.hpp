// Giving a command from a form: the same door, the same checks of documents as the API, and what a page does with the
// answer: accepted → receipt; refused → the form again with all that was typed; conflict → what changed meanwhile.
#pragma once

#include "adapters/http/pages/view.hpp"

namespace cunmai::http::pages {

struct Given {
    engine::Outcome outcome; // accepted only when `refusal` is empty
    engine::Refusal refusal; // why not, whatever the reason; empty when accepted or in conflict
    bool accepted() const { return outcome.kind == engine::Outcome::Kind::accepted; }
    bool conflict() const { return outcome.kind == engine::Outcome::Kind::conflict; }
};

// Throws Problem 404 for a case that isn't there or may not be known. `command.request_id` and `actor` are filled in
// here.
Given give(App& app, const Request& request, const engine::DefinitionInfo& info, engine::CommandRequest command);

// The same, where the case is one of several: not found is an outcome like any other.
Given try_giving(App& app, const Request& request, const engine::DefinitionInfo& info, engine::CommandRequest command);

bool is_grave(const std::string& command); // ends something for good: its button warns, it is given one by one

// For an attempt on what is not there for this person: the engine keeps who tried what, they learn nothing. Throws
// Problem 404.
[[noreturn]] void turn_away(App& app, const Request& request, engine::CommandRequest command);

// Whom a form says that it is for, as text; what can't be anybody's id means nobody, who delegated nothing.
engine::PersonId person_from_form(const std::string& text);

// Keys, versions and choices that the form's hidden fields carried.
engine::CommandRequest command_from_form(const Request& request);

} // namespace cunmai::http::pages
