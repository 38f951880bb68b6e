#include "adapters/services/commands.hpp"

#include "adapters/services/answers.hpp"
#include "adapters/services/linking.hpp"
#include "adapters/services/reading.hpp"
#include "db/service/draft_removal.hpp"
#include "engine/text.hpp"

#include <algorithm>

namespace cunmai::commands {

namespace {

// The workflow that will decide; null when there is none that the viewer may know of.
const engine::Definition* definition_for(App& app, const engine::Viewer& viewer,
                                         const engine::CommandRequest& command) {
    if (command.case_id.empty()) return app.registry.newest(command.definition);
    const auto row = Reading(app, viewer).find(command.case_id);
    return row ? app.registry.find(row->definition, row->definition_version) : nullptr;
}

bool is_blank_text(const Json& value) { return value.is_string() && is_blank(value.get_ref<const std::string&>()); }

void trim(Json& value) {
    if (value.is_string()) value = trimmed(value.get_ref<const std::string&>());
}

// A form can't tell "not given" from "nothing typed"; so no door does.
void without_blanks(const engine::Fields& fields, Json& payload) {
    if (!payload.is_object()) return;
    for (const auto& field : fields) {
        const auto value = payload.find(field.key);
        if (value == payload.end()) continue;
        if (is_blank_text(*value)) {
            payload.erase(value);
            continue;
        }
        trim(*value);
        if (!value->is_array()) continue;
        auto kept = Json::array();
        for (auto& item : *value)
            if (!is_blank_text(item)) trim(kept.emplace_back(std::move(item)));
        *value = std::move(kept);
    }
}

// REQUIRES: the command hands in the answers of the case's draft. A repeated request (same key) may come after the town
// has returned the self-check: it must leave the new draft alone.
void forget_draft_with(engine::CommandRequest& command) {
    command.beside = [id = command.case_id, others = std::move(command.beside)](engine::Transaction& transaction,
                                                                                const engine::Outcome& outcome) {
        if (others) others(transaction, outcome);
        if (outcome.kind == engine::Outcome::Kind::accepted && !outcome.replayed) db::remove_draft(transaction, id);
    };
}

} // namespace

engine::Outcome give(App& app, const engine::Viewer& viewer, engine::CommandRequest command) {
    command.actor = viewer.person;
    const auto* definition = definition_for(app, viewer, command);
    if (const auto* info = definition ? definition->info().command(command.name) : nullptr) {
        without_blanks(info->fields, command.payload);
        documents::check_named(app, viewer, *info, command);
        if (answers::are_handed_in_by(*info) && !command.case_id.empty()) forget_draft_with(command);
    }
    return app.service.execute(command);
}

} // namespace cunmai::commands
