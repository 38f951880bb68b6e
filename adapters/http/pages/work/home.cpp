// The home page: waiting tasks, urgent ones, and how many of the person's villages are in which state.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/lists.hpp"
#include "adapters/http/pages/navigation.hpp"
#include "adapters/http/pages/work/work_model.hpp"

namespace cunmai::http::pages {

namespace {

constexpr int items_shown = 5;

Json counter(std::string href, std::int64_t number, std::string text, std::string_view tone) {
    return {{"href", std::move(href)},
            {"number", std::to_string(number)},
            {"counter_text", std::move(text)},
            {"tone", number > 0 ? tone : "neutral"}};
}

// How many open cases are in which state, in the order of the workflow; states without one are left out.
Json state_groups(View& view) {
    auto groups = Json::array();
    for (const auto* definition : view.app.registry.current()) {
        const auto heading = definition->presentation().home_by_state;
        if (heading.empty()) continue;
        const auto& key = definition->info().key;
        const auto counts = view.reading().count_by_state(key, "");
        auto states = Json::array();
        for (const auto state : engine::states_in_order(*definition))
            if (const auto found = counts.find(std::string(state)); found != counts.end() && found->second > 0)
                states.push_back({{"href", with_word(with_word(list_href(view.app, key), "definition=" + key),
                                                     "state=" + std::string(state))},
                                  {"state_text", state_name(view.language(), key, std::string(state))},
                                  {"number", std::to_string(found->second)}});
        if (!states.empty())
            groups.push_back({{"group_id", key}, {"heading", view.t(heading)}, {"states", std::move(states)}});
    }
    return groups;
}

} // namespace

Response show_home(App& app, const Request& request) {
    View view(app, request);
    auto& model = view.model;
    view.title(view.t("page.home.title"));
    const bool sees_cases = !view.viewer().scopes.empty();
    model["sees_cases"] = sees_cases;
    model["greeting"] = view.t("page.home.greeting", {{"name", request.who().person.name}, {"date", app.today()}});
    auto counters = Json::array(), items = Json::array(), groups = Json::array();
    if (sees_cases) {
        const auto counts = view.reading().work_counts();
        counters.push_back(counter("/work", counts.todo, view.t("page.home.todo"), "neutral"));
        counters.push_back(counter("/work?due=overdue", counts.overdue, view.t("page.home.overdue"), "red"));
        counters.push_back(counter("/work?due=soon", counts.due_in_3_days, view.t("page.home.due_soon"), "yellow"));
        for (const auto* definition : app.registry.current())
            for (const auto& count : definition->presentation().home)
                counters.push_back(count_of(view, *definition, count, {}));
        db::WorkFilter filter;
        filter.limit = items_shown;
        const auto work = view.reading().worklist(filter);
        items = work_items(view, work.items, true, "/");
        groups = state_groups(view);
    }
    model["counters"] = std::move(counters);
    model["has_items"] = !items.empty();
    model["items"] = std::move(items);
    model["state_groups"] = std::move(groups);
    model["empty"] = {{"empty_text", view.t("page.home.empty")}, {"empty_href", false}, {"empty_link", false}};
    model["administers"] = administers(app, request.who());
    auto openings = sees_cases ? ways_to_open(view) : Json::array();
    model["opens_cases"] = !openings.empty();
    model["openings"] = std::move(openings);
    return view.page("home");
}

} // namespace cunmai::http::pages
