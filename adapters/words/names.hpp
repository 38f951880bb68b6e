// Codes in the words that readers know: states, commands, roles, dates, sizes, persons. All pages use these functions.
#pragma once

#include "adapters/words/texts.hpp"
#include <cstdint>

namespace cunmai::words {

// A workflow's own word, state.<definition>.<state>, comes before the shared one, state.<state>. A workflow without
// texts shows the key itself.
std::string state_name(const std::string& language, const std::string& definition, const std::string& state);
std::string command_name(const std::string& language, const std::string& definition, const std::string& command);
// The name of a role or a relation, with its department or kind.
std::string role_name(const std::string& language, const std::string& role, std::string_view qualifier = "");
std::string definition_name(const std::string& language, const std::string& definition);
std::string category_name(const std::string& language, std::string_view category); // "" for ""
// Of the definition, where it has words of its own for a field: field.<definition>.<field>, choice.<definition>.…
std::string choice_name(const std::string& language, std::string_view field, std::string_view choice,
                        std::string_view definition = "");
std::string field_name(const std::string& language, std::string_view field, std::string_view definition = "");
// The refusal with the fields called so.
engine::Refusal in_words_of(const std::string& language, std::string_view definition, const engine::Refusal& refusal);
std::string cut(const std::string& text, std::size_t bytes_max); // between characters; with … if anything is lost
std::string join(const std::string& language, const std::vector<std::string>& words); // 、 or ", "

std::string file_size(const std::string& language, std::int64_t bytes);
std::string date_text(const std::string& date);                            // civil date as shown; "" stays ""
std::string due_tone(const std::string& due_on, const std::string& today); // red, yellow, neutral
std::string colour_tone(const std::string& colour);                        // "" → neutral
std::string colour_name(const std::string& language, const std::string& colour);

} // namespace cunmai::words
