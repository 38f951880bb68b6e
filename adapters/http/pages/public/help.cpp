// Help, short, and how the record is proven.
#include "adapters/http/pages/handlers.hpp"
#include "adapters/http/pages/view.hpp"
#include "adapters/words/names.hpp"

namespace cunmai::http::pages {

Response show_help(App& app, const Request& request) {
    View view(app, request);
    view.title(view.t("page.help.title"));
    auto steps = Json::array();
    for (const auto* state : {"self_check", "town_screening", "department_review", "committee_approval", "managed",
                              "exit_review", "exit_approval", "follow_up", "graduated"})
        steps.push_back({{"step_name", state_name(request.language, "village_lifecycle", state)},
                         {"step_help", view.t(std::string("page.help.state_") + state)}});
    view.model["lifecycle"] = std::move(steps);
    return view.page("help");
}

Response show_help_record(App& app, const Request& request) {
    View view(app, request);
    view.title(view.t("page.help.record_title")).crumb("/help", view.t("page.help.title"));
    return view.page("help_record");
}

} // namespace cunmai::http::pages
