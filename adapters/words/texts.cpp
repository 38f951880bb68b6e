// The message catalogues. Read once, at first use; a duplicate key or a value that is no text is an error at start.
#include "adapters/words/texts.hpp"

#include "adapters/telemetry/log.hpp"
#include "cmake/embedded.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>

namespace cunmai::texts {

namespace {

using Catalogue = std::map<std::string, std::string, std::less<>>;
using Catalogues = std::map<std::string, Catalogue, std::less<>>;

constexpr std::string_view first_language = "zh-CN";

embedded::Files& brought() {
    static embedded::Files files;
    return files;
}

void load_into(Catalogues& catalogues, const embedded::Files& files) {
    constexpr std::string_view folder = "messages/";
    for (const auto& [path, content] : files) {
        if (path.substr(0, folder.size()) != folder) continue;
        const auto rest = path.substr(folder.size());
        const std::string language(rest.substr(0, rest.find('/')));
        const auto messages = Json::parse(content, nullptr, false);
        if (!messages.is_object()) throw std::runtime_error(std::string(path) + " is not a JSON object");
        for (const auto& [key, value] : messages.items()) {
            if (!value.is_string()) throw std::runtime_error(std::string(path) + ": " + key + " is not text");
            if (!catalogues[language].emplace(key, value.get<std::string>()).second)
                throw std::runtime_error(std::string(path) + ": " + key + " stands there twice or in another file too");
        }
    }
}

const Catalogues& catalogues() {
    static const Catalogues all = [] {
        Catalogues loaded;
        load_into(loaded, embedded::templates());
        load_into(loaded, brought());
        return loaded;
    }();
    return all;
}

const Catalogue& catalogue(std::string_view language) {
    static const Catalogue none;
    auto found = catalogues().find(language);
    if (found == catalogues().end()) found = catalogues().find(first_language);
    return found == catalogues().end() ? none : found->second;
}

std::atomic<bool> strictness{false};

struct Missing {
    std::mutex mutex;
    std::set<std::string> told; // "language key"
};

Missing& all_missing() {
    static Missing one;
    return one;
}

std::string missing(std::string_view language, std::string_view key) {
    if (strictness) throw std::logic_error("no message " + std::string(key) + " in " + std::string(language));
    {
        std::lock_guard lock(all_missing().mutex);
        if (!all_missing().told.insert(std::string(language) + " " + std::string(key)).second) return std::string(key);
    }
    log::warning("message_missing", {{"language", language}, {"key", key}});
    return std::string(key);
}

std::string joined(std::string_view language, const std::vector<std::string>& words) {
    const std::string_view between = language == "en" ? ", " : "、";
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : std::string(between)) + word;
    return text;
}

std::string shown(std::string_view language, const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_null()) return "";
    if (!value.is_array()) {
        auto number = value.dump();
        if (value.is_number_float() && number.ends_with(".0")) number.resize(number.size() - 2); // 60000, not 60000.0
        return number;
    }
    std::vector<std::string> words;
    for (const auto& one : value) words.push_back(shown(language, one));
    return joined(language, words);
}

bool is_name(std::string_view text) {
    return !text.empty() &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.") ==
               std::string_view::npos;
}

// Fills {name}, or {{name}} in templates. Names that the facts don't have stay as they are.
std::string filled(std::string_view language, std::string_view pattern, const Json& facts) {
    std::string result;
    std::size_t at = 0;
    while (at < pattern.size()) {
        const auto open = pattern.find('{', at);
        result += pattern.substr(at, open == std::string_view::npos ? open : open - at);
        if (open == std::string_view::npos) break;
        const std::size_t braces = pattern.substr(open, 2) == "{{" ? 2 : 1;
        const auto close = pattern.find('}', open);
        const auto name =
            close == std::string_view::npos ? std::string_view{} : pattern.substr(open + braces, close - open - braces);
        const auto value = is_name(name) && facts.is_object() ? facts.find(std::string(name)) : facts.end();
        if (value == facts.end()) {
            result += pattern.substr(open, braces);
            at = open + braces;
        } else {
            result += shown(language, *value);
            at = close + braces;
        }
    }
    return result;
}

// The word for a code: department "discipline" → department.discipline. `departments` uses department.…, too.
Json in_words(std::string_view language, const std::string& kind, const Json& value) {
    if (value.is_array()) {
        auto words = Json::array();
        for (const auto& one : value) words.push_back(in_words(language, kind, one));
        return words;
    }
    if (!value.is_string()) return value;
    const auto code = value.get<std::string>();
    if (has(language, kind + "." + code)) return text(language, kind + "." + code);
    if (kind.size() > 1 && kind.back() == 's') {
        const auto singular = kind.substr(0, kind.size() - 1) + "." + code;
        if (has(language, singular)) return text(language, singular);
    }
    return value;
}

} // namespace

void bring(const embedded::Files& files) { brought().insert(files.begin(), files.end()); }

std::string text(std::string_view language, std::string_view key, const Json& facts) {
    const auto& messages = catalogue(language);
    const auto found = messages.find(key);
    return found == messages.end() ? missing(language, key) : filled(language, found->second, facts);
}

bool has(std::string_view language, std::string_view key) {
    const auto& messages = catalogue(language);
    return messages.find(key) != messages.end();
}

std::string sentence(std::string_view language, const engine::Reason& reason) {
    auto facts = reason.facts;
    if (facts.is_object() && !facts.contains("field")) facts["field"] = reason.field.empty() ? "whole" : reason.field;
    return text(language, "reason." + reason.code, words(language, facts));
}

Json words(std::string_view language, const Json& facts) {
    auto result = Json::object();
    if (facts.is_object())
        for (const auto& [kind, value] : facts.items()) result[kind] = in_words(language, kind, value);
    return result;
}

std::vector<std::string> keys(std::string_view language) {
    std::vector<std::string> all;
    for (const auto& [key, message] : catalogue(language)) all.push_back(key);
    return all;
}

std::vector<std::string> languages() {
    std::vector<std::string> all;
    for (const auto& [language, messages] : catalogues()) all.push_back(language);
    return all;
}

void strict(bool on) { strictness = on; }
bool is_strict() { return strictness; }

std::vector<std::string> missing_keys() {
    std::lock_guard lock(all_missing().mutex);
    return {all_missing().told.begin(), all_missing().told.end()};
}

} // namespace cunmai::texts
