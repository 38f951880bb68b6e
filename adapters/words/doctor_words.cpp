#include "adapters/words/doctor_words.hpp"

#include "adapters/words/texts.hpp"

namespace cunmai::words {

namespace {

// A setting of the database: its name and value speak for themselves.
std::string of(const std::string& language, const std::string& sign, const std::string& tail, const Json& facts) {
    const auto key = "cli.doctor." + sign + tail;
    return texts::text(language, texts::has(language, key) ? key : "cli.doctor.setting" + tail, facts);
}

} // namespace

std::string sign_said(const std::string& language, const std::string& key, const Json& facts) {
    return of(language, key, "", facts);
}

std::string sign_remedy(const std::string& language, const std::string& key, const Json& facts) {
    return of(language, key, ".do", facts);
}

} // namespace cunmai::words
