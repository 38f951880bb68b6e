#include "adapters/http/pages/view.hpp"

#include "adapters/http/edge/cookies.hpp"
#include "adapters/http/pages/navigation.hpp"
#include "adapters/words/names.hpp"
#include "db/cases/case_numbers.hpp"

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

bool is_space(char byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'; }

std::string trimmed(const std::string& text) {
    auto begin = text.begin(), end = text.end();
    while (begin != end && is_space(*begin)) ++begin;
    while (end != begin && is_space(*(end - 1))) --end;
    return {begin, end};
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
    model["nav"] = navigation(request.language, request.path, *request.officer);
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

View& View::wrong(const engine::Refusal& refusal) {
    for (const auto& reason : refusal.reasons()) {
        model["errors"].push_back(
            {{"field", or_false(reason.field)}, {"text", texts::sentence(request.language, reason)}});
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

std::string safe_back(const std::string& wish, const std::string& otherwise) {
    const bool local = wish.size() > 0 && wish[0] == '/' && (wish.size() < 2 || (wish[1] != '/' && wish[1] != '\\'));
    const bool printable = std::all_of(wish.begin(), wish.end(), [](char byte) {
        return static_cast<unsigned char>(byte) > 0x20 && static_cast<unsigned char>(byte) != 0x7f && byte != '\\';
    });
    return local && printable && wish.size() < 1000 ? wish : otherwise;
}

std::string with_word(const std::string& path, const std::string& word) {
    return path + (path.find('?') == std::string::npos ? "?" : "&") + word;
}

std::string form_value(const Request& request, std::string_view key) {
    const auto& form = request.form();
    const auto found = form.find(std::string(key));
    return found == form.end() ? "" : trimmed(found->second);
}

std::vector<std::string> form_values(const Request& request, std::string_view key) {
    std::vector<std::string> values;
    const auto range = request.form().equal_range(std::string(key));
    for (auto at = range.first; at != range.second; ++at)
        if (const auto value = trimmed(at->second); !value.empty()) values.push_back(value);
    return values;
}

Json or_false(const std::string& text) { return text.empty() ? Json(false) : Json(text); }

std::string encode(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string encoded;
    for (const char byte : text) {
        const auto code = static_cast<unsigned char>(byte);
        const bool plain = (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
                           (code >= '0' && code <= '9') || byte == '-' || byte == '_' || byte == '.' || byte == '~';
        if (plain) {
            encoded += byte;
        } else {
            encoded += '%';
            encoded += digits[code >> 4];
            encoded += digits[code & 15];
        }
    }
    return encoded;
}

std::string new_key() {
    unsigned char bytes[16];
    randombytes_buf(bytes, sizeof bytes);
    char hex[sizeof bytes * 2 + 1];
    sodium_bin2hex(hex, sizeof hex, bytes, sizeof bytes);
    return hex;
}

std::string query_with(const Request& request, const std::vector<std::pair<std::string, std::string>>& changes) {
    std::string query;
    const auto append = [&](const std::string& key, const std::string& value) {
        if (!value.empty()) query += (query.empty() ? "?" : "&") + encode(key) + "=" + encode(value);
    };
    for (const auto& [key, value] : request.query) {
        const bool changed = std::any_of(changes.begin(), changes.end(),
                                         [&, name = key](const auto& change) { return change.first == name; });
        if (!changed && key != "done" && key != "lang") append(key, value);
    }
    for (const auto& [key, value] : changes) append(key, value);
    return query;
}

void not_found() {
    Problem problem;
    problem.status = 404;
    problem.code = "not_found";
    throw problem;
}

} // namespace cunmai::http::pages
