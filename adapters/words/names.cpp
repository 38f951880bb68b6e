#include "adapters/words/names.hpp"

#include "adapters/words/workflow_words.hpp"

#include <cstdio>

namespace cunmai::http::pages {

namespace {

std::string word(const std::string& language, std::string_view family, std::string_view key) {
    return texts::text(language, std::string(family) + "." + std::string(key));
}

} // namespace

std::string state_name(const std::string& language, const std::string& definition, const std::string& state) {
    return state == engine::not_opened ? texts::text(language, "page.record.not_opened")
                                       : words::state(language, definition, state);
}

std::string command_name(const std::string& language, const std::string& definition, const std::string& command) {
    return words::command(language, definition, command);
}

std::string role_name(const std::string& language, const std::string& role, std::string_view qualifier) {
    auto name = words::role(language, role);
    if (qualifier.empty()) return name;
    for (const std::string_view family : {"department", "coordinator"}) {
        const auto key = std::string(family) + "." + std::string(qualifier);
        if (texts::has(language, key))
            return texts::text(language, "page.role_of", {{"role", name}, {"qualifier", texts::text(language, key)}});
    }
    return texts::text(language, "page.role_of", {{"role", name}, {"qualifier", std::string(qualifier)}});
}

std::string definition_name(const std::string& language, const std::string& definition) {
    return words::definition(language, definition);
}

std::string category_name(const std::string& language, std::string_view category) {
    return category.empty() ? "" : word(language, "category", category);
}

std::string choice_name(const std::string& language, std::string_view field, std::string_view choice) {
    return word(language, "choice." + std::string(field), choice);
}

std::string field_name(const std::string& language, std::string_view field) { return word(language, "field", field); }

std::string cut(const std::string& text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text;
    while (bytes_max > 0 && (text[bytes_max] & 0xC0) == 0x80) --bytes_max;
    return text.substr(0, bytes_max) + "…";
}

std::string join(const std::string& language, const std::vector<std::string>& words) {
    std::string text;
    for (const auto& item : words) text += (text.empty() ? "" : language == "en" ? ", " : "、") + item;
    return text;
}

std::string file_size(const std::string&, std::int64_t bytes) {
    char text[32];
    if (bytes < 1024)
        std::snprintf(text, sizeof text, "%d B", static_cast<int>(bytes));
    else if (bytes < 1024 * 1024)
        std::snprintf(text, sizeof text, "%.0f KB", static_cast<double>(bytes) / 1024);
    else
        std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) / (1024 * 1024));
    return text;
}

std::string date_text(const std::string& date) { return date; }

std::string due_tone(const std::string& due_on, const std::string& today) {
    const auto due = engine::parse_date(due_on), now = engine::parse_date(today);
    if (!due || !now) return "neutral";
    const int days = engine::days_between(*now, *due);
    return days < 0 ? "red" : days <= 3 ? "yellow" : "neutral";
}

std::string state_tone(std::string_view state, bool final) {
    if (state == "graduated" || state == "closed") return "done";
    if (final) return "neutral";
    if (state == "committee_approval" || state == "exit_approval" || state == "awaiting_check") return "waiting";
    return "info";
}

std::string colour_tone(const std::string& colour) {
    return colour == "red" || colour == "yellow" || colour == "green" ? colour : "neutral";
}

std::string colour_name(const std::string& language, const std::string& colour) {
    return colour.empty() ? "" : word(language, "colour", colour);
}

void Names::want(const Json& value) {
    if (value.is_string())
        want(value.get<std::string>());
    else if (value.is_array())
        for (const auto& item : value) want(item);
}

void Names::load(db::People& people, const std::string& language) {
    ids_.erase(engine::system_person.text);
    if (!ids_.empty()) names_ = people.names({ids_.begin(), ids_.end()});
    names_[engine::system_person.text] = texts::text(language, "page.system_person");
}

std::string Names::of(const std::string& id) const {
    const auto found = names_.find(id);
    return found == names_.end() ? id : found->second;
}

std::string Names::of(const Json& value, const std::string& language) const {
    if (value.is_string()) return of(value.get_ref<const std::string&>());
    std::vector<std::string> names;
    if (value.is_array())
        for (const auto& item : value) names.push_back(of(item, language));
    return join(language, names);
}

} // namespace cunmai::http::pages
