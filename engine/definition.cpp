#include "engine/definition.hpp"

#include <algorithm>

namespace cunmai::engine {

const CommandInfo* DefinitionInfo::command(std::string_view name) const {
    const auto found =
        std::find_if(commands.begin(), commands.end(), [&](const auto& info) { return info.key == name; });
    return found == commands.end() ? nullptr : &*found;
}

std::vector<std::string> DefinitionInfo::who_may(std::string_view state, std::string_view command) const {
    std::vector<std::string> who;
    for (const auto& row : rows)
        if (row.from == state && row.command == command)
            for (const auto& one : row.who)
                if (std::find(who.begin(), who.end(), one) == who.end()) who.push_back(one);
    return who;
}

bool DefinitionInfo::is_final(std::string_view state) const {
    return std::any_of(states.begin(), states.end(),
                       [&](const StateInfo& info) { return info.key == state && info.final; });
}

std::optional<LinkedCase> Knowledge::linked_case(const CaseId& id) {
    auto found = linked_cases({id});
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

bool Ask::has_role(std::string_view role) const {
    const auto roles = context.find("roles");
    return roles != context.end() && std::find(roles->begin(), roles->end(), role) != roles->end();
}

bool Ask::has_qualifier(std::string_view role, std::string_view qualifier) const {
    const auto all = context.find("qualifiers");
    if (all == context.end()) return false;
    const auto mine = all->find(std::string(role));
    return mine != all->end() && std::find(mine->begin(), mine->end(), qualifier) != mine->end();
}

std::string Ask::given(std::string_view field) const {
    const auto value = payload.find(std::string(field));
    return value != payload.end() && value->is_string() ? value->get<std::string>() : std::string();
}

Json Ask::persons() const {
    auto list = Json::array({actor.text});
    if (!on_behalf_of.empty() && on_behalf_of != actor) list.push_back(on_behalf_of.text);
    return list;
}

bool Ask::is_one_of(const Json& persons) const {
    if (persons.is_string()) return persons == actor.text || persons == on_behalf_of.text;
    if (!persons.is_array()) return false;
    return std::any_of(persons.begin(), persons.end(), [&](const Json& person) { return is_one_of(person); });
}

Json Definition::context(const Ask&, Knowledge&) const { return Json::object(); }
std::vector<Task> Definition::tasks(const CaseView&) const { return {}; }
std::vector<Timer> Definition::timers(const CaseView&) const { return {}; }
Summary Definition::summary(const CaseView&) const { return {}; }
std::vector<Involvement> Definition::involved(const CaseView&) const { return {}; }
Json Definition::relations(const CaseView&) const { return Json::object(); }
bool Definition::discloses_all(const Reader&, const CaseView&) const { return true; }
void Definition::disclose(const Reader&, const CaseView&, Json&) const {}
void Definition::disclose(const Reader&, const CaseView&, const Event&, Readable&) const {}
void Definition::disclose(const Reader&, const CaseView&, Refused&) const {}
std::optional<Seal> Definition::seal(const Ask&) const { return {}; }
std::optional<std::string> Definition::opens_box(const Ask&) const { return {}; }

Json evolve(const Json& facts, const Json& changes) { return changes.empty() ? facts : facts.patch(changes); }

} // namespace cunmai::engine
