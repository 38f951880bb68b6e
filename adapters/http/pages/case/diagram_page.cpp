// The workflow of a case as a picture with the path it took, and as a table for those who can't see it.
#include "adapters/diagram/diagram.hpp"

#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/case_model.hpp"

namespace cunmai::http::pages {

Response show_diagram(App& app, const Request& request) {
    View view(app, request);
    const auto row = view.reading().find({request.param("id")});
    const auto* definition = row ? app.registry.find(row->definition, row->definition_version) : nullptr;
    if (!definition) not_found();
    const auto& info = definition->info();
    const auto& language = view.language();

    diagram::Path path;
    path.current = row->state;
    std::map<std::string, std::int64_t> micros;
    engine::Instant since;
    std::string before;
    for (const auto& move : view.reading().moves(row->id)) {
        path.visited.insert(move.to);
        path.taken.insert(move.from + ">" + move.to);
        if (!before.empty()) micros[before] += move.at.micros - since.micros;
        before = move.to;
        since = move.at;
    }
    if (!before.empty() && !row->final) micros[before] += app.clock.now().micros - since.micros;
    for (const auto& [state, spent] : micros)
        path.notes[state] = view.t("page.days", {{"days", spent / (86'400LL * 1'000'000)}});

    auto rows = Json::array();
    for (const auto& one : info.rows) {
        const auto* command = info.command(one.command);
        if (command && command->internal) continue;
        std::vector<std::string> who, conditions;
        for (const auto& key : one.who) who.push_back(role_name(language, key));
        for (const auto& key : one.provided)
            if (texts::has(language, "condition." + key)) conditions.push_back(view.t("condition." + key));
        rows.push_back(
            {{"from_text", state_name(language, info.key, one.from)},
             {"what", command_name(language, info.key, one.command)},
             {"to_text", one.to == one.from ? view.t("page.diagram.stays") : state_name(language, info.key, one.to)},
             {"who", join(language, who)},
             {"conditions", or_false(join(language, conditions))}});
    }
    auto& model = view.model;
    view.title(view.t("page.diagram.title", {{"title", case_title(view, *row)}}))
        .crumb(case_href(view.app, *row), case_title(view, *row));
    model["tabs"] = case_tabs(view, *row, "diagram");
    model["tabs_label"] = view.t("page.tab.label");
    model["workflow_svg"] = diagram::svg(info, language, path, true);
    model["rows"] = std::move(rows);
    return view.page("diagram");
}

} // namespace cunmai::http::pages
