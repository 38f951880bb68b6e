#include "engine/presentation.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace cunmai::engine {

namespace {

bool holds(const Keys& keys, std::string_view key) { return std::find(keys.begin(), keys.end(), key) != keys.end(); }
bool fits(const Keys& keys, std::string_view key) { return keys.empty() || holds(keys, key); }

bool is_state(const DefinitionInfo& info, std::string_view key) {
    return std::any_of(info.states.begin(), info.states.end(), [&](const auto& state) { return state.key == key; });
}

[[noreturn]] void unknown(const DefinitionInfo& info, const char* what, std::string_view key) {
    throw std::logic_error("the presentation of " + info.key + " names the " + what + " \"" + std::string(key) +
                           "\", which the workflow does not have");
}

void check_states(const DefinitionInfo& info, const Keys& states) {
    for (const auto state : states)
        if (!is_state(info, state)) unknown(info, "state", state);
}

void check_commands(const DefinitionInfo& info, const Keys& commands) {
    for (const auto command : commands)
        if (!info.command(command)) unknown(info, "command", command);
}

} // namespace

bool Shown::empty() const {
    if (kind == Kind::sentence) return false;
    if (kind == Kind::list)
        return std::all_of(parts.begin(), parts.end(), [](const auto& part) { return part.second.empty(); });
    return value.is_null() || value == "";
}

Shown Shown::sentence(std::string_view message, std::vector<std::pair<std::string, Shown>> parts) {
    return {Kind::sentence, std::string(message), {}, std::move(parts)};
}

Shown Shown::each(Kind kind, std::string_view of, const Json& values) {
    Shown list{Kind::list};
    if (values.is_array())
        for (const auto& value : values) list.parts.emplace_back("", make(kind, of, value));
    else
        list.parts.emplace_back("", make(kind, of, values));
    return list;
}

Shown Shown::of_field(const Field& field, const Json& value) {
    switch (field.type) {
    case FieldType::line:
    case FieldType::text: return text(value);
    case FieldType::choice: return choice(field.key, value);
    case FieldType::choices: return choices(field.key, value);
    case FieldType::integer:
    case FieldType::decimal: return number(value);
    case FieldType::boolean: return yes_no(value);
    case FieldType::date: return date(value);
    case FieldType::person:
    case FieldType::people: return people(value);
    case FieldType::case_id:
    case FieldType::cases: return cases(value);
    case FieldType::document:
    case FieldType::documents: return documents(value);
    case FieldType::places: return places(value);
    }
    return text(value);
}

Keys main_line_of(const Definition& definition) {
    if (const auto& line = definition.presentation().main_line; !line.empty()) return line;
    const auto& states = definition.info().states;
    Keys line;
    for (const auto& state : states)
        if (!state.final) line.push_back(state.key);
    const auto end = std::find_if(states.begin(), states.end(), [](const auto& state) { return state.final; });
    if (end != states.end()) line.push_back(end->key);
    return line;
}

Keys states_in_order(const Definition& definition) {
    auto states = main_line_of(definition);
    for (const auto& state : definition.info().states)
        if (!holds(states, state.key)) states.push_back(state.key);
    return states;
}

std::vector<Column> columns_of(const Definition& definition) {
    const auto& columns = definition.presentation().columns;
    return columns.empty() ? std::vector{Column::title(), Column::state(), Column::due()} : columns;
}

Tone tone_of(const Definition& definition, std::string_view state) {
    const auto& tones = definition.presentation().tones;
    const auto found = tones.find(state);
    return found == tones.end() ? Tone::plain : found->second;
}

const Question* question_of(const Definition& definition, std::string_view state, std::string_view command) {
    for (const auto& question : definition.presentation().questions)
        if (fits(question.states, state) && holds(question.answers, command)) return &question;
    return nullptr;
}

const Basis* basis_of(const Definition& definition, std::string_view state, std::string_view command) {
    for (const auto& basis : definition.presentation().bases)
        if (fits(basis.states, state) && holds(basis.commands, command)) return &basis;
    return nullptr;
}

const Offered* offered_for(const Definition& definition, std::string_view field) {
    for (const auto& offered : definition.presentation().offered)
        if (offered.field == field) return &offered;
    return nullptr;
}

bool is_grave(const Definition& definition, std::string_view command) {
    return holds(definition.presentation().grave, command);
}

bool is_asked_for(const Definition& definition, std::string_view command, std::string_view field) {
    const auto& asked = definition.presentation().asked;
    return std::any_of(asked.begin(), asked.end(),
                       [&](const Asked& one) { return one.command == command && holds(one.fields, field); });
}

std::string_view page_of_command(const Definition& definition, std::string_view command) {
    const auto& pages = definition.presentation().command_pages;
    const auto found = pages.find(command);
    return found == pages.end() ? std::string_view{} : found->second;
}

const Mend* mend_of(const Definition& definition, const Reason& reason) {
    for (const auto& mend : definition.presentation().mends) {
        if (mend.reason != reason.code) continue;
        if (mend.fact.empty() || reason.facts.value(std::string(mend.fact), "") == mend.value) return &mend;
    }
    return nullptr;
}

const Field* field_of(const DefinitionInfo& info, std::string_view key) {
    for (const auto& command : info.commands)
        for (const auto& field : command.fields)
            if (field.key == key) return &field;
    return nullptr;
}

void check_presentation(const Definition& definition) {
    const auto& info = definition.info();
    const auto& shown = definition.presentation();
    check_states(info, shown.main_line);
    for (const auto& [state, tone] : shown.tones) check_states(info, {state});
    for (const auto* counts : {&shown.counts, &shown.home})
        for (const auto& count : *counts)
            if (!count.state.empty()) check_states(info, {count.state});
    for (const auto& basis : shown.bases) {
        check_states(info, basis.states);
        for (const auto* commands : {&basis.commands, &basis.starts, &basis.entries}) check_commands(info, *commands);
    }
    for (const auto& question : shown.questions) {
        check_states(info, question.states);
        check_commands(info, question.answers);
    }
    check_commands(info, shown.grave);
    for (const auto& offered : shown.offered)
        if (!field_of(info, offered.field)) unknown(info, "field", offered.field);
    for (const auto& filled : shown.filled) check_commands(info, {filled.command});
    for (const auto& proposed : shown.proposed) {
        check_commands(info, {proposed.command});
        for (const auto& [step, field] : proposed.steps)
            if (!field_of(info, field)) unknown(info, "field", field);
    }
    for (const auto& asked : shown.asked) {
        check_commands(info, {asked.command});
        for (const auto field : asked.fields)
            if (!field_of(info, field)) unknown(info, "field", field);
    }
    for (const auto& mend : shown.mends)
        if (!mend.command.empty()) check_commands(info, {mend.command});
    for (const auto& [command, page] : shown.command_pages) check_commands(info, {command});
    if (const auto& ballots = shown.ballots)
        check_commands(info, {ballots->open, ballots->vote, ballots->recuse, ballots->close});
}

// ---- what a definition that says nothing is shown by ------------------------------------------------------------

const Presentation& Definition::presentation() const {
    static const Presentation plain;
    return plain;
}

std::vector<ShownSection> Definition::sections(const CaseView& view, const RuleLookup&) const {
    ShownSection main{std::string(main_section)};
    const auto related = relations(view); // items() only points into it
    for (const auto& [relation, people] : related.items())
        main.rows.push_back({Shown::word("relation", relation), Shown::people(people)});
    std::set<std::string_view> seen;
    for (const auto& command : info().commands)
        for (const auto& field : command.fields) {
            const auto value = view.facts.find(field.key);
            if (value == view.facts.end() || !seen.insert(field.key).second) continue;
            main.rows.push_back({Shown::field(field.key), Shown::of_field(field, *value)});
        }
    return {std::move(main)};
}

Shown Definition::column(const CaseView& view, std::string_view key) const {
    const auto value = view.facts.find(std::string(key));
    if (value == view.facts.end()) return {};
    const auto* field = field_of(info(), key);
    if (field) return Shown::of_field(*field, *value);
    const auto related = relations(view);
    return related.contains(std::string(key)) ? Shown::people(*value) : Shown::text(*value);
}

Card Definition::card(const CaseView& view) const { return {{}, summary(view).due_on, -1, {}}; }

std::optional<std::vector<ShownRow>> Definition::told(std::string_view, const Json&) const { return std::nullopt; }

} // namespace cunmai::engine
