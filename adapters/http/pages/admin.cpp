// Administration: its front page, deliveries that failed, access log, administration log.
#include "adapters/http/pages/case_model.hpp"
#include "adapters/http/pages/forms.hpp"
#include "adapters/http/pages/handlers.hpp"

namespace cunmai::http::pages {

namespace {

constexpr int rows_shown = 100;

std::string details_text(const Json& details) {
    std::string text;
    if (details.is_object())
        for (const auto& [key, value] : details.items())
            text += (text.empty() ? "" : " · ") + key + "=" +
                    (value.is_string() ? value.get<std::string>()
                                       : value.dump(-1, ' ', false, Json::error_handler_t::replace));
    return cut(text, 400);
}

} // namespace

Response show_admin(App& app, const Request& request) {
    View view(app, request);
    const auto& viewer = view.viewer();
    const bool system = viewer.has_role("system_administrator"), security = viewer.has_role("security_administrator"),
               audit = viewer.has_role("audit_administrator");
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
        rows.push_back(
            {{"id", failure.id},
             {"channel", failure.channel},
             {"person", names.of(failure.person)},
             {"error_text", failure.error},
             {"attempts", std::to_string(failure.attempts)},
             {"next_text", failure.dead ? view.t("page.deliveries.given_up") : engine::to_local(failure.next_at)},
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

Response show_access_log(App& app, const Request& request) {
    View view(app, request);
    db::AccessLog::Filter filter;
    filter.person = request.asked("person");
    if (const auto person = filter.person.empty() ? std::nullopt : app.people.by_login(filter.person))
        filter.person = person->id.text;
    filter.route = request.asked("route");
    const auto status = request.asked("status");
    if (status.size() == 3 && status.find_first_not_of("0123456789") == std::string::npos)
        filter.status = std::stoi(status);
    const auto day = engine::parse_date(request.asked("day"));
    if (day) {
        filter.since = engine::to_iso(engine::start_of_day(*day));
        filter.until = engine::to_iso(engine::start_of_day(engine::add_days(*day, 1)));
    }
    filter.before_id = request.asked("before");
    filter.limit = rows_shown;
    const auto found = app.access_log.list(filter);
    Names names;
    for (const auto& row : found) names.want(row.access.person.text);
    names.load(app.people, view.language());
    auto rows = Json::array();
    for (const auto& row : found)
        rows.push_back(
            {{"at_text", engine::to_local(row.access.at)},
             {"person", row.access.person.empty() ? view.t("page.access.nobody") : names.of(row.access.person.text)},
             {"what", row.access.method + " " + row.access.route},
             {"object", or_false(row.access.object)},
             {"address", row.access.address},
             {"status", std::to_string(row.access.status)},
             {"request_id", row.access.request_id}});
    auto& model = view.model;
    view.title(view.t("page.access.title")).crumb("/admin", view.t("page.admin.title"));
    auto status_field = input("status", view.t("page.access.status"), status);
    status_field["inputmode"] = "numeric";
    status_field["short"] = true;
    auto fields = Json::array({input("person", view.t("page.access.person"), request.asked("person")),
                               input("day", view.t("page.access.day"), request.asked("day"), "date"),
                               input("route", view.t("page.access.route"), filter.route), status_field});
    for (auto& field : fields) field["required"] = true;
    model["fields"] = std::move(fields);
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    model["older_href"] = found.size() == static_cast<std::size_t>(rows_shown)
                              ? Json("/admin/access-log" + query_with(request, {{"before", found.back().id}}))
                              : Json(false);
    model["empty"] = {{"empty_text", view.t("page.filter.nothing")},
                      {"empty_href", "/admin/access-log"},
                      {"empty_link", view.t("page.filter.clear")}};
    return view.page("admin_access_log");
}

Response show_admin_log(App& app, const Request& request) {
    View view(app, request);
    const auto found = app.admin_log.list(rows_shown);
    Names names;
    for (const auto& event : found) names.want(event.by.text);
    names.load(app.people, view.language());
    auto rows = Json::array();
    for (const auto& event : found) {
        const auto key = "page.admin_log." + event.what;
        rows.push_back({{"at_text", engine::to_local(event.at)},
                        {"person", names.of(event.by.text)},
                        {"what", texts::has(view.language(), key) ? view.t(key) : event.what},
                        {"details", details_text(event.details)}});
    }
    view.title(view.t("page.admin_log.title")).crumb("/admin", view.t("page.admin.title"));
    view.model["has_rows"] = !rows.empty();
    view.model["rows"] = std::move(rows);
    view.model["empty"] = {
        {"empty_text", view.t("page.admin_log.empty")}, {"empty_href", false}, {"empty_link", false}};
    return view.page("admin_log");
}

} // namespace cunmai::http::pages
