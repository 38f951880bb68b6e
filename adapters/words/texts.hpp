// Message catalogues (templates/messages/<language>/*.json) and page templates (templates/pages), loaded once.
#pragma once

#include "engine/json.hpp"
#include "engine/refusal.hpp"

#include <string>
#include <string_view>

namespace cunmai::texts {

// The text of a key in a language, with {placeholders} filled from facts. A missing key gives the key itself and is
// logged once; tests fail on it (see strict()).
std::string text(std::string_view language, std::string_view key, const Json& facts = Json::object());
bool has(std::string_view language, std::string_view key);
// One sentence for a reason. Codes inside the facts (department, role, state, field …) are shown by their own words:
// {department} with facts {"department":"discipline"} reads department.discipline when that key exists.
std::string sentence(std::string_view language, const engine::Reason& reason);
Json words(std::string_view language, const Json& facts); // the facts with their codes as words, likewise
std::vector<std::string> keys(std::string_view language);
std::vector<std::string> languages();

// Strict: a message key, or a name that a template reads, which nobody knows is a std::logic_error. For tests.
void strict(bool on);
bool is_strict();
std::vector<std::string> missing_keys(); // "language key", of all that were asked for in vain so far

// Renders templates/pages/<name>.html with the model. When a template is loaded, once per language:
//   {{> name}}     is replaced by pages/<name>.html or pages/_layout/<name>.html
//   {{t:key}}      is replaced by the message, HTML-escaped; its {placeholders} are then filled from the model
//   /assets/<file> gets ?v=<hash of the content>, so that browsers may keep it
// Values are HTML-escaped. {{{name}}} is refused unless the name ends in _svg (drawn by the server); so are {{&, {{=
// and partials that are left over. A template that breaks these rules is a std::runtime_error that names it. null,
// false, "" and [] are false for sections.
std::string page(std::string_view language, std::string_view name, const Json& model);
// templates/mail/<language>/<name>.txt, else templates/mail/<name>.txt. Plain text, not escaped.
std::string mail(std::string_view language, std::string_view name, const Json& model);
// templates/documents/<language>/<name>.xml, else templates/documents/<name>.xml: one part of a document, escaped for
// XML. REQUIRES: no character in the model that XML can't hold (adapters/characters.hpp).
std::string document(std::string_view language, std::string_view name, const Json& model);

} // namespace cunmai::texts
