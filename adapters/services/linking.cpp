#include "adapters/services/linking.hpp"

#include "adapters/services/answers.hpp"
#include "adapters/services/reading.hpp"
#include "engine/digest.hpp"
#include "workflows/evaluation/self_check.hpp"

#include <set>

namespace cunmai::documents {

namespace {

bool is_sha256(const Json& value) { return value.is_string() && is_hex(value.get_ref<const std::string&>(), 64); }

// Documents named by the fields of a payload: field → hashes.
std::vector<std::pair<std::string, std::string>> named(const engine::CommandInfo& info, const Json& payload) {
    std::vector<std::pair<std::string, std::string>> all;
    if (!payload.is_object()) return all;
    for (const auto& field : info.fields) {
        const auto value = payload.find(field.key);
        if (value == payload.end()) continue;
        if (field.type == engine::FieldType::document && is_sha256(*value)) all.emplace_back(field.key, *value);
        if (field.type == engine::FieldType::documents && value->is_array())
            for (const auto& item : *value)
                if (is_sha256(item)) all.emplace_back(field.key, item);
    }
    return all;
}

// The evidence that a document of answers names. A document that can't be read as answers is refused, because its
// evidence would not be checked.
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

std::optional<db::DocumentInfo> readable(App& app, const engine::Viewer& viewer, const std::string& sha256) {
    if (auto own = app.documents.uploaded_by(sha256, viewer.person)) return own;
    for (const auto& id : app.documents.linked_cases(sha256))
        for (auto& document : Reading(app, viewer).documents(id))
            if (document.sha256 == sha256) return std::move(document);
    return std::nullopt;
}

void check_named(App& app, const engine::Viewer& viewer, const engine::CommandInfo& info,
                 engine::CommandRequest& command) {
    engine::Refusal why;
    std::set<std::string> all;
    const auto check = [&](const std::string& field, const std::string& sha256) {
        auto document = readable(app, viewer, sha256);
        if (document)
            all.insert(sha256);
        else
            why.add_for(field, "document_unknown", {{"field", field}});
        return document;
    };
    for (const auto& [field, sha256] : named(info, command.payload))
        if (const auto document = check(field, sha256); document && field == workflows::self_check::answers_field) {
            const auto drafted = answers::evidence_drafted(app, command.case_id);
            for (const auto& evidence : evidence_within(app, *document, why))
                if (drafted.contains(evidence))
                    all.insert(evidence);
                else
                    check(field, evidence);
        }
    command.objections.add_all(why);
    command.documents.assign(all.begin(), all.end());
}

} // namespace cunmai::documents
