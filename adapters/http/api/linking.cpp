#include "adapters/http/api/linking.hpp"

#include <set>

namespace cunmai::http::api {

namespace {

constexpr std::int64_t answers_bytes_max = 1 << 20;

bool is_sha256(const Json& value) {
    if (!value.is_string()) return false;
    const auto& text = value.get_ref<const std::string&>();
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// Documents named by the fields of a payload: field → hashes.
std::vector<std::pair<std::string, std::string>> named(const engine::DefinitionInfo& info,
                                                       const engine::CommandRequest& command) {
    std::vector<std::pair<std::string, std::string>> all;
    const auto* known = info.command(command.name);
    if (!known || !command.payload.is_object()) return all;
    for (const auto& field : known->fields) {
        const auto value = command.payload.find(field.key);
        if (value == command.payload.end()) continue;
        if (field.type == engine::FieldType::document && is_sha256(*value)) all.emplace_back(field.key, *value);
        if (field.type == engine::FieldType::documents && value->is_array())
            for (const auto& item : *value)
                if (is_sha256(item)) all.emplace_back(field.key, item);
    }
    return all;
}

// Evidence that an answers document (workflows/evaluation/self_check.hpp) names.
std::set<std::string> evidence_within(App& app, const db::DocumentInfo& document) {
    std::set<std::string> hashes;
    if (document.media_type != "application/json" || document.size > answers_bytes_max) return hashes;
    const auto json = Json::parse(app.documents.content(document.sha256), nullptr, false);
    if (!json.is_object()) return hashes;
    const auto answers = json.find("answers");
    if (answers == json.end() || !answers->is_object()) return hashes;
    for (const auto& [code, answer] : answers->items()) {
        if (!answer.is_object() || !answer.contains("evidence") || !answer["evidence"].is_array()) continue;
        for (const auto& item : answer["evidence"])
            if (is_sha256(item)) hashes.insert(item.get<std::string>());
    }
    return hashes;
}

} // namespace

bool may_read(App& app, const Officer& officer, const db::DocumentInfo& document) {
    if (document.added_by == officer.person.id || app.documents.uploaded_by(document.sha256, officer.person.id))
        return true;
    for (const auto& id : app.documents.linked_cases(document.sha256))
        if (app.cases.find(officer.viewer, id)) return true;
    return false;
}

void check_documents(App& app, const Request& request, const engine::DefinitionInfo& info,
                     engine::CommandRequest& command) {
    engine::Refusal why;
    std::set<std::string> all;
    const auto check = [&](const std::string& field, const std::string& sha256) {
        const auto document = app.documents.info(sha256);
        if (document && may_read(app, request.who(), *document)) {
            all.insert(sha256);
            return document;
        }
        why.add_for(field, "document_unknown", {{"field", field}});
        return std::optional<db::DocumentInfo>{};
    };
    for (const auto& [field, sha256] : named(info, command))
        if (const auto document = check(field, sha256))
            for (const auto& evidence : evidence_within(app, *document)) check(field, evidence);
    if (!why.empty()) refused(why);
    command.documents.assign(all.begin(), all.end());
}

} // namespace cunmai::http::api
