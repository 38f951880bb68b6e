// Forms made from the fields of a command, and what people sent with them: one input for each field, no code for single
// commands. Input is kept word for word, so that a form with errors can show it again.
#pragma once

#include "adapters/http/pages/shown.hpp"

namespace cunmai::http::pages {

// ---- single inputs, for the partial `field`: every key that it reads is given ---------------------------------------
// A new input need not be filled in, and doesn't say so: so are filters. A form says of each of its own which it is.

struct Option {
    std::string value, text, note;
};

std::vector<Option> language_options(); // each in its own words

Json input(std::string name, std::string label, const std::string& value, std::string type = "text");
Json text_area(std::string name, std::string label, const std::string& value, int rows = 4);
Json select(std::string name, std::string label, const std::string& value, const std::vector<Option>& options,
            const std::string& empty_option = ""); // "" means that there is no empty option
Json radios(std::string name, std::string label, const std::string& value, const std::vector<Option>& options);
Json check_boxes(std::string name, std::string label, const std::vector<std::string>& values,
                 const std::vector<Option>& options);
Json check(std::string name, std::string label, bool checked);
Json file(std::string name, std::string label, bool several);

Json required(Json field); // nothing is sent without it, and the server refuses what comes without it
Json optional(Json field); // marked as such

// Puts the sentences of a refusal beside the fields of the form that came back, and at the head of the page. `prefix`
// as in read_form().
void mark_errors(View& view, Json& fields, const engine::Refusal& refusal, const std::string& prefix = "");

// ---- fields of a command --------------------------------------------------------------------------------------------

// What a person typed: text by field key; documents already uploaded, by field key.
struct Typed {
    std::multimap<std::string, std::string> values;

    std::string one(const std::string& key) const;
    std::vector<std::string> all(const std::string& key) const;
};

struct Form {
    Typed typed;
    Json payload = Json::object();
    engine::Refusal refusal; // faults of uploaded files
};

// Reads a posted form; uploads are checked and stored on the way (content-addressed: storing twice adds nothing).
// `prefix`: before the names of its inputs, where one form has the fields of several commands.
Form read_form(App& app, const Request& request, const engine::Fields& fields, const std::string& prefix = "");
Typed read_typed(const Request& request, const engine::Fields& fields, const std::string& prefix = ""); // no uploads

// The inputs. `place` is where the case is: persons are offered who hold a role over it that the workflow names.
Json inputs_for(View& view, const engine::Definition& definition, const engine::CommandInfo& command,
                const Typed& typed, const engine::Place& place, const std::string& prefix = "");

// What a form is filled with before anything was typed, by the presentation of the workflow: what stands in the facts
// that the command changes, and dates that a rule proposes.
Typed what_stands(const engine::Definition& definition, const Json& facts, const std::string& command,
                  const engine::Fields& fields);
Typed proposed_dates(App& app, const engine::Definition& definition, const std::string& command);

bool asks_for_files(const engine::Fields& fields);

// Adds the limits for uploads in words, and `file_limits` for the script of a page with files.
std::string file_hint(const View& view);
void put_file_limits(View& view);

} // namespace cunmai::http::pages
