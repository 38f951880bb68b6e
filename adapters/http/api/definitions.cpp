// The workflows that this server runs, read from their transition tables: states, commands with their payloads, rows
// (who may what), fingerprint. The permission matrix is made of the rows.
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"

namespace cunmai::http::api {

namespace {

Json brief(const engine::DefinitionInfo& info, const std::string& language) {
    return {{"key", info.key},
            {"label", label(language, "definition", info.key)},
            {"version", info.version},
            {"fingerprint", info.fingerprint},
            {"one_open_per_place", info.one_open_per_place}};
}

Json whole(const engine::DefinitionInfo& info, const std::string& language) {
    auto json = brief(info, language);
    auto states = Json::array(), commands = Json::array(), rows = Json::array();
    for (const auto& state : info.states)
        states.push_back(
            {{"key", state.key}, {"label", label(language, "state." + info.key, state.key)}, {"final", state.final}});
    for (const auto& command : info.commands) {
        auto fields = Json::array();
        for (const auto& field : command.fields) fields.push_back(view(field, language));
        commands.push_back({{"key", command.key},
                            {"label", label(language, "command." + info.key, command.key)},
                            {"personal", command.personal},
                            {"internal", command.internal},
                            {"opens_child", command.opens_child},
                            {"commutes", command.commutes},
                            {"fields", std::move(fields)},
                            {"payload", payload_schema(command.fields)}});
    }
    for (const auto& row : info.rows)
        rows.push_back({{"from", row.from},
                        {"command", row.command},
                        {"to", row.to},
                        {"who", row.who},
                        {"does", row.does},
                        {"provided", row.provided}});
    json["states"] = std::move(states);
    json["commands"] = std::move(commands);
    json["rows"] = std::move(rows);
    return json;
}

} // namespace

Endpoint definitions() {
    const auto handler = [](App& app, const Request& request) {
        auto items = Json::array();
        for (const auto* definition : app.registry.all()) items.push_back(brief(definition->info(), request.language));
        return Response::json(200, {{"items", std::move(items)}});
    };
    return {handler,
            Describe("The workflows", "definitions").answers(200, object({{"items", list_of(ref("Definition"))}}))};
}

Endpoint definition() {
    const auto handler = [](App& app, const Request& request) {
        const auto key = request.param("key");
        const auto version = request.asked("version");
        const auto* found = version.empty() ? app.registry.newest(key) : app.registry.find(key, std::stoi(version));
        if (!found) not_found();
        return Response::json(200, whole(found->info(), request.language));
    };
    return {handler, Describe("One workflow: its states, commands and rows", "definitions")
                         .path("key", like(key_pattern))
                         .query("version", number(1, 1'000'000), "The newest when not given.")
                         .answers(200, ref("DefinitionDetail"))};
}

} // namespace cunmai::http::api
