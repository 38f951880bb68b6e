// A person's own settings: language, password, delegations, declared interests, sessions.
#include "adapters/http/edge/cookies.hpp"
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/forms.hpp"
#include "adapters/services/administration.hpp"

#include <algorithm>
#include <set>

namespace cunmai::http::pages {

namespace {

struct Typing { // the form that came back, and what was typed into it
    std::string form;
    std::map<std::string, std::string> values;
    engine::Refusal refusal;

    std::string of(const std::string& key) const {
        const auto found = values.find(key);
        return found == values.end() ? "" : found->second;
    }
};

std::vector<Option> own_roles(const View& view) {
    std::set<std::string> roles;
    for (const auto& grant : view.viewer().grants) {
        const auto* role = view.app.roles.find(grant.role);
        if (grant.person == view.me() && role && role->kind == engine::RoleInfo::Kind::acts) roles.insert(grant.role);
    }
    std::vector<Option> options;
    for (const auto& role : roles) options.push_back({role, role_name(view.language(), role), ""});
    return options;
}

// Colleagues who may take over a role: people with a case role within the jurisdiction's towns. They are offered by
// name and login.
std::vector<Option> colleagues(View& view) {
    std::vector<Option> options;
    std::set<std::string> seen{view.me().text};
    for (const auto& grant : view.viewer().grants)
        for (const auto& role : view.app.roles.all()) {
            if (grant.person != view.me() || role.kind != engine::RoleInfo::Kind::acts) continue;
            for (const auto& other : view.app.people.grants_over(grant.place_path, role.key))
                if (seen.insert(other.person.text).second)
                    options.push_back(
                        {other.person.text, "",
                         role_name(view.language(), other.role, other.qualifier) + " · " + other.place_name});
        }
    Names names;
    for (const auto& option : options) names.want(option.value);
    names.load(view.app.people, view.language());
    for (auto& option : options) option.text = names.of(option.value) + " · " + option.note;
    return options;
}

Json delegations_model(View& view) {
    const auto from = view.app.people.delegations_from(view.me()), to = view.app.people.delegations_to(view.me());
    Names names;
    for (const auto& row : from) names.want(row.delegation.delegate.text);
    for (const auto& row : to) names.want(row.delegation.principal.text);
    names.load(view.app.people, view.language());
    auto list = Json::array();
    const auto now = view.app.clock.now();
    const auto add = [&](const db::DelegationRow& row, bool mine) {
        const bool over = row.delegation.until <= now;
        list.push_back(
            {{"id", row.id},
             {"what",
              view.t(mine ? "page.account.delegated_to" : "page.account.delegated_by",
                     {{"role", role_name(view.language(), row.delegation.role)},
                      {"name", names.of(mine ? row.delegation.delegate.text : row.delegation.principal.text)}})},
             {"period",
              view.local_day(row.delegation.from) + " – " + view.local_day(row.delegation.until.plus_seconds(-1))},
             {"reason", or_false(row.reason)},
             {"can_end", mine && !over}});
    };
    for (const auto& row : from) add(row, true);
    for (const auto& row : to) add(row, false);
    return list;
}

Json interests_model(View& view) {
    auto list = Json::array();
    for (const auto& row : view.app.people.interests_of(view.me())) {
        const auto place = view.app.places.find(row.place_code);
        list.push_back({{"id", row.id},
                        {"place", place ? place->name : row.place_code},
                        {"reason", row.reason},
                        {"since", view.local_day(row.declared_at)}});
    }
    return list;
}

// The present session first, then the newest ones; older ones are folded away.
void put_sessions(View& view, Json& model) {
    constexpr std::size_t unfolded_max = 4;
    const auto& own = view.request.who().session;
    auto sessions = view.app.sessions.of(view.me());
    std::stable_partition(sessions.begin(), sessions.end(), [&](const auto& one) { return one.token_hash == own; });
    auto shown = Json::array(), folded = Json::array();
    for (const auto& session : sessions)
        (shown.size() < unfolded_max ? shown : folded)
            .push_back({{"id", session.token_hash},
                        {"kind", view.t("page.account.session_" + session.kind)},
                        {"label", or_false(session.label)},
                        {"since", view.local(session.created_at)},
                        {"seen", view.local(session.seen_at)},
                        {"is_this", session.token_hash == own}});
    model["sessions"] = std::move(shown);
    model["other_sessions"] = sessions.size() > 1;
    model["older_sessions_text"] =
        folded.empty() ? Json(false) : Json(view.t("page.account.older_sessions", {{"count", folded.size()}}));
    model["older_sessions"] = std::move(folded);
}

Response account_page(View& view, const Typing& typing, int status) {
    const auto& language = view.language();
    const auto form = [&](const std::string& name, Json fields) {
        if (typing.form == name) mark_errors(view, fields, typing.refusal);
        return Json{{"fields", std::move(fields)}};
    };
    const auto& person = view.request.who().person;
    view.title(view.t("page.account.title"));
    if (typing.form.empty()) view.wrong(typing.refusal);
    auto& model = view.model;

    const auto languages = language_options();
    const std::string keys = model["shortcuts_off"] == true ? "off" : "on";
    model["settings"] =
        form("settings",
             Json::array({required(radios("language", view.t("page.account.language"), person.language, languages)),
                          required(radios("shortcuts", view.t("page.account.shortcuts"), keys,
                                          {{"on", view.t("page.yes"), ""}, {"off", view.t("page.no"), ""}}))}));

    auto old_password = required(input("old_password", view.t("page.account.old_password"), "", "password"));
    old_password["autocomplete"] = "current-password";
    auto password = required(input("password", view.t("page.account.new_password"), "", "password"));
    password["autocomplete"] = "new-password";
    password["hint"] = view.t("page.account.password_hint");
    auto again = required(input("password_again", view.t("page.account.password_again"), "", "password"));
    again["autocomplete"] = "new-password";
    model["password"] = form("password", Json::array({old_password, password, again}));

    const auto roles = own_roles(view);
    model["can_delegate"] = !roles.empty();
    if (!roles.empty()) {
        const bool came_back = typing.form == "delegation";
        auto reason =
            required(input("reason", view.t("page.account.delegation_reason"), came_back ? typing.of("reason") : ""));
        reason["maxlength"] = "200";
        const auto please_choose = view.t("page.please_choose");
        model["delegation"] = form(
            "delegation", Json::array({required(select("role", view.t("page.account.delegation_role"),
                                                       typing.of("role"), roles, please_choose)),
                                       required(select("delegate", view.t("page.account.delegation_to"),
                                                       typing.of("delegate"), colleagues(view), please_choose)),
                                       required(input("from_on", view.t("page.account.delegation_from"),
                                                      came_back ? typing.of("from_on") : view.app.today(), "date")),
                                       required(input("until_on", view.t("page.account.delegation_until"),
                                                      typing.of("until_on"), "date")),
                                       reason}));
    } else {
        model["delegation"] = {{"fields", Json::array()}};
    }
    model["delegations"] = delegations_model(view);
    model["has_delegations"] = !model["delegations"].empty();

    auto place = required(
        input("place", view.t("page.account.interest_place"), typing.form == "interest" ? typing.of("place") : ""));
    place["hint"] = view.t("page.account.interest_place_hint");
    auto why = required(input("interest_reason", view.t("page.account.interest_reason"),
                              typing.form == "interest" ? typing.of("interest_reason") : ""));
    why["maxlength"] = "200";
    model["interest"] = form("interest", Json::array({place, why}));
    model["can_declare"] = !view.viewer().scopes.empty();
    model["interests"] = interests_model(view);
    model["has_interests"] = !model["interests"].empty();

    put_sessions(view, model);
    auto held = Json::array();
    for (const auto& grant : view.app.people.grants_of(view.me()))
        held.push_back(
            {{"role", role_name(language, grant.role, grant.qualifier)}, {"place", or_false(grant.place_name)}});
    model["has_held"] = !held.empty();
    model["held"] = std::move(held);
    show_what_was_done(view);
    return view.page("account", status);
}

Typing typed(const Request& request, std::string form, std::initializer_list<const char*> keys) {
    Typing typing;
    typing.form = std::move(form);
    for (const auto* key : keys) typing.values[key] = form_value(request, key);
    return typing;
}

Response done(std::string_view what) { return Response::redirect("/account?done=" + std::string(what)); }

// The rules' reasons name their own fields, which may have other names in the form.
engine::Refusal renamed(const engine::Refusal& refusal, const std::map<std::string, std::string>& names) {
    engine::Refusal result;
    for (const auto& reason : refusal.reasons()) {
        const auto found = names.find(reason.field);
        result.add_for(found == names.end() ? reason.field : found->second, reason.code, reason.facts);
    }
    return result;
}

std::string raw(const Request& request, const std::string& key) { // a password is not trimmed
    const auto found = request.form().find(key);
    return found == request.form().end() ? "" : found->second;
}

// A village or town by code, by its exact name or by a part that no other has; the text itself when there is none.
std::string place_code_of(App& app, const View& view, const std::string& text) {
    if (text.empty()) return "";
    if (const auto place = app.places.find(text)) return place->code;
    const auto found = app.places.within(view.viewer().scopes, "", text, 3, "");
    for (const auto& place : found)
        if (place.name == text) return place.code;
    return found.size() == 1 ? found[0].code : text;
}

} // namespace

Response show_account(App& app, const Request& request) {
    View view(app, request);
    Typing typing;
    if (request.who().person.password_must_change) typing.refusal.add("password_must_change");
    return account_page(view, typing, 200);
}

Response change_settings(App& app, const Request& request) {
    const auto typing = typed(request, "settings", {"language", "shortcuts"});
    const auto language = typing.of("language");
    if (const auto result = administration::change_own_language(app, request.who().person.id, language); !result.ok()) {
        auto refused = typing;
        refused.refusal = result.refusal;
        View view(app, request);
        return account_page(view, refused, 422);
    }
    return done("settings_saved")
        .with("Set-Cookie", language_cookie(language))
        .with("Set-Cookie", shortcuts_cookie(typing.of("shortcuts") == "off"));
}

Response change_password(App& app, const Request& request) {
    Typing typing;
    typing.form = "password";
    const auto password = raw(request, "password");
    for (const auto& [key, label] : {std::pair{"old_password", "old_password"},
                                     {"password", "new_password"},
                                     {"password_again", "password_again"}})
        if (raw(request, key).empty())
            typing.refusal.add_for(key, "missing",
                                   {{"field", texts::text(request.language, std::string("page.account.") + label)}});
    if (typing.refusal.empty() && password != raw(request, "password_again"))
        typing.refusal.add_for("password_again", "passwords_differ");
    if (typing.refusal.empty())
        typing.refusal = renamed(
            administration::change_own_password(app, request.who().person.id, raw(request, "old_password"), password)
                .refusal,
            {{"old", "old_password"}});
    if (typing.refusal.empty())
        return Response::redirect("/sign-in?done=password_changed").with("Set-Cookie", ended_session_cookie());
    View view(app, request);
    return account_page(view, typing, 422);
}

Response add_delegation(App& app, const Request& request) {
    auto typing = typed(request, "delegation", {"role", "delegate", "from_on", "until_on", "reason"});
    typing.refusal =
        administration::delegate(app, request.who().person.id, engine::PersonId{typing.of("delegate")},
                                 typing.of("role"), typing.of("from_on"), typing.of("until_on"), typing.of("reason"))
            .refusal;
    if (typing.refusal.empty()) return done("delegated");
    View view(app, request);
    return account_page(view, typing, 422);
}

Response end_delegation(App& app, const Request& request) {
    const auto result = administration::end_delegation(app, request.who().person.id, request.param("id"));
    if (!result.ok()) not_found();
    return done("delegation_ended");
}

Response add_interest(App& app, const Request& request) {
    View view(app, request);
    auto typing = typed(request, "interest", {"place", "interest_reason"});
    typing.refusal =
        renamed(administration::declare_interest(app, view.me(), place_code_of(app, view, typing.of("place")),
                                                 typing.of("interest_reason"))
                    .refusal,
                {{"reason", "interest_reason"}});
    return typing.refusal.empty() ? done("interest_declared") : account_page(view, typing, 422);
}

Response end_interest(App& app, const Request& request) {
    const auto result = administration::end_interest(app, request.who().person.id, request.param("id"));
    if (!result.ok()) not_found();
    return done("interest_ended");
}

Response end_session(App& app, const Request& request) {
    const auto id = request.param("id");
    const auto mine = app.sessions.of(request.who().person.id);
    const auto found =
        std::find_if(mine.begin(), mine.end(), [&](const auto& session) { return session.token_hash == id; });
    if (found == mine.end()) not_found();
    app.sessions.end(id);
    if (id == request.who().session) return Response::redirect("/sign-in").with("Set-Cookie", ended_session_cookie());
    return done("session_ended");
}

Response end_other_sessions(App& app, const Request& request) {
    const auto& own = request.who().session;
    for (const auto& session : app.sessions.of(request.who().person.id))
        if (session.token_hash != own) app.sessions.end(session.token_hash);
    return done("other_sessions_ended");
}

} // namespace cunmai::http::pages
