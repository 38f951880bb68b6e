// A short help, and how the record is proven.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/lists.hpp"

namespace cunmai::http::pages {

Response show_help(App& app, const Request& request) {
    View view(app, request);
    view.title(view.t("page.help.title"));
    auto steps = Json::array();
    for (const auto* definition : app.registry.current())
        for (const auto state : engine::main_line_of(*definition)) {
            const std::string key(state);
            const auto help = "help." + definition->info().key + "." + key;
            if (!texts::has(request.language, help)) continue; // only the steps that need an explanation
            steps.push_back({{"step_name", state_name(request.language, definition->info().key, key)},
                             {"step_help", view.t(help)}});
        }
    view.model["lifecycle"] = std::move(steps);
    return view.page("help");
}

Response show_help_record(App& app, const Request& request) {
    View view(app, request);
    view.title(view.t("page.help.record_title")).crumb("/help", view.t("page.help.title"));
    return view.page("help_record");
}

} // namespace cunmai::http::pages
