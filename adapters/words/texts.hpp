// Message catalogues (templates/messages/<language>/*.json) and page templates (templates/pages), loaded once.
#pragma once

#include "engine/json.hpp"
#include "engine/refusal.hpp"

#include <map>
#include <string>
#include <string_view>

namespace cunmai::texts {

// The text of a key in a language, with {placeholders} filled from facts. A missing key gives the key itself and is
// logged once; tests fail on it (see strict()).
std::string text(std::string_view language, std::string_view key, const Json& facts = Json::object());
bool has(std::string_view language, std::string_view key);
// One sentence for a reason. Codes inside the facts (department, role, state, field …) are replaced by their words:
// {department} with facts {"department":"discipline"} reads department.discipline when that key exists.
std::string sentence(std::string_view language, const engine::Reason& reason);
Json words(std::string_view language, const Json& facts); // the facts with codes replaced by words in the same way
// Further catalogues, by paths like messages/<language>/<name>.json, of a workflow that is no part of the program.
// REQUIRES: no text has been asked for yet.
void bring(const std::map<std::string_view, std::string_view>& files);
std::vector<std::string> keys(std::string_view language);
std::vector<std::string> languages();

// In strict mode an unknown message key, or a name that a template reads and the model lacks, is a std::logic_error.
// For tests.
void strict(bool on);
bool is_strict();
std::vector<std::string> missing_keys(); // "language key" for each key that was asked for and is missing

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
// XML. REQUIRES: no character in the model that XML can't hold (engine/text.hpp).
std::string document(std::string_view language, std::string_view name, const Json& model);

} // namespace cunmai::texts
