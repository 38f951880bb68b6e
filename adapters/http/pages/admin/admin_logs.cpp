// The audit administrator's pages, in words: who looked at what, and who changed people, roles and rules.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/admin/rule_words.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/forms.hpp"
#include "db/cases/case_numbers.hpp"

#include <algorithm>
#include <set>

namespace cunmai::http::pages {

namespace {

constexpr int rows_shown = 100;

// Routes that an open page requests again and again by itself.
const std::vector<std::string> polls{"/api/v1/events", "/api/v1/notifications"};

std::string route_name(const View& view, const std::string& method, const std::string& pattern) {
    const auto key = "route." + (method == "HEAD" ? "GET" : method) + " " + pattern;
    return texts::has(view.language(), key) ? view.t(key) : method + " " + pattern;
}

// Every route once, with what it does.
std::vector<Option> addresses(const View& view) {
    std::vector<Option> options;
    constexpr std::string_view named = "route.";
    for (const auto& key : texts::keys(view.language())) { // "route.GET /cases/{id}"
        const auto space = key.find(' ');
        if (!key.starts_with(named) || space == std::string::npos) continue;
        const auto pattern = key.substr(space + 1);
        const auto name = route_name(view, key.substr(named.size(), space - named.size()), pattern);
        const auto same =
            std::find_if(options.begin(), options.end(), [&](const Option& option) { return option.value == pattern; });
        if (same == options.end())
            options.push_back({pattern, name, ""});
        else if (same->text != name)
            same->text += " / " + name;
    }
    return options;
}

std::vector<Option> outcomes(const View& view) {
    std::vector<Option> options;
    for (const auto* status : {"200", "201", "204", "303"})
        options.push_back({status, view.t("outcome.success") + " · " + status, ""});
    for (const auto* status : {"400", "401", "403", "404", "409", "412", "413", "422", "429", "500", "503"})
        options.push_back({status, view.t(std::string("outcome.") + status) + " · " + status, ""});
    return options;
}

bool is_sign_in(const db::Access& access) {
    return access.method == "POST" && (access.route == "/sign-in" || access.route == "/api/v1/session");
}

std::string outcome(const View& view, const db::Access& access) {
    const auto is_open = access.route == "/language";
    if (is_sign_in(access) && access.status < 400) return view.t("outcome.signed_in");
    if (is_sign_in(access) && access.status == 401) return view.t("outcome.sign_in_failed");
    if (access.status == 303 && access.person.empty() && !is_open) return view.t("outcome.to_sign_in");
    if (access.status < 400) return view.t("outcome.success");
    const auto key = "outcome." + std::to_string(access.status);
    return view.t(texts::has(view.language(), key) ? key : "outcome.other");
}

std::string who(const View& view, const db::Access& access, const Names& names) {
    if (!access.person.empty()) return names.of(access.person.text);
    if (!is_sign_in(access) || access.object.empty()) return view.t("page.access.nobody");
    return access.object == "?" ? view.t("page.access.unknown_account")
                                : view.t("page.access.account", {{"login", access.object}});
}

// A case by its number, a person by their name.
std::string object(const db::Access& access, const std::map<std::string, std::string>& numbers, const Names& names) {
    if (is_sign_in(access)) return "";
    const auto number = numbers.find(access.object);
    return number == numbers.end() ? names.of(access.object) : number->second;
}

Json access_fields(const View& view, const db::AccessLog::Filter& filter) {
    const auto& request = view.request;
    const auto any = view.t("page.any");
    auto fields =
        Json::array({input("person", view.t("page.access.person"), request.asked("person")),
                     input("day", view.t("page.access.day"), request.asked("day"), "date"),
                     select("route", view.t("page.access.what"), filter.route, addresses(view), any),
                     select("status", view.t("page.access.status"), request.asked("status"), outcomes(view), any),
                     check("polls", view.t("page.access.polls"), request.asked("polls") == "true")});
    fields[0]["hint"] = view.t("page.access.person_hint");
    return fields;
}

} // namespace

Response show_access_log(App& app, const Request& request) {
    View view(app, request);
    db::AccessLog::Filter filter;
    filter.person = request.asked("person");
    if (const auto person = filter.person.empty() ? std::nullopt : app.people.by_login(filter.person))
        filter.person = person->id.text;
    filter.route = request.asked("route");
    if (filter.route.empty() && request.asked("polls") != "true") filter.without_routes = polls;
    const auto status = request.asked("status");
    if (status.size() == 3 && status.find_first_not_of("0123456789") == std::string::npos)
        filter.status = std::stoi(status);
    const auto day = engine::parse_date(request.asked("day"));
    if (day) {
        filter.since = engine::to_iso(engine::start_of_day(*day, engine::default_utc_offset_minutes));
        filter.until =
            engine::to_iso(engine::start_of_day(engine::add_days(*day, 1), engine::default_utc_offset_minutes));
    }
    filter.before_id = request.asked("before");
    filter.limit = rows_shown;
    const auto found = app.access_log.list(filter);
    Names names;
    std::vector<std::string> objects;
    for (const auto& row : found) {
        names.want(row.access.person.text);
        names.want(row.access.object);
        if (!row.access.object.empty()) objects.push_back(row.access.object);
    }
    names.load(app.people, view.language());
    const auto numbers = db::case_numbers(app.database, objects, engine::default_utc_offset_minutes);
    auto rows = Json::array();
    for (const auto& [id, access] : found)
        rows.push_back({{"at_text", view.local(access.at)},
                        {"person", who(view, access, names)},
                        {"what", route_name(view, access.method, access.route)},
                        {"raw", access.method + " " + access.route + " " + std::to_string(access.status)},
                        {"object", or_false(object(access, numbers, names))},
                        {"address", access.address},
                        {"outcome", outcome(view, access)},
                        {"request_id", access.request_id}});
    auto& model = view.model;
    view.title(view.t("page.access.title")).crumb("/admin", view.t("page.admin.title"));
    model["fields"] = access_fields(view, filter);
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

namespace {

const std::vector<std::string> administrative{
    "person_added",     "person_changed",       "person_disabled", "person_enabled",
    "password_set",     "grant_added",          "grant_removed",   "delegated",
    "delegation_ended", "interest_declared",    "interest_ended",  "own_password_changed",
    "rule_changed",     "rule_proposed",        "rule_approved",   "register_imported",
    "demo_seeded",      "own_language_changed", "rules_installed", "taken_over"};

std::string what_name(const View& view, const std::string& what) {
    const auto key = "page.admin_log." + what;
    return texts::has(view.language(), key) ? view.t(key) : what;
}

std::string detail_value(const View& view, const db::AdminEvent& event, const std::string& key, const Json& value,
                         const Names& names) {
    if (value.is_null()) return "";
    const auto text = value.is_string() ? value.get<std::string>() : "";
    const auto& details = event.details;
    if (key == "person" || key == "delegate") return names.of(text);
    if (key == "role") return role_name(view.language(), text, details.value("qualifier", ""));
    if (key == "rule") return rule_name(view, text);
    if (key == "before" || key == "after") return rule_in_words(view, details.value("rule", ""), value);
    if (key == "place")
        if (const auto place = view.app.places.find(text)) return place->name;
    return value.is_string() ? text : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// What was changed, without ids of rows.
std::string details_text(const View& view, const db::AdminEvent& event, const Names& names) {
    static const std::set<std::string> left_out{"grant", "delegation", "interest", "qualifier"};
    if (!event.details.is_object()) return "";
    std::string text;
    for (const auto& [key, value] : event.details.items()) {
        const auto said = left_out.count(key) ? "" : detail_value(view, event, key, value, names);
        if (said.empty()) continue;
        const auto label = "page.admin_detail." + key;
        text += (text.empty() ? "" : "\n") +
                view.t("page.label_value",
                       {{"label", texts::has(view.language(), label) ? view.t(label) : key}, {"value", said}});
    }
    return cut(text, 1000);
}

} // namespace

Response show_admin_log(App& app, const Request& request) {
    View view(app, request);
    const auto what = request.asked("what");
    const auto found = app.admin_log.list(rows_shown, request.asked("before"), what);
    Names names;
    for (const auto& event : found) {
        names.want(event.by.text);
        for (const auto* key : {"person", "delegate"})
            if (event.details.is_object()) names.want(event.details.value(key, ""));
    }
    names.load(app.people, view.language());
    auto rows = Json::array();
    for (const auto& event : found)
        rows.push_back({{"at_text", view.local(event.at)},
                        {"person", event.by.text == "cli" ? view.t("page.admin_log.cli") : names.of(event.by.text)},
                        {"what", what_name(view, event.what)},
                        {"details", details_text(view, event, names)}});
    std::vector<Option> options;
    for (const auto& one : administrative) options.push_back({one, what_name(view, one), ""});
    view.title(view.t("page.admin_log.title")).crumb("/admin", view.t("page.admin.title"));
    auto& model = view.model;
    model["fields"] = Json::array({select("what", view.t("page.access.what"), what, options, view.t("page.any"))});
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    model["older_href"] = found.size() == static_cast<std::size_t>(rows_shown)
                              ? Json("/admin/log" + query_with(request, {{"before", found.back().id}}))
                              : Json(false);
    model["empty"] = {{"empty_text", view.t(what.empty() ? "page.admin_log.empty" : "page.filter.nothing")},
                      {"empty_href", what.empty() ? Json(false) : Json("/admin/log")},
                      {"empty_link", what.empty() ? Json(false) : Json(view.t("page.filter.clear"))}};
    return view.page("admin_log");
}

} // namespace cunmai::http::pages
