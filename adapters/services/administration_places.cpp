// Adds or renames one place, by the rules for a whole register (import/register.hpp), with reasons field by field.
#include "adapters/services/administration.hpp"
#include "adapters/services/administration_log.hpp"
#include "adapters/services/register.hpp"
#include "engine/administration.hpp"
#include "workflows/roles.hpp"

namespace cunmai::administration {

namespace {

std::string quoted(const std::string& text) { // for CSV
    std::string result = "\"";
    for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
    return result + '"';
}

std::string field_of(const std::string& code) {
    if (code == "empty_name" || code == "name_too_long") return "name";
    if (code == "unknown_level" || code == "wrong_level" || code == "level_changed") return "level";
    if (code == "parent_missing" || code == "unknown_parent" || code == "parent_changed") return "parent";
    return code.find("code") != std::string::npos ? "code" : "name"; // also for broken text or a line break
}

engine::Refusal may(App& app, const engine::PersonId& by) {
    if (by.empty()) return {};
    std::vector<engine::Grant> grants;
    for (const auto& row : app.people.grants_of(by))
        grants.push_back({row.person, row.role, row.qualifier, row.place_path});
    return engine::may_administer(grants, workflows::SystemAdministrator::key);
}

Result put(App& app, const engine::PersonId& by, const engine::Place& place) {
    engine::Refusal why;
    const auto content = "code,name,parent,level\n" + quoted(place.code) + ',' + quoted(place.name) + ',' +
                         quoted(place.parent) + ',' + quoted(place.level) + '\n';
    const auto imported = import::import_register(app, content, false, {}, actor(by));
    for (const auto& bad : imported.read.bad) why.add_for(field_of(bad.code), "place_" + bad.code, bad.facts);
    return {std::move(why), place.code};
}

} // namespace

Result add_place(App& app, const engine::PersonId& by, const engine::Place& place) {
    auto why = may(app, by);
    if (why.empty() && app.places.find(place.code)) why.add_for("code", "place_known", {{"code", place.code}});
    return why.empty() ? put(app, by, place) : Result{std::move(why), ""};
}

Result rename_place(App& app, const engine::PersonId& by, const std::string& code, const std::string& name) {
    auto why = may(app, by);
    auto place = app.places.find(code);
    if (why.empty() && !place) why.add_for("code", "unknown_place");
    if (!why.empty()) return {std::move(why), ""};
    place->name = name;
    return put(app, by, *place);
}

} // namespace cunmai::administration
