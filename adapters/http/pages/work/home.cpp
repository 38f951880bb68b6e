// The worktop: what waits, what is urgent, how the person's villages stand.
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/handlers.hpp"
#include "adapters/http/pages/work/work_model.hpp"

namespace cunmai::http::pages {

namespace {

constexpr int items_shown = 5;

Json counter(const View& view, std::string href, std::int64_t number, std::string_view key, std::string_view tone) {
    return {{"href", std::move(href)},
            {"number", std::to_string(number)},
            {"counter_text", view.t(key)},
            {"tone", number > 0 ? tone : "neutral"}};
}

std::int64_t count_of(View& view, const char* definition, const char* colour) {
    db::CaseFilter filter;
    filter.definition = definition;
    filter.colour = colour;
    filter.open_only = true;
    filter.limit = 1;
    return view.app.cases.list(view.viewer(), filter).total;
}

// The states of the villages in the order of the lifecycle; those without a village are left out.
Json state_counts(View& view) {
    static const std::vector<std::string> order{
        "self_check",    "town_screening", "department_review", "committee_approval", "managed",   "exit_review",
        "exit_approval", "follow_up",      "graduated",         "not_listed",         "terminated"};
    const auto counts = view.app.cases.count_by_state(view.viewer(), "village_lifecycle", "");
    auto list = Json::array();
    for (const auto& state : order)
        if (const auto found = counts.find(state); found != counts.end() && found->second > 0)
            list.push_back({{"href", "/cases?definition=village_lifecycle&state=" + state},
                            {"state_text", state_name(view.language(), "village_lifecycle", state)},
                            {"number", std::to_string(found->second)}});
    return list;
}

} // namespace

Response show_home(App& app, const Request& request) {
    View view(app, request);
    auto& model = view.model;
    view.title(view.t("page.home.title"));
    const bool sees_cases = !view.viewer().scopes.empty();
    model["sees_cases"] = sees_cases;
    model["greeting"] = view.t("page.home.greeting", {{"name", request.who().person.name}, {"date", app.today()}});
    auto counters = Json::array(), items = Json::array(), states = Json::array();
    if (sees_cases) {
        const auto counts = app.cases.counts(view.viewer(), app.today());
        counters.push_back(counter(view, "/work", counts.todo, "page.home.todo", "neutral"));
        counters.push_back(counter(view, "/work?due=overdue", counts.overdue, "page.home.overdue", "red"));
        counters.push_back(counter(view, "/work?due=soon", counts.due_in_3_days, "page.home.due_soon", "yellow"));
        counters.push_back(
            counter(view, "/prescriptions?colour=red", count_of(view, "prescription", "red"), "page.home.red", "red"));
        db::WorkFilter filter;
        filter.limit = items_shown;
        const auto work = app.cases.worklist(view.viewer(), filter, app.today());
        items = work_items(view, work.items, true, "/");
        states = state_counts(view);
    }
    model["counters"] = std::move(counters);
    model["has_items"] = !items.empty();
    model["items"] = std::move(items);
    model["has_states"] = !states.empty();
    model["states"] = std::move(states);
    model["empty"] = {{"empty_text", view.t("page.home.empty")}, {"empty_href", false}, {"empty_link", false}};
    model["administers"] = view.viewer().has_role("system_administrator") ||
                           view.viewer().has_role("security_administrator") ||
                           view.viewer().has_role("audit_administrator");
    const bool opens = view.viewer().has_role("panel_leader") || view.viewer().has_role("town_supervisor");
    model["opens_cases"] = opens;
    return view.page("home");
}

} // namespace cunmai::http::pages
