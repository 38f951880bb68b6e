#include "engine/fingerprint.hpp"

namespace cunmai::engine {

std::string fingerprint_of(const DefinitionInfo& info) {
    Json table{{"key", info.key}, {"version", info.version}, {"one_open_per_place", info.one_open_per_place}};
    for (const auto& state : info.states) table["states"].push_back({state.key, state.final});
    for (const auto& command : info.commands) {
        auto fields = Json::array();
        for (const auto& field : command.fields)
            fields.push_back({field.key, static_cast<int>(field.type), field.required, field.choices, field.length_max,
                              field.min, field.max});
        table["commands"].push_back({command.key, fields, command.personal, command.internal, command.opens_child});
    }
    for (const auto& row : info.rows)
        table["rows"].push_back({row.from, row.command, row.to, row.who, row.does, row.provided});
    if (!info.revisions.empty()) table["revisions"] = info.revisions;
    return sha256_hex(table.dump());
}

} // namespace cunmai::engine
