// Forms made from the fields of a command, and what came back from them: one input for each field, nothing per command.
// What was typed is kept word for word, so that a form that comes back with errors shows it again.
#pragma once

#include "adapters/http/pages/view.hpp"
#include "adapters/words/names.hpp"

namespace cunmai::http::pages {

// ---- single inputs, for the partial `field`: every key that it reads is given
// ------------------------------------------

struct Option {
    std::string value, text, note;
};

std::vector<Option> language_options(); // each in its own words

Json input(std::string name, std::string label, const std::string& value, std::string type = "text");
Json text_area(std::string name, std::string label, const std::string& value, int rows = 4);
Json select(std::string name, std::string label, const std::string& value, const std::vector<Option>& options,
            const std::string& empty_option = ""); // "" : no empty option
Json radios(std::string name, std::string label, const std::string& value, const std::vector<Option>& options);
Json check_boxes(std::string name, std::string label, const std::vector<std::string>& values,
                 const std::vector<Option>& options);
Json check(std::string name, std::string label, bool checked);
Json file(std::string name, std::string label, bool several);

// Puts the sentences of a refusal beside their fields.
void mark_errors(const std::string& language, Json& fields, const engine::Refusal& refusal);

// ---- fields of a command
// ---------------------------------------------------------------------------------------------

// What a person typed: text by field key; documents already uploaded, by field key.
struct Typed {
    std::multimap<std::string, std::string> values;

    std::string one(const std::string& key) const;
    std::vector<std::string> all(const std::string& key) const;
};

struct Form {
    Typed typed;
    Json payload = Json::object();
    engine::Refusal refusal; // of uploads
};

// Reads a posted form; uploads are checked and stored on the way (content-addressed: storing twice adds nothing).
Form read_form(App& app, const Request& request, const engine::Fields& fields);

// The inputs. `place` is where the case is: persons are offered who hold a fitting role over it.
Json inputs_for(View& view, const engine::Fields& fields, const Typed& typed, const engine::Place& place);

bool asks_for_files(const engine::Fields& fields);

// What may be uploaded and how much of it, in words; and `file_limits` for the script of a page with files.
std::string file_hint(const View& view);
void put_file_limits(View& view);

} // namespace cunmai::http::pages
