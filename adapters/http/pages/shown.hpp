// What a workflow shows of its cases (engine/presentation.hpp), said in the reader's language and made into models.
// Nothing here knows any workflow.
#pragma once

#include "adapters/http/pages/person_names.hpp"
#include "adapters/http/pages/view.hpp"
#include "engine/presentation.hpp"

namespace cunmai::http::pages {

// By its version; null for a case that no workflow of this program is about.
const engine::Definition* definition_of(const App& app, const engine::CaseRow& row);
engine::CaseView view_of(const engine::CaseRow& row); // of the row: it has to stay

// Its title; of a case without one the name of its definition and its place.
std::string case_title(const View& view, const std::string& definition, const std::string& title,
                       const std::string& place);
inline std::string case_title(const View& view, const engine::CaseRow& row) {
    return case_title(view, row.definition, row.summary.title, row.place.name);
}
std::string state_tone(const App& app, const std::string& definition, std::string_view state, bool final);

// ---- addresses --------------------------------------------------------------------------------------------------

std::string case_href(const App& app, const std::string& definition, const std::string& case_id);
inline std::string case_href(const App& app, const engine::CaseRow& row) {
    return case_href(app, row.definition, row.id.text);
}
// Where a command is given: with the others that answer the same question, in a form made from its fields, or on a page
// of its own.
std::string command_href(const App& app, const std::string& definition, std::string_view state,
                         const std::string& case_id, const std::string& command);
// What the command is called where it waits: by the question that it answers.
std::string task_name(const View& view, const std::string& definition, std::string_view state,
                      const std::string& command);
std::string question_name(const View& view, const std::string& definition, const engine::Question& question);
std::string list_href(const App& app, std::string_view definition);
std::string list_title(const View& view, const engine::Definition& definition);
std::string opening_href(const engine::Definition& definition);
std::string href_of(const App& app, const engine::CaseRow& row, const engine::Link& link); // "": nowhere

// Ways to open a case, for who holds a role that may: models (href, opening).
Json ways_to_open(const View& view);

// ---- values -----------------------------------------------------------------------------------------------------

using Sections = std::vector<engine::ShownSection>;
Sections sections_of(const View& view, const engine::CaseRow& row);

void want(const engine::Shown& shown, Names& names); // persons whose names will be said
void want(const std::vector<engine::ShownRow>& rows, Names& names);
void want(const Sections& sections, Names& names);

// "" when there is nothing to say. `definition`: whose words for fields and choices are meant.
std::string say(const View& view, const engine::Shown& shown, const Names& names, std::string_view definition = "");
// The partial `summary_rows`. Each document and each case of a list gets a row of its own, with the way to it.
Json say_rows(const View& view, const engine::CaseRow& row, const std::vector<engine::ShownRow>& rows,
              const Names& names);

} // namespace cunmai::http::pages
