// What the doctor found (adapters/services/doctor.hpp), in the reader's language.
#pragma once

#include "engine/json.hpp"

#include <string>

namespace cunmai::words {

std::string sign_said(const std::string& language, const std::string& key, const Json& facts);
std::string sign_remedy(const std::string& language, const std::string& key,
                        const Json& facts); // of a finding that is not good

} // namespace cunmai::words
