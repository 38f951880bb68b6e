// A workflow as a picture and as a table, read from its transition table and from nothing else.
// The words for states and commands come from the message catalogues; a workflow without texts shows its keys.
#pragma once

#include "engine/definition.hpp"

#include <map>
#include <set>
#include <string>

namespace cunmai::diagram {

// What a case adds to its workflow's picture. State keys; edges as "from>to".
struct Path {
    std::string current;
    std::set<std::string> visited;
    std::set<std::string> taken;              // edges
    std::map<std::string, std::string> notes; // state → one short line (the time spent there)
};

std::string mermaid(const engine::DefinitionInfo& info, const std::string& language);
std::string plantuml(const engine::DefinitionInfo& info, const std::string& language);
// Laid out by graphviz. Ids: state-<key>, edge-<from>-<to>; classes: state, final, current, visited, edge, taken.
// Presentation attributes only (no inline style, no script): it may stand in a page under a strict policy.
// `inline_svg`: without the XML declaration, to be put into a page.
std::string svg(const engine::DefinitionInfo& info, const std::string& language, const Path& path = {},
                bool inline_svg = false);
// BPMN 2.0 with diagram coordinates: a start event, a user task per state, an end event per final state, a sequence
// flow per row, an exclusive gateway where several rows leave.
std::string bpmn(const engine::DefinitionInfo& info, const std::string& language);

// Who may give which command in which state: Markdown, one row per state and command, one column per role.
std::string permission_matrix_markdown(const engine::DefinitionInfo& info, const std::string& language = "en");

} // namespace cunmai::diagram
