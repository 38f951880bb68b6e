#include "engine/definition.hpp"

#include <algorithm>

namespace cunmai::engine {

namespace {

std::string text_in(const Json& value) { return value.is_null() ? std::string() : value.get<std::string>(); }

} // namespace

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

bool DefinitionInfo::has_state(std::string_view state) const {
    return std::any_of(states.begin(), states.end(), [&](const StateInfo& info) { return info.key == state; });
}

std::optional<LinkedCase> Knowledge::linked_case(const CaseId& id) {
    auto found = linked_cases({id});
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

const Json& Ask::member(std::string_view key) const {
    static const Json nothing;
    const auto found = context.members_->find(key);
    return found == context.members_->end() ? nothing : *found;
}

const Json& Ask::need(std::string_view key) const {
    const auto found = context.members_->find(key);
    if (found == context.members_->end()) throw MissingNeed(key);
    return *found;
}

std::string Ask::today() const { return text_in(member("today")); }
std::string Ask::parent() const { return text_in(member("parent")); }
std::string Ask::batch() const { return text_in(member("batch")); }
std::string Ask::new_case_id() const { return context.members_->at("new_case_id"); }
bool Ask::was_sealed() const { return member("sealed") == true; }
const Json& Ask::box_tally() const { return member("tally"); }

bool Ask::has_role(std::string_view role) const {
    const auto& roles = member("roles");
    return std::find(roles.begin(), roles.end(), role) != roles.end();
}

bool Ask::has_qualifier(std::string_view role, std::string_view qualifier) const {
    const auto& all = member("qualifiers");
    const auto mine = all.find(role);
    return mine != all.end() && std::find(mine->begin(), mine->end(), qualifier) != mine->end();
}

bool Ask::has_relation(std::string_view relation) const {
    const auto& relations = member("relations");
    const auto people = relations.find(relation);
    if (people == relations.end()) return false;
    const auto is_acting = [&](const Json& person) { return person == acting_for().text; };
    return people->is_array() ? std::any_of(people->begin(), people->end(), is_acting) : is_acting(*people);
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

MissingNeed::MissingNeed(std::string_view key, std::string_view of)
    : std::logic_error("need \"" + std::string(key) + "\"" + (of.empty() ? "" : " of " + std::string(of)) +
                       " was not gathered") {}

Json Definition::context(const Ask&, Knowledge&) const { return Json::object(); }
std::vector<Task> Definition::tasks(const CaseView&) const { return {}; }
std::vector<Timer> Definition::timers(const CaseView&) const { return {}; }

// By its place, and by when the first of its tasks is due.
Summary Definition::summary(const CaseView& view) const {
    Summary summary{view.place.name, "", "", ""};
    for (const auto& task : tasks(view))
        if (!task.due_on.empty() && (summary.due_on.empty() || task.due_on < summary.due_on))
            summary.due_on = task.due_on;
    return summary;
}

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
