#include "workflows/common/context.hpp"

#include "workflows/roles.hpp"

#include <algorithm>

namespace cunmai::workflows {

using namespace engine;

Json missing_documents(const DefinitionInfo& info, const Ask& ask, Knowledge& knowledge) {
    auto missing = Json::array();
    const auto* command = info.command(ask.command);
    if (!command) return missing;
    std::vector<std::pair<std::string, std::set<std::string>>> named; // by field
    std::set<std::string> all;
    for (const auto& field : command->fields) {
        const auto value = ask.payload.find(field.key);
        if (value == ask.payload.end() || value->is_null()) continue;
        if (field.type == FieldType::document)
            named.push_back({field.key, {value->get<std::string>()}});
        else if (field.type == FieldType::documents)
            named.push_back({field.key, value->get<std::set<std::string>>()});
        else
            continue;
        all.insert(named.back().second.begin(), named.back().second.end());
    }
    const auto there = knowledge.documents_there(all);
    for (const auto& [field, sha256s] : named)
        if (!std::includes(there.begin(), there.end(), sha256s.begin(), sha256s.end())) missing.push_back(field);
    return missing;
}

bool holds_role(Knowledge& knowledge, std::string_view role, const std::string& person, std::string_view place_path) {
    const auto holders = knowledge.holders(role, place_path);
    return std::any_of(holders.begin(), holders.end(),
                       [&](const Holder& holder) { return holder.person.text == person; });
}

bool acts_at(Knowledge& knowledge, const std::string& person, std::string_view place_path) {
    const auto held = knowledge.roles_of(PersonId{person});
    return std::any_of(held.begin(), held.end(), [&](const Holder& holder) {
        const auto* role = all_roles().find(holder.role);
        return role && role->kind == RoleInfo::Kind::acts && covers(holder.place_path, place_path);
    });
}

std::vector<std::string> committee(Knowledge& knowledge, std::string_view place_path) {
    std::set<std::string> people;
    for (const auto role : {CommitteeMember::key, CommitteeChair::key})
        for (const auto& holder : knowledge.holders(role, place_path)) people.insert(holder.person.text);
    return {people.begin(), people.end()};
}

} // namespace cunmai::workflows
