#include "workflows/common/needs.hpp"

#include "workflows/roles.hpp"

#include <algorithm>

namespace cunmai::workflows {

using namespace engine;

Json MissingDocuments::gather(const Ask& ask, const CommandInfo& command, Knowledge& knowledge) {
    std::vector<std::pair<std::string, std::set<std::string>>> named; // by field
    std::set<std::string> all;
    for (const auto& field : command.fields) {
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
    Json missing;
    for (const auto& [field, sha256s] : named)
        if (!std::includes(there.begin(), there.end(), sha256s.begin(), sha256s.end())) missing.push_back(field);
    return missing;
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
