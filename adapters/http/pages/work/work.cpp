// The worklist: 待办, 已办, 我发起, 抄送. Filters are kept in the URL. Each item has a form to claim it, and there is
// one for all ticked items.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/forms.hpp"
#include "adapters/http/pages/list_file.hpp"
#include "adapters/http/pages/lists.hpp"
#include "adapters/http/pages/work/bulk.hpp"
#include "adapters/http/pages/work/work_model.hpp"

#include <algorithm>
#include <set>

namespace cunmai::http::pages {

namespace {

constexpr int page_size = 20;

std::string known(const std::string& wish, const std::vector<std::string>& choices) {
    return std::find(choices.begin(), choices.end(), wish) == choices.end() ? choices.front() : wish;
}

} // namespace

Json work_items(View& view, const std::vector<db::WorkItem>& items, bool to_do, const std::string& back) {
    const auto& language = view.language();
    const auto today = view.app.today();
    Names names;
    for (const auto& item : items) {
        names.want(item.claimed_by.text);
        names.want(item.on_behalf_of.text);
    }
    names.load(view.app.people, language);
    auto list = Json::array();
    for (const auto& item : items) {
        const auto href = case_href(view.app, item.definition, item.case_id.text);
        const auto task = task_name(view, item.definition, item.state, item.command);
        const auto as = item.on_behalf_of.empty() ? "" : "?as=" + encode(item.on_behalf_of.text);
        const bool mine = item.claimed_by == view.me();
        list.push_back(
            {{"case_title", case_title(view, item.definition, item.title, item.place_name)},
             {"case_href", href},
             {"task", to_do ? task : definition_name(language, item.definition)},
             {"task_href",
              to_do ? command_href(view.app, item.definition, item.state, item.case_id.text, item.command) + as : href},
             {"definition", definition_name(language, item.definition)},
             {"place", item.place_name},
             {"category", or_false(category_name(language, item.category))},
             {"tag_tone", state_tone(view.app, item.definition, item.state, false)},
             {"tag_text", state_name(language, item.definition, item.state)},
             {"due_on", or_false(item.due_on)},
             {"due_text", or_false(due_text(view, item.due_on))},
             {"due_tone", due_tone(item.due_on, today)},
             {"role", item.role.empty() ? Json(false) : Json(role_name(language, item.role, item.qualifier))},
             {"acting_for", item.on_behalf_of.empty()
                                ? Json(false)
                                : Json(view.t("page.work.acting_for", {{"name", names.of(item.on_behalf_of.text)}}))},
             {"claimed_text", item.claimed_by.empty() ? Json(false)
                              : mine
                                  ? Json(view.t("page.work.claimed_by_me"))
                                  : Json(view.t("page.work.claimed_by", {{"name", names.of(item.claimed_by.text)}}))},
             {"can_claim", to_do && item.claimed_by.empty() && item.person.empty()},
             {"can_release", to_do && mine},
             {"case_id", item.case_id.text},
             {"command", item.command},
             {"choice", false},
             {"back", back}});
    }
    return list;
}

db::WorkFilter work_filter(const Request& request) {
    db::WorkFilter filter;
    filter.box = known(request.asked("box"), {"todo", "done", "started", "watching"});
    filter.role = request.asked("role");
    filter.definition = request.asked("definition");
    filter.text = request.asked("text");
    filter.due = known(request.asked("due"), {"", "overdue", "soon"});
    return filter;
}

Response show_work(App& app, const Request& request) {
    View view(app, request);
    auto& model = view.model;
    const auto& language = view.language();
    auto filter = work_filter(request);
    filter.cursor = request.asked("cursor");
    filter.limit = page_size;
    const auto work = view.reading().worklist(filter);
    const auto counts = view.reading().work_counts();

    view.title(view.t("page.work.title"));
    auto tabs = Json::array();
    const auto tab = [&](const std::string& box, std::int64_t count) {
        tabs.push_back({{"href", box == "todo" ? "/work" : "/work?box=" + box},
                        {"tab_text", view.t("page.work.box_" + box)},
                        {"tab_count", count < 0 ? Json(false) : Json(std::to_string(count))},
                        {"current", filter.box == box}});
    };
    tab("todo", counts.todo);
    tab("done", counts.done);
    tab("started", counts.started);
    tab("watching", filter.box == "watching" ? work.total : -1);
    model["tabs"] = std::move(tabs);
    model["tabs_label"] = view.t("page.work.title");

    std::set<std::string> held;
    for (const auto& grant : view.viewer().grants) held.insert(grant.role);
    std::vector<Option> roles, definitions,
        dues{{"overdue", view.t("page.home.overdue"), ""}, {"soon", view.t("page.home.due_soon"), ""}};
    for (const auto& role : held) roles.push_back({role, role_name(language, role), ""});
    for (const auto* definition : app.registry.current())
        definitions.push_back({definition->info().key, definition_name(language, definition->info().key), ""});
    const auto any = view.t("page.any");
    auto text = input("text", view.t("page.filter.text"), filter.text, "search");
    auto fields = Json::array({text, select("due", view.t("page.filter.due"), filter.due, dues, any)});
    if (roles.size() > 1) fields.push_back(select("role", view.t("page.filter.role"), filter.role, roles, any));
    fields.push_back(select("definition", view.t("page.filter.definition"), filter.definition, definitions, any));
    const auto active = (filter.text.empty() ? 0 : 1) + (filter.due.empty() ? 0 : 1) + (filter.role.empty() ? 0 : 1) +
                        (filter.definition.empty() ? 0 : 1);
    model["filters"] = {
        {"action", "/work"},
        {"hidden",
         filter.box == "todo" ? Json::array() : Json::array({{{"hidden_name", "box"}, {"hidden_value", filter.box}}})},
        {"open", false},
        {"active_text", active > 0 ? Json(view.t("page.filter.active", {{"count", active}})) : Json(false)},
        {"clear_href", "/work?box=" + filter.box},
        {"fields", fields}};

    model["has_items"] = !work.items.empty();
    const bool to_do = filter.box == "todo";
    const auto here = request.path + query_with(request, {{"done", ""}, {"not_done", ""}});
    auto items = work_items(view, work.items, to_do, here);
    const bool several = to_do && items.size() > 1;
    for (std::size_t at = 0; several && at < items.size(); ++at) items[at]["choice"] = choice_of(work.items[at]);
    model["bulk"] = several;
    model["back"] = here;
    model["items"] = std::move(items);
    model["export_href"] = file_href(view);
    model["pages"] = list_pages(view, work.items.size(), work.total, work.next_cursor);
    model["empty"] = {{"empty_text", view.t(active > 0 ? "page.filter.nothing" : "page.work.empty_" + filter.box)},
                      {"empty_href", active > 0 ? Json("/work?box=" + filter.box) : Json(false)},
                      {"empty_link", active > 0 ? Json(view.t("page.filter.clear")) : Json(false)}};
    show_what_was_done(view);
    return view.page("work");
}

Response claim_work(App& app, const Request& request) {
    const bool take = form_value(request, "take") == "true";
    const auto back = safe_back(form_value(request, "back"), "/work");
    const bool done =
        app.cases.claim(request.who().viewer, {form_value(request, "case_id")}, form_value(request, "command"), take);
    return Response::redirect(
        with_word(back, done ? (take ? "done=claimed" : "done=released") : "not_done=claim_gone"));
}

} // namespace cunmai::http::pages
