#include "adapters/words/names.hpp"

#include "engine/definition.hpp"
#include "engine/text.hpp"

#include <cstdio>

namespace cunmai::words {

namespace {

std::string word(const std::string& language, std::string_view family, std::string_view key) {
    return texts::text(language, std::string(family) + "." + std::string(key));
}

std::string first_of(const std::string& language, std::initializer_list<std::string> keys,
                     const std::string& otherwise) {
    for (const auto& key : keys)
        if (texts::has(language, key)) return texts::text(language, key);
    return otherwise;
}

} // namespace

std::string state_name(const std::string& language, const std::string& definition, const std::string& state) {
    return state == engine::not_opened
               ? texts::text(language, "page.record.not_opened")
               : first_of(language, {"state." + definition + "." + state, "state." + state}, state);
}

std::string command_name(const std::string& language, const std::string& definition, const std::string& command) {
    return first_of(language, {"command." + definition + "." + command, "command." + command}, command);
}

std::string role_name(const std::string& language, const std::string& role, std::string_view qualifier) {
    auto name = first_of(language, {"role." + role, "relation." + role}, role);
    if (qualifier.empty()) return name;
    for (const std::string_view family : {"department", "coordinator"}) {
        const auto key = std::string(family) + "." + std::string(qualifier);
        if (texts::has(language, key))
            return texts::text(language, "page.role_of", {{"role", name}, {"qualifier", texts::text(language, key)}});
    }
    return texts::text(language, "page.role_of", {{"role", name}, {"qualifier", std::string(qualifier)}});
}

std::string definition_name(const std::string& language, const std::string& definition) {
    return first_of(language, {"definition." + definition}, definition);
}

std::string category_name(const std::string& language, std::string_view category) {
    return category.empty() ? "" : word(language, "category", category);
}

std::string choice_name(const std::string& language, std::string_view field, std::string_view choice,
                        std::string_view definition) {
    const auto own = "choice." + std::string(definition) + "." + std::string(field);
    if (texts::has(language, own + "." + std::string(choice))) return word(language, own, choice);
    return word(language, "choice." + std::string(field), choice);
}

std::string field_name(const std::string& language, std::string_view field, std::string_view definition) {
    const auto own = "field." + std::string(definition);
    return word(language, texts::has(language, own + "." + std::string(field)) ? own : "field", field);
}

engine::Refusal in_words_of(const std::string& language, std::string_view definition, const engine::Refusal& refusal) {
    engine::Refusal named;
    for (const auto& reason : refusal.reasons()) {
        auto facts = reason.facts;
        const auto own = std::string(definition) + "." + reason.field;
        if (!reason.field.empty() && texts::has(language, "field." + own)) facts["field"] = own;
        named.add_for(reason.field, reason.code, std::move(facts));
    }
    return named;
}

std::string cut(const std::string& text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text;
    return first_bytes(text, bytes_max) + "…";
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

std::string colour_tone(const std::string& colour) {
    return colour == "red" || colour == "yellow" || colour == "green" ? colour : "neutral";
}

std::string colour_name(const std::string& language, const std::string& colour) {
    return colour.empty() ? "" : word(language, "colour", colour);
}

} // namespace cunmai::words
