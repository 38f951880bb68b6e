// Codes as the words a reader knows: states, commands, roles, dates, sizes, persons. Every page says them the same way.
#pragma once

#include "adapters/words/texts.hpp"
#include "db/cases/cases.hpp"
#include "db/people/people.hpp"

#include <set>

namespace cunmai::http::pages {

std::string state_name(const std::string& language, const std::string& definition, const std::string& state);
std::string command_name(const std::string& language, const std::string& definition, const std::string& command);
std::string role_name(const std::string& language, const std::string& role, std::string_view qualifier = "");
std::string definition_name(const std::string& language, const std::string& definition);
std::string category_name(const std::string& language, std::string_view category); // "" for ""
std::string choice_name(const std::string& language, std::string_view field, std::string_view choice);
std::string field_name(const std::string& language, std::string_view field);
std::string cut(const std::string& text, std::size_t bytes_max); // at a character, with … when something was left out
std::string join(const std::string& language, const std::vector<std::string>& words); // 、 or ", "

std::string file_size(const std::string& language, std::int64_t bytes);
std::string date_text(const std::string& date);                            // civil date as shown; "" stays ""
std::string due_tone(const std::string& due_on, const std::string& today); // red, yellow, neutral
std::string state_tone(std::string_view state, bool final);                // for the partial state_tag
std::string colour_tone(const std::string& colour);                        // "" → neutral
std::string colour_name(const std::string& language, const std::string& colour);

// Names of persons, asked for once for a whole page: collect ids, then look up.
class Names {
  public:
    void want(const std::string& id) {
        if (!id.empty()) ids_.insert(id);
    }
    void want(const Json& value); // a string, or a list of them
    void load(db::People& people, const std::string& language);
    std::string of(const std::string& id) const; // the id itself when nobody has it
    std::string of(const Json& value, const std::string& language) const;

  private:
    std::set<std::string> ids_;
    std::map<std::string, std::string> names_;
};

} // namespace cunmai::http::pages
