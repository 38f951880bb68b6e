#include "adapters/words/workflow_words.hpp"

#include "adapters/words/texts.hpp"

#include <initializer_list>

namespace cunmai::words {

namespace {

std::string first_of(const std::string& language, std::initializer_list<std::string> keys,
                     const std::string& otherwise) {
    for (const auto& key : keys)
        if (texts::has(language, key)) return texts::text(language, key);
    return otherwise;
}

} // namespace

std::string state(const std::string& language, const std::string& definition, const std::string& key) {
    return first_of(language, {"state." + definition + "." + key, "state." + key}, key);
}

std::string command(const std::string& language, const std::string& definition, const std::string& key) {
    return first_of(language, {"command." + definition + "." + key, "command." + key}, key);
}

std::string role(const std::string& language, const std::string& key) {
    return first_of(language, {"role." + key, "relation." + key}, key);
}

std::string definition(const std::string& language, const std::string& key) {
    return first_of(language, {"definition." + key}, key);
}

} // namespace cunmai::words
