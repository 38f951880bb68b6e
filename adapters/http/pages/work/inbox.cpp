// In-app notifications.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/lists.hpp"

namespace cunmai::http::pages {

namespace {

constexpr int page_size = 30;

// A notice links to the page of its case.
std::string href_of(const App& app, const db::Notification& notification) {
    const auto definition = notification.params.is_object() ? notification.params.value("definition", "") : "";
    return notification.case_id.empty() ? "" : case_href(app, definition, notification.case_id.text);
}

} // namespace

Response show_inbox(App& app, const Request& request) {
    View view(app, request);
    const bool unread_only = request.asked("show") == "unread";
    std::string next;
    const auto list = app.inbox.list(view.me(), unread_only, page_size, request.asked("cursor"), &next);
    const auto unread = app.inbox.unread(view.me());
    auto groups = Json::array(); // one group for each case, ordered by its newest notice
    std::map<std::string, std::size_t> group_of;
    for (const auto& one : list) {
        const auto [at, is_new] = group_of.emplace(one.case_id.text, groups.size());
        if (is_new) {
            const auto title = one.params.is_object() ? one.params.value("case_title", "") : "";
            groups.push_back({{"group_title", title.empty() ? view.t("page.inbox.other") : title},
                              {"group_id", std::to_string(groups.size() + 1)},
                              {"items", Json::array()}});
        }
        groups[at->second]["items"].push_back(
            {{"id", one.id},
             {"item_title", texts::text(view.language(), "notice." + one.topic + ".title", one.params)},
             {"item_text", texts::text(view.language(), "notice." + one.topic + ".body", one.params)},
             {"at", engine::to_iso(one.at)},
             {"at_text", view.local(one.at)},
             {"is_unread", !one.read},
             {"href", or_false(href_of(app, one))}});
    }
    auto& model = view.model;
    view.title(view.t("page.inbox.title"));
    model["tabs"] = Json::array(
        {{{"href", "/inbox"}, {"tab_text", view.t("page.inbox.all")}, {"tab_count", false}, {"current", !unread_only}},
         {{"href", "/inbox?show=unread"},
          {"tab_text", view.t("page.inbox.unread")},
          {"tab_count", std::to_string(unread)},
          {"current", unread_only}}});
    model["tabs_label"] = view.t("page.inbox.title");
    model["has_items"] = !groups.empty();
    model["groups"] = std::move(groups);
    model["has_unread"] = unread > 0;
    model["older_href"] = next.empty() ? Json(false) : Json("/inbox" + query_with(request, {{"cursor", next}}));
    model["empty"] = {{"empty_text", view.t(unread_only ? "page.inbox.empty_unread" : "page.inbox.empty")},
                      {"empty_href", false},
                      {"empty_link", false}};
    show_what_was_done(view);
    return view.page("inbox");
}

Response mark_read(App& app, const Request& request) {
    app.inbox.mark_read(request.who().person.id, form_value(request, "id"));
    return Response::redirect(safe_back(form_value(request, "back"), "/inbox?done=marked_read"));
}

} // namespace cunmai::http::pages
