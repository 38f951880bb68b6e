#include "workflows/common/context.hpp"

#include "workflows/roles.hpp"

#include <algorithm>

namespace cunmai::workflows {

using namespace engine;

Json missing_documents(const DefinitionInfo& info, const Ask& ask, Knowledge& knowledge) {
    auto missing = Json::array();
    const auto* command = info.command(ask.command);
    if (!command) return missing;
    const auto is_there = [&](const Json& sha256) { return knowledge.document_exists(sha256.get<std::string>()); };
    for (const auto& field : command->fields) {
        const auto value = ask.payload.find(field.key);
        if (value == ask.payload.end() || value->is_null()) continue;
        const bool all_there = field.type == FieldType::document ? is_there(*value)
                               : field.type == FieldType::documents
                                   ? std::all_of(value->begin(), value->end(), is_there)
                                   : true;
        if (!all_there) missing.push_back(field.key);
    }
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
