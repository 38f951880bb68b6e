#include "adapters/diagram/diagram.hpp"

#include "adapters/words/texts.hpp"
#include "adapters/words/workflow_words.hpp"

#include <algorithm>
#include <vector>

namespace cunmai::diagram {

namespace {

using engine::DefinitionInfo;
using engine::not_opened;

// Mermaid and PlantUML end a label at the line's end; quotes and colons mean something there.
std::string label_text(std::string text) {
    for (char& c : text)
        if (c == '\n' || c == '\r' || c == '"' || c == ':' || c == ';' || c == '#') c = ' ';
    return text;
}

std::string cell_text(const std::string& text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '|') escaped += '\\';
        escaped += c;
    }
    return escaped;
}

struct Arrow {
    std::string from, to;
    std::vector<std::string> commands;
};

// Rows between the same two states are one arrow, in the table's order.
std::vector<Arrow> arrows(const DefinitionInfo& info) {
    std::vector<Arrow> all;
    for (const auto& row : info.rows) {
        const auto same = std::find_if(all.begin(), all.end(),
                                       [&](const Arrow& one) { return one.from == row.from && one.to == row.to; });
        auto& arrow = same == all.end() ? all.emplace_back(Arrow{row.from, row.to, {}}) : *same;
        if (std::find(arrow.commands.begin(), arrow.commands.end(), row.command) == arrow.commands.end())
            arrow.commands.push_back(row.command);
    }
    return all;
}

std::string joined(const DefinitionInfo& info, const Arrow& arrow, const std::string& language,
                   const std::string& separator) {
    std::string text;
    for (const auto& command : arrow.commands)
        text += (text.empty() ? "" : separator) + label_text(words::command(language, info.key, command));
    return text;
}

// What both text formats say in the same words.
std::string states_and_arrows(const DefinitionInfo& info, const std::string& language, const std::string& indent,
                              const std::string& separator) {
    std::string text;
    for (const auto& state : info.states)
        text +=
            indent + "state \"" + label_text(words::state(language, info.key, state.key)) + "\" as " + state.key + "\n";
    for (const auto& arrow : arrows(info))
        text += indent + (arrow.from == not_opened ? "[*]" : arrow.from) + " --> " + arrow.to + " : " +
                joined(info, arrow, language, separator) + "\n";
    for (const auto& state : info.states)
        if (state.final) text += indent + state.key + " --> [*]\n";
    return text;
}

} // namespace

std::string mermaid(const DefinitionInfo& info, const std::string& language) {
    return "stateDiagram-v2\n" + states_and_arrows(info, language, "    ", ", ");
}

std::string plantuml(const DefinitionInfo& info, const std::string& language) {
    return "@startuml " + info.key + "\nhide empty description\ntitle " +
           label_text(words::definition(language, info.key)) + " v" + std::to_string(info.version) + "\n" +
           states_and_arrows(info, language, "", "\\n") + "@enduml\n";
}

std::string permission_matrix_markdown(const DefinitionInfo& info, const std::string& language) {
    std::vector<std::string> whos;
    for (const auto& row : info.rows)
        for (const auto& who : row.who)
            if (std::find(whos.begin(), whos.end(), who) == whos.end()) whos.push_back(who);

    std::string text = "|";
    for (const auto* key : {"diagram.in_state", "diagram.command", "diagram.goes_to"})
        text += " " + cell_text(texts::text(language, key)) + " |";
    std::string rule = "| --- | --- | --- |";
    for (const auto& who : whos) {
        text += " " + cell_text(words::role(language, who)) + " |";
        rule += " :-: |";
    }
    text += "\n" + rule + "\n";
    for (const auto& row : info.rows) {
        const auto from = row.from == not_opened ? texts::text(language, "diagram.not_opened")
                                                 : words::state(language, info.key, row.from);
        const auto to = row.to == row.from ? "" : words::state(language, info.key, row.to);
        text += "| " + cell_text(from) + " | " + cell_text(words::command(language, info.key, row.command)) + " | " +
                cell_text(to) + " |";
        for (const auto& who : whos)
            text += std::find(row.who.begin(), row.who.end(), who) == row.who.end() ? "  |" : " ✓ |";
        text += "\n";
    }
    return text;
}

} // namespace cunmai::diagram
