// Delegations and declared interests, which hold for a period, and the district's rules.
#include "adapters/services/administration.hpp"

#include "adapters/services/administration_log.hpp"
#include "adapters/services/administration_undisturbed.hpp"
#include "adapters/services/line_check.hpp"
#include "adapters/services/rule_schemas.hpp"
#include "db/kernel/new_id.hpp"
#include "engine/text.hpp"
#include "workflows/roles.hpp"

#include <algorithm>

namespace cunmai::administration {

namespace {

std::vector<engine::Grant> grants_of(App& app, const engine::PersonId& person) {
    std::vector<engine::Grant> grants;
    for (const auto& row : app.people.grants_of(person))
        grants.push_back({row.person, row.role, row.qualifier, row.place_path});
    return grants;
}

Result refused(std::string_view field, std::string_view code, Json facts = Json::object()) {
    engine::Refusal why;
    why.add_for(field, code, std::move(facts));
    return {std::move(why), ""};
}

constexpr std::size_t reason_length_max = 200;

std::string tidy(const std::string& text) { return is_utf8(text) ? trimmed(text) : text; }

std::optional<engine::Date> read_date(const std::string& field, const std::string& text, engine::Refusal& why) {
    const auto date = engine::parse_date(text);
    if (!date) why.add_for(field, is_blank(text) ? "missing" : "not_a_date", {{"field", field}});
    return date;
}

// domain.md §7: the catalogue is changed only with a second person's approval.
bool needs_approval(const std::string& key) { return key == "catalogue"; }
std::string proposed(const std::string& key) { return key + "_proposed"; }

Json newest(App& app, const std::string& key) {
    const auto changes = app.rules.changes(key);
    return changes.empty() ? Json() : changes.front().value;
}

Json as_logged(const std::string& key, const Json& value) {
    return {{"rule", key}, {"version", value.at("version")}, {"in_force_from", value.at("in_force_from")}};
}

} // namespace

Result delegate(App& app, const engine::PersonId& principal, const engine::PersonId& delegate, const std::string& role,
                const std::string& from_on, const std::string& until_on, const std::string& given_reason) {
    const auto reason = tidy(given_reason);
    engine::Refusal why;
    if (is_blank(role)) why.add_for("role", "missing", {{"field", "role"}});
    if (is_blank(delegate.text)) why.add_for("delegate", "missing", {{"field", "delegate"}});
    const auto from = read_date("from_on", from_on, why), until = read_date("until_on", until_on, why);
    check_line("reason", reason, reason_length_max, why);
    if (!why.empty()) return {std::move(why), ""};

    return undisturbed(app, [&](const std::string& state) -> Result {
        const auto person = app.people.find(delegate);
        if (!person) return refused("delegate", "unknown_person");
        // The reason must not tell anything about a person whom the principal may not look up.
        const bool hidden = !may_look_up(app, app.viewer(principal), delegate);
        if (hidden && (!person->active || administers(app, delegate))) return refused("delegate", "unknown_person");
        if (!person->active) return refused("delegate", "person_not_active");
        const auto now = app.clock.now();
        // Both days are included. A delegation never starts before the present day.
        const auto starts = std::max(engine::start_of_day(*from), engine::start_of_day(engine::local_date(now)));
        const engine::Delegation wish{principal, delegate, role, starts,
                                      engine::start_of_day(engine::add_days(*until, 1))};
        if (*until < *from) return refused("until_on", "ends_before_it_starts");
        if (engine::start_of_day(*from) < starts) return refused("from_on", "in_the_past");
        const auto days_max = app.rules.get("delegation_days_max").get<int>();
        auto refusal =
            engine::may_delegate(app.roles, grants_of(app, principal), grants_of(app, delegate), wish, days_max, now);
        if (!refusal.empty()) return {std::move(refusal), ""};
        const auto id = db::new_id(now);
        app.people.add_delegation({id, wish, reason}, state,
                                  deed(principal, "delegated",
                                       {{"delegation", id},
                                        {"delegate", delegate},
                                        {"role", role},
                                        {"from_on", from_on},
                                        {"until_on", until_on}}));
        return {{}, id};
    });
}

Result end_delegation(App& app, const engine::PersonId& principal, const std::string& id) {
    const auto mine = app.people.delegations_from(principal);
    if (std::none_of(mine.begin(), mine.end(), [&](const auto& row) { return row.id == id; }))
        return refused("", "not_found");
    app.people.end_delegation(id, app.clock.now(), deed(principal, "delegation_ended", {{"delegation", id}}));
    return {{}, id};
}

Result declare_interest(App& app, const engine::PersonId& person, const std::string& place_code,
                        const std::string& given_reason) {
    const auto reason = tidy(given_reason);
    engine::Refusal why;
    if (is_blank(place_code)) why.add_for("place", "missing", {{"field", "place"}});
    // A place that the person may not know of looks as if it did not exist: the list of their interests names it.
    else if (const auto place = app.places.find(place_code); !place || !app.viewer(person).sees(place->path))
        why.add_for("place", "unknown_place");
    check_line("reason", reason, reason_length_max, why);
    for (const auto& row : app.people.interests_of(person))
        if (row.place_code == place_code) why.add_for("place", "already_declared");
    if (!why.empty()) return {std::move(why), ""};
    const auto now = app.clock.now();
    const auto id = db::new_id(now);
    app.people.add_interest({id, person, place_code, reason, now},
                            deed(person, "interest_declared", {{"interest", id}, {"place", place_code}}));
    return {{}, id};
}

Result end_interest(App& app, const engine::PersonId& person, const std::string& id) {
    const auto mine = app.people.interests_of(person);
    if (std::none_of(mine.begin(), mine.end(), [&](const auto& row) { return row.id == id; }))
        return refused("", "not_found");
    app.people.end_interest(id, app.clock.now(), deed(person, "interest_ended", {{"interest", id}}));
    return {{}, id};
}

Result set_rule(App& app, const engine::PersonId& by, const std::string& key, const Json& value) {
    engine::Refusal why;
    if (!by.empty()) why = engine::may_administer(grants_of(app, by), workflows::SystemAdministrator::key);
    if (why.empty()) why = check_rule(key, value, newest(app, key));
    if (!why.empty()) return {std::move(why), ""};
    if (needs_approval(key)) {
        app.rules.set(proposed(key), value, actor(by), app.clock.now(), {},
                      deed(by, "rule_proposed", as_logged(key, value)));
        return {{}, key};
    }
    const auto before = app.rules.get(key);
    const bool bulky = key == "calendar";
    app.rules.set(key, value, actor(by), app.clock.now(), {},
                  deed(by, "rule_changed",
                       {{"rule", key}, {"before", bulky ? Json() : before}, {"after", bulky ? Json() : value}}));
    return {{}, key};
}

std::optional<Proposal> proposal_of(App& app, const std::string& key) {
    if (!needs_approval(key)) return std::nullopt;
    const auto proposals = app.rules.changes(proposed(key));
    if (proposals.empty()) return std::nullopt;
    const auto& last = proposals.front();
    // Once a proposal is approved its catalogue version is in force, so check_rule no longer accepts it as new.
    if (!check_rule(key, last.value, newest(app, key)).empty()) return std::nullopt;
    return Proposal{last.version, last.value, last.by, last.at};
}

Result approve_rule(App& app, const engine::PersonId& by, const std::string& key, int number) {
    return undisturbed(app, [&](const std::string& state) -> Result {
        engine::Refusal why;
        if (!by.empty()) why = engine::may_administer(grants_of(app, by), workflows::SystemAdministrator::key);
        if (!why.empty()) return {std::move(why), ""};
        const auto proposal = proposal_of(app, key);
        if (!proposal) return refused("", "nothing_proposed");
        if (proposal->number != number) return refused("", "proposal_replaced");
        if (proposal->by == actor(by)) return refused("", "own_proposal");
        auto details = as_logged(key, proposal->value);
        details["proposed_by"] = proposal->by;
        app.rules.set(key, proposal->value, actor(by), app.clock.now(), state,
                      deed(by, "rule_approved", std::move(details)));
        return {{}, key};
    });
}

} // namespace cunmai::administration
