// People, passwords and grants. Delegations, interests and rules: administration_periods.cpp.
#include "adapters/services/administration.hpp"

#include "adapters/services/administration_log.hpp"
#include "adapters/services/administration_undisturbed.hpp"
#include "adapters/services/line_check.hpp"
#include "adapters/services/sign_in.hpp"
#include "db/kernel/new_id.hpp"
#include "engine/text.hpp"
#include "workflows/roles.hpp"
#include "workflows/village_lifecycle/facts.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace cunmai::administration {

namespace {

constexpr std::size_t password_length_max = 200; // characters, as the API's document says
constexpr std::size_t memory_bytes = 46U << 20;
constexpr unsigned long long passes = 1;

engine::Refusal check_password(const std::string& password, const std::string& login) {
    static constexpr std::array common{"12345678",   "123456789", "1234567890", "password", "password1",
                                       "qwertyuiop", "11111111",  "88888888",   "66666666", "abcd1234",
                                       "iloveyou",   "admin123",  "00000000",   "123123123"};
    engine::Refusal why;
    const auto small = lower_ascii(password);
    if (password.empty())
        why.add_for("password", "missing", {{"field", "password"}});
    else if (!is_utf8_without_nul(password))
        why.add_for("password", "malformed", {{"field", "password"}});
    else if (characters(password) < password_length_min)
        why.add_for("password", "password_too_short", {{"min", password_length_min}});
    else if (characters(password) > password_length_max)
        why.add_for("password", "too_long", {{"field", "password"}, {"max", password_length_max}});
    else if (small == login || std::find(common.begin(), common.end(), small) != common.end())
        why.add_for("password", "password_too_common");
    return why;
}

// As it is kept, whatever stands around what was typed or copied.
db::Person tidy(db::Person person) {
    for (auto* text : {&person.login, &person.name, &person.phone, &person.email})
        if (is_utf8(*text)) *text = trimmed(*text);
    person.login = lower_ascii(person.login);
    return person;
}

void check_login(const std::string& login, engine::Refusal& why) {
    constexpr std::size_t length_min = 3, length_max = 64;
    const bool plain = login.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos;
    if (login.empty())
        why.add_for("login", "missing", {{"field", "login"}});
    else if (characters(login) > length_max)
        why.add_for("login", "too_long", {{"field", "login"}, {"max", length_max}});
    else if (login.size() < length_min || !plain)
        why.add_for("login", "login_malformed");
}

// What stands there already may stay: telephones and addresses were once not looked at.
engine::Refusal check_person(const db::Person& person, const db::Person& before) {
    constexpr std::size_t phone_length_max = 30, email_length_max = 254;
    engine::Refusal why;
    check_login(person.login, why);
    check_line("name", person.name, 100, why);
    const bool is_phone = person.phone.find_first_not_of("0123456789+() -") == std::string::npos;
    if (person.phone != before.phone && (!is_phone || person.phone.size() > phone_length_max))
        why.add_for("phone", "malformed", {{"field", "phone"}});
    const bool is_email = person.email.empty() || is_mail_address(person.email);
    if (person.email != before.email && (!is_email || person.email.size() > email_length_max))
        why.add_for("email", "malformed", {{"field", "email"}});
    if (person.language != "zh-CN" && person.language != "en")
        why.add_for("language", "not_a_choice", {{"field", "language"}, {"choices", {"zh-CN", "en"}}});
    return why;
}

std::vector<engine::Grant> grants_of(App& app, const engine::PersonId& person) {
    std::vector<engine::Grant> grants;
    if (person.empty()) return grants;
    for (const auto& row : app.people.grants_of(person))
        grants.push_back({row.person, row.role, row.qualifier, row.place_path});
    return grants;
}

// The command line needs no role: a person who can read the server's secret may do everything here.
engine::Refusal may(App& app, const engine::PersonId& by, std::string_view role) {
    return by.empty() ? engine::Refusal{} : engine::may_administer(grants_of(app, by), role);
}

// The open cases in which a person with these involvements would lose a post; `loses` tells for a role and a place.
template <class Loses>
std::vector<std::string> posts_lost(App& app, const db::People::Involvements& involved, const Loses& loses) {
    std::vector<std::string> cases;
    for (const auto& [id, as] : involved) {
        const auto role = workflows::village::role_of_post(as);
        const auto row = role.empty() ? std::nullopt : app.cases.row(id);
        if (row && !row->final && loses(role, row->place.path)) cases.push_back(id.text);
    }
    return cases;
}

// Whether the person fills a post of this role at the place by this grant alone. A second grant with another qualifier
// does not help, because a coordinator's kind must fit the village's category.
bool fills_alone(const db::GrantRow& grant, const std::vector<db::GrantRow>& all, const std::string& role,
                 const std::string& place_path) {
    const auto fills = [&](const db::GrantRow& one) {
        return one.role == role && one.qualifier == grant.qualifier && engine::covers(one.place_path, place_path);
    };
    return fills(grant) && std::none_of(all.begin(), all.end(),
                                        [&](const db::GrantRow& one) { return one.id != grant.id && fills(one); });
}

std::size_t active_holders(App& app, const std::string& role) {
    const auto people = app.people.search("", role, 1000, "");
    return static_cast<std::size_t>(
        std::count_if(people.begin(), people.end(), [](const db::Person& person) { return person.active; }));
}

// A reviewer's grant names a department, a coordinator's a kind; no other role has a qualifier.
void check_qualifier(const std::string& role, const std::string& qualifier, engine::Refusal& why) {
    const std::vector<std::string>* known = role == workflows::DepartmentReviewer::key ? &workflows::departments()
                                            : role == workflows::VillageCoordinator::key
                                                ? &workflows::coordinator_kinds()
                                                : nullptr;
    const bool ok = known ? std::find(known->begin(), known->end(), qualifier) != known->end() : qualifier.empty();
    if (!ok) why.add_for("qualifier", "wrong_qualifier", {{"role", role}});
}

Result refused(engine::Refusal why) { return {std::move(why), ""}; }

Result refused(std::string_view field, std::string_view code, Json facts = Json::object()) {
    engine::Refusal why;
    why.add_for(field, code, std::move(facts));
    return refused(std::move(why));
}

} // namespace

bool may_look_up(App& app, const engine::Viewer& viewer, const engine::PersonId& person) {
    if (person == viewer.person) return true;
    for (const auto role : {workflows::SystemAdministrator::key, workflows::SecurityAdministrator::key,
                            workflows::AuditAdministrator::key})
        if (viewer.has_role(role)) return true;
    const auto grants = app.people.grants_of(person);
    return std::any_of(grants.begin(), grants.end(), [&](const db::GrantRow& grant) {
        return viewer.sees(grant.place_path) ||
               std::any_of(viewer.scopes.begin(), viewer.scopes.end(),
                           [&](const std::string& scope) { return engine::covers(grant.place_path, scope); });
    });
}

bool administers(App& app, const engine::PersonId& person) {
    const auto grants = grants_of(app, person);
    return std::any_of(grants.begin(), grants.end(), [&](const engine::Grant& grant) {
        const auto* role = app.roles.find(grant.role);
        return role && role->kind == engine::RoleInfo::Kind::administers;
    });
}

std::string hash_password(const std::string& password) {
    const sign_in::Seat seat;
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (crypto_pwhash_str(text.data(), password.data(), password.size(), passes, memory_bytes) != 0)
        throw engine::StoreUnavailable("not enough memory for Argon2id");
    return text.data();
}

Result add_person(App& app, const engine::PersonId& by, db::Person person, const std::string& password) {
    person = tidy(std::move(person));
    auto why = may(app, by, workflows::SystemAdministrator::key);
    why.add_all(check_person(person, {}));
    if (!password.empty()) why.add_all(check_password(password, person.login));
    if (why.empty() && app.people.by_login(person.login))
        why.add_for("login", "login_taken", {{"login", person.login}});
    if (!why.empty()) return refused(std::move(why));
    if (person.id.empty()) person.id.text = db::new_id(app.clock.now());
    person.password_hash = password.empty() ? "" : hash_password(password);
    person.password_must_change = !password.empty();
    try {
        app.people.add(person, deed(by, "person_added", {{"person", person.id}, {"login", person.login}}));
    } catch (const db::AlreadyThere&) { return refused("login", "login_taken", {{"login", person.login}}); }
    return {{}, person.id.text};
}

Result change_person(App& app, const engine::PersonId& by, const db::Person& wanted) {
    const auto person = tidy(wanted);
    return undisturbed(app, [&](const std::string& state) -> Result {
        auto why = may(app, by, workflows::SystemAdministrator::key);
        const auto before = app.people.find(person.id);
        why.add_all(check_person(person, before.value_or(db::Person{})));
        if (!before) why.add_for("person", "unknown_person");
        if (!why.empty()) return refused(std::move(why));
        const bool disabling = before->active && !person.active;
        const auto involved = app.people.involvements(person.id);
        if (disabling) {
            if (by == person.id) why.add("own_account");
            for (const auto& grant : app.people.grants_of(person.id)) {
                const auto* role = app.roles.find(grant.role);
                if (role && role->kind == engine::RoleInfo::Kind::administers && active_holders(app, grant.role) <= 1)
                    why.add("last_administrator", {{"role", grant.role}});
            }
            if (const auto posts = posts_lost(app, involved, [](const auto&, const auto&) { return true; });
                !posts.empty())
                why.add("post_would_be_empty", {{"cases", posts}});
            if (!why.empty()) return refused(std::move(why));
        }
        auto after = *before;
        after.name = person.name;
        after.phone = person.phone;
        after.email = person.email;
        after.language = person.language;
        after.active = person.active;
        const auto* what = disabling                          ? "person_disabled"
                           : !before->active && person.active ? "person_enabled"
                                                              : "person_changed";
        app.people.update(after, state, disabling ? &involved : nullptr, deed(by, what, {{"person", person.id}}));
        return {{}, person.id.text};
    });
}

Result change_own_language(App& app, const engine::PersonId& person, const std::string& language) {
    // an account that is disabled meanwhile must not be written back as active
    return undisturbed(app, [&](const std::string& state) -> Result {
        auto found = app.people.find(person);
        if (!found) return refused("person", "unknown_person");
        found->language = language;
        auto why = check_person(*found, *found);
        if (!why.empty()) return refused(std::move(why));
        app.people.update(*found, state, nullptr, deed(person, "own_language_changed", {{"person", person}}));
        return {{}, person.text};
    });
}

Result set_password(App& app, const engine::PersonId& by, const engine::PersonId& person, const std::string& password) {
    auto why = may(app, by, workflows::SystemAdministrator::key);
    const auto found = app.people.find(person);
    if (!found) return refused("person", "unknown_person");
    // Otherwise one administrator could become the other two. Their passwords are set on the command line.
    if (!by.empty() && administers(app, person)) why.add("password_of_administrator");
    why.add_all(check_password(password, found->login));
    if (!why.empty()) return refused(std::move(why));
    app.people.set_password(person, hash_password(password), by != person, {},
                            deed(by, "password_set", {{"person", person}}));
    return {{}, person.text};
}

Result change_own_password(App& app, const engine::PersonId& person, const std::string& old_password,
                           const std::string& password) {
    const auto found = app.people.find(person);
    if (!found) return refused("person", "unknown_person");
    const auto checked = sign_in::check(app, found->login, found, old_password);
    if (checked.locked) return refused("old", "sign_in_locked", {{"minutes", (checked.retry_after_seconds + 59) / 60}});
    if (!checked.good) return refused("old", "old_password_wrong");
    auto why = check_password(password, found->login);
    if (password == old_password) why.add_for("password", "password_unchanged");
    if (!why.empty()) return refused(std::move(why));
    if (!app.people.set_password(person, hash_password(password), false, found->password_version,
                                 deed(person, "own_password_changed", {{"person", person}})))
        return refused("old", "old_password_wrong"); // somebody set another one meanwhile
    return {{}, person.text};
}

Result add_grant(App& app, const engine::PersonId& by, const engine::PersonId& person, const std::string& role,
                 const std::string& qualifier, const std::string& place_code) {
    return undisturbed(app, [&](const std::string& state) -> Result {
        const auto found = app.people.find(person);
        auto place = app.places.find(place_code);
        // Administrators' roles belong to the whole installation and are granted before there are any places.
        if (const auto* info = app.roles.find(role); !place && place_code.empty() && info && info->level == "system")
            place = engine::Place{"", "", "", "system", "/"};
        engine::Refusal missing;
        if (is_blank(role)) missing.add_for("role", "missing", {{"field", "role"}});
        if (!found) missing.add_for("person", "unknown_person");
        if (!place) missing.add_for("place", "unknown_place");
        if (!missing.empty()) return refused(std::move(missing));
        engine::GrantWish wish;
        wish.by = by;
        wish.by_grants = grants_of(app, by);
        wish.person = person;
        wish.person_grants = grants_of(app, person);
        for (const auto& row : app.people.delegations_to(person))
            if (row.delegation.until > app.clock.now()) wish.delegated.push_back(row.delegation);
        wish.person_active = found->active;
        wish.role = role;
        wish.qualifier = qualifier;
        wish.place = *place;
        wish.first_set_up = by.empty();
        auto why = engine::may_add_grant(app.roles, wish);
        if (app.roles.find(role)) check_qualifier(role, qualifier, why);
        if (!why.empty()) return refused(std::move(why));
        const auto now = app.clock.now();
        const auto id = db::new_id(now);
        // Of an administrator: else whoever set their password could act as them.
        const auto password = app.roles.find(role)->kind == engine::RoleInfo::Kind::administers
                                  ? db::People::Password::must_be_changed
                                  : db::People::Password::stays;
        app.people.add_grant(
            {id, person, role, qualifier, place->code, place->path, place->name, now, actor(by)}, state,
            deed(by, "grant_added",
                 {{"grant", id}, {"person", person}, {"role", role}, {"qualifier", qualifier}, {"place", place->code}}),
            password);
        return {{}, id};
    });
}

Result remove_grant(App& app, const engine::PersonId& by, const std::string& grant_id) {
    return undisturbed(app, [&](const std::string& state) -> Result {
        const auto grant = app.people.grant(grant_id);
        if (!grant) return refused("grant", "unknown_grant");
        engine::GrantWish wish;
        wish.by = by;
        wish.by_grants = grants_of(app, by);
        if (by.empty()) wish.by_grants.push_back({by, std::string(workflows::SecurityAdministrator::key), "", "/"});
        wish.person = grant->person;
        wish.role = grant->role;
        const auto involved = app.people.involvements(grant->person);
        const auto all = app.people.grants_of(grant->person);
        wish.posts = posts_lost(app, involved, [&](const auto& role, const auto& place_path) {
            return fills_alone(*grant, all, role, place_path);
        });
        wish.holders_of_role = active_holders(app, grant->role);
        auto why = engine::may_remove_grant(app.roles, wish);
        if (!why.empty()) return refused(std::move(why));
        app.people.remove_grant(
            grant_id, app.clock.now(), state, &involved,
            deed(
                by, "grant_removed",
                {{"grant", grant_id}, {"person", grant->person}, {"role", grant->role}, {"place", grant->place_code}}));
        return {{}, grant_id};
    });
}

} // namespace cunmai::administration
