// The words for states, commands and roles of a workflow; the key itself where a workflow brings no texts (an
// example's). A workflow's own word, state.<definition>.<state>, goes before the shared one, state.<state>.
#pragma once

#include <string>

namespace cunmai::words {

std::string state(const std::string& language, const std::string& definition, const std::string& key);
std::string command(const std::string& language, const std::string& definition, const std::string& key);
std::string role(const std::string& language, const std::string& key); // role or relation
std::string definition(const std::string& language, const std::string& key);

} // namespace cunmai::words
