#include "adapters/services/linking.hpp"

#include "workflows/evaluation/self_check.hpp"

#include <set>

namespace cunmai::http::api {

namespace {

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

// Evidence that an answers document names. What can't be one is refused: its evidence would go unseen.
std::set<std::string> evidence_within(App& app, const db::DocumentInfo& document, engine::Refusal& why) {
    namespace self_check = workflows::self_check;
    const auto refused = [&] {
        why.add_for(std::string(self_check::answers_field), "answers_unreadable");
        return std::set<std::string>{};
    };
    if (document.media_type != "application/json" || document.size > self_check::answers_bytes_max) return refused();
    const auto answers = Json::parse(app.documents.content(document.sha256), nullptr, false);
    return answers.is_discarded() ? refused() : self_check::evidence_named(answers);
}

} // namespace

std::optional<db::DocumentInfo> readable(App& app, const Officer& officer, const std::string& sha256) {
    if (auto own = app.documents.uploaded_by(sha256, officer.person.id)) return own;
    for (const auto& id : app.documents.linked_cases(sha256))
        if (app.cases.find(officer.viewer, id))
            for (auto& document : app.documents.of_case(id))
                if (document.sha256 == sha256) return std::move(document);
    return std::nullopt;
}

void check_documents(App& app, const Request& request, const engine::DefinitionInfo& info,
                     engine::CommandRequest& command) {
    engine::Refusal why;
    std::set<std::string> all;
    const auto check = [&](const std::string& field, const std::string& sha256) {
        auto document = readable(app, request.who(), sha256);
        if (document)
            all.insert(sha256);
        else
            why.add_for(field, "document_unknown", {{"field", field}});
        return document;
    };
    for (const auto& [field, sha256] : named(info, command))
        if (const auto document = check(field, sha256); document && field == workflows::self_check::answers_field)
            for (const auto& evidence : evidence_within(app, *document, why)) check(field, evidence);
    command.objections.add_all(why);
    command.documents.assign(all.begin(), all.end());
}

} // namespace cunmai::http::api
