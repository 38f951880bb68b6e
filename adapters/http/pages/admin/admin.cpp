// Administration: its front page, and deliveries that failed.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/forms.hpp"
#include "workflows/roles.hpp"

namespace cunmai::http::pages {

namespace {

constexpr int rows_shown = 100;

} // namespace

Response show_admin(App& app, const Request& request) {
    View view(app, request);
    const auto& viewer = view.viewer();
    const bool system = viewer.has_role(workflows::SystemAdministrator::key),
               security = viewer.has_role(workflows::SecurityAdministrator::key),
               audit = viewer.has_role(workflows::AuditAdministrator::key);
    if (!system && !security && !audit) not_found();
    auto links = Json::array();
    const auto add = [&](bool shown, const char* href, const std::string& key) {
        if (shown)
            links.push_back({{"href", href},
                             {"link_text", view.t("page.admin." + key)},
                             {"link_hint", view.t("page.admin." + key + "_hint")}});
    };
    add(system || security, "/admin/people", "people");
    add(system, "/admin/rules", "rules");
    add(system, "/admin/places", "places");
    add(system, "/admin/deliveries", "deliveries");
    add(system, "/admin/health", "health");
    add(audit, "/admin/access-log", "access_log");
    add(audit, "/admin/log", "admin_log");
    view.title(view.t("page.admin.title"));
    view.model["links"] = std::move(links);
    return view.page("admin");
}

Response show_deliveries(App& app, const Request& request) {
    View view(app, request);
    auto rows = Json::array();
    Names names;
    const auto failures = app.outbox.failures(rows_shown);
    for (const auto& failure : failures) names.want(failure.person);
    names.load(app.people, view.language());
    for (const auto& failure : failures)
        rows.push_back({{"id", failure.id},
                        {"channel", failure.channel},
                        {"person", names.of(failure.person)},
                        {"error_text", failure.error},
                        {"attempts", std::to_string(failure.attempts)},
                        {"next_text", failure.dead ? view.t("page.deliveries.given_up") : view.local(failure.next_at)},
                        {"tag_tone", failure.dead ? "red" : "yellow"},
                        {"tag_text", view.t(failure.dead ? "page.deliveries.dead" : "page.deliveries.retrying")}});
    view.title(view.t("page.deliveries.title")).crumb("/admin", view.t("page.admin.title"));
    view.model["has_rows"] = !rows.empty();
    view.model["rows"] = std::move(rows);
    view.model["empty"] = {
        {"empty_text", view.t("page.deliveries.empty")}, {"empty_href", false}, {"empty_link", false}};
    show_what_was_done(view);
    return view.page("admin_deliveries");
}

Response send_again(App& app, const Request& request) {
    app.outbox.send_again(form_value(request, "id"), app.clock.now());
    return Response::redirect("/admin/deliveries?done=sent_again");
}

} // namespace cunmai::http::pages
