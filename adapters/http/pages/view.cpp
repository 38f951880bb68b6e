#include "adapters/http/pages/view.hpp"

#include "adapters/http/edge/cookies.hpp"
#include "adapters/http/pages/navigation.hpp"
#include "adapters/http/pages/person_names.hpp"
#include "db/cases/case_numbers.hpp"
#include "engine/digest.hpp"
#include "engine/text.hpp"

#include <sodium.h>

#include <algorithm>
#include <set>

namespace cunmai::http::pages {

namespace {

Json user_model(const std::string& language, const Officer& officer) {
    std::set<std::string> keys;
    for (const auto& grant : officer.viewer.grants)
        if (grant.person == officer.person.id) keys.insert(grant.role);
    std::vector<std::string> names;
    for (const auto& key : keys) names.push_back(role_name(language, key));
    return {{"name", officer.person.name},
            {"login", officer.person.login},
            {"roles", names.empty() ? texts::text(language, "page.no_role") : join(language, names)}};
}

bool shortcuts_off(const Request& request) {
    return request.header && cookie(request.header("Cookie"), shortcuts_cookie_name) == "off";
}

} // namespace

View::View(App& an_app, const Request& a_request) : app(an_app), request(a_request) {
    const bool signed_in = request.officer.has_value();
    model = {{"lang", request.language},
             {"other_lang", request.language == "en" ? "zh-CN" : "en"},
             {"title", ""},
             {"csrf", request.csrf},
             {"path", request.method == "GET" ? request.target : request.path},
             {"signed_in", signed_in},
             {"user", {{"name", ""}, {"login", ""}, {"roles", ""}}},
             {"nav", Json::array()},
             {"unread", false},
             {"flash", false},
             {"errors", Json::array()},
             {"has_errors", false},
             {"unsaved", request.review},
             {"demo", app.config.demo},
             {"has_crumbs", false},
             {"crumbs", Json::array()},
             {"shortcuts_off", shortcuts_off(request)}};
    if (request.review) flash("warn", t("page.review"));
    if (!signed_in) return;
    model["user"] = user_model(request.language, *request.officer);
    model["nav"] = navigation(app, request.language, request.path, *request.officer);
    const auto unread = app.inbox.unread(me());
    if (unread > 0) model["unread"] = std::to_string(unread);
}

std::string View::t(std::string_view key, const Json& facts) const { return texts::text(request.language, key, facts); }

std::string View::local(engine::Instant at) const { return engine::to_local(at, engine::default_utc_offset_minutes); }

std::string View::local_day(engine::Instant at) const { return local(at).substr(0, 10); }

const std::string& View::number(const engine::CaseId& id) const {
    if (!numbers_.count(id.text))
        numbers_.merge(db::case_numbers(app.database, {id.text}, engine::default_utc_offset_minutes));
    return numbers_[id.text];
}

void View::want_numbers(const std::vector<engine::CaseRow>& rows) const {
    std::vector<std::string> ids;
    for (const auto& row : rows) ids.push_back(row.id.text);
    numbers_.merge(db::case_numbers(app.database, ids, engine::default_utc_offset_minutes));
}

const Json& View::calendar() const {
    if (!calendar_) calendar_ = app.rules.get("calendar");
    return *calendar_;
}

View& View::title(std::string text) {
    model["title"] = std::move(text);
    return *this;
}

View& View::crumb(std::string href, std::string label) {
    model["has_crumbs"] = true;
    model["crumbs"].push_back({{"href", std::move(href)}, {"label", std::move(label)}});
    return *this;
}

View& View::flash(std::string_view kind, std::string text) {
    model["flash"] = {{"kind_good", kind == "good"},
                      {"kind_warn", kind == "warn"},
                      {"kind_bad", kind == "bad"},
                      {"kind_info", kind == "info"},
                      {"text", std::move(text)}};
    return *this;
}

View& View::wrong(const engine::Refusal& refusal, const std::string& prefix) {
    for (const auto& reason : refusal.reasons()) {
        model["errors"].push_back({{"field", or_false(reason.field.empty() ? "" : prefix + reason.field)},
                                   {"text", texts::sentence(request.language, reason)}});
        model["has_errors"] = model["unsaved"] = true;
    }
    return *this;
}

Response View::page(std::string_view name, int status) {
    return Response::html(status, texts::page(request.language, name, model));
}

void show_what_was_done(View& view) {
    for (const auto& [key, kind] : {std::pair{"done", "good"}, std::pair{"not_done", "warn"}}) {
        const auto code = view.request.asked(key);
        const bool is_word =
            !code.empty() && code.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
        const auto text = "page." + std::string(key) + "." + code;
        if (is_word && texts::has(view.language(), text)) view.flash(kind, view.t(text));
    }
}

Json or_false(const std::string& text) { return text.empty() ? Json(false) : Json(text); }

std::string new_key() { return random_hex(16); }

void not_found() {
    Problem problem;
    problem.status = 404;
    problem.code = "not_found";
    throw problem;
}

} // namespace cunmai::http::pages
