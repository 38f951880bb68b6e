// A district's settings, and the drafts of self-checks.
#include "db/service/rules.hpp"
#include "db/kernel/administration_chain.hpp"
#include "db/kernel/case_columns.hpp"
#include "db/kernel/database_impl.hpp"
#include "db/kernel/rule_in_force.hpp"
#include "db/kernel/transaction.hpp"
#include "db/people/people_state.hpp"
#include "db/service/draft_removal.hpp"
#include "db/service/drafts.hpp"

namespace cunmai::db {

Json rule_in_force(Connection& connection, std::string_view key, const std::string& today) {
    const auto is_in_force = [&](const Json& rule) {
        return !rule.is_object() || rule.value("in_force_from", "") <= today;
    };
    std::string value;
    if (!connection.first("knowledge.rule", {{"rule_key", key}}, {value})) return {};
    auto rule = parsed(value, "a rule's values");
    if (is_in_force(rule)) return rule;
    bool found = false;
    connection.each("knowledge.rule_versions", {{"rule_key", key}}, {value}, [&] {
        if (found) return;
        rule = parsed(value, "a rule's values");
        found = is_in_force(rule);
    });
    return rule;
}

Json Rules::get(std::string_view key) {
    const auto today = engine::to_text(engine::local_date(database_.clock().now()));
    return database_.impl().reading<Json>(
        [&](Connection& connection) { return rule_in_force(connection, key, today); });
}

Json Rules::all() {
    return database_.impl().reading<Json>([&](Connection& connection) {
        Json all = Json::object();
        std::string key, value;
        connection.each("service.newest_rules", {}, {key, value}, [&] { all[key] = parsed(value, "a rule's values"); });
        return all;
    });
}

namespace {

// Returns its key.
Params add_version(Connection& connection, std::string_view key, const Json& value, const engine::PersonId& by,
                   engine::Instant at) {
    int version = 0;
    connection.first("service.rule_version", {{"rule_key", key}}, {version});
    Params row{{"rule_key", key}, {"version", version + 1}};
    auto all = row;
    for (auto& param : row_params({{"value", value.dump()}, {"by_person", by}, {"at", at}}))
        all.push_back(std::move(param));
    try {
        connection.run("service.add_rule", all);
    } catch (const Duplicate& another) { throw TryAgain(another.what()); }
    return row;
}

} // namespace

void Rules::set(std::string_view key, const Json& value, const engine::PersonId& by, engine::Instant at,
                const std::optional<std::string>& since, const Deed& deed) {
    set_each({{std::string(key), value}}, by, at, since, deed, "rule_changed");
}

void Rules::set_all(const std::map<std::string, Json>& values, const engine::PersonId& by, engine::Instant at,
                    const Deed& deed) {
    set_each(values, by, at, {}, deed, "rules_installed");
}

void Rules::set_each(const std::map<std::string, Json>& values, const engine::PersonId& by, engine::Instant at,
                     const std::optional<std::string>& since, const Deed& deed, std::string_view what) {
    auto done = deed;
    done.by = by;
    database_.impl().write([&](Connection& connection) {
        hold_state(connection, since);
        ManyDeeds deeds(connection, at, done, what);
        for (const auto& [key, value] : values)
            deeds.add("rules", "null", row_text(connection, {"rules", add_version(connection, key, value, by, at)}));
        deeds.finish();
    });
}

std::vector<std::string> Rules::keys() {
    return database_.impl().reading<std::vector<std::string>>([&](Connection& connection) {
        return connection.all<std::string>("service.rule_keys", {}, [](std::string& key) { return Outs{key}; });
    });
}

std::vector<Rules::Change> Rules::changes(std::string_view key) {
    return database_.impl().reading<std::vector<Change>>([&](Connection& connection) {
        std::vector<Change> changes;
        Change change;
        std::string value;
        connection.each("service.rule_changes", {{"rule_key", key}},
                        {change.key, value, change.by, change.at, change.version}, [&] {
                            changes.push_back(change);
                            changes.back().value = parsed(value, "a rule's values");
                        });
        return changes;
    });
}

std::optional<std::string> Rules::setting(std::string_view key) {
    return database_.impl().reading<std::optional<std::string>>(
        [&](Connection& connection) -> std::optional<std::string> {
            std::string value;
            if (!connection.first("service.setting", {{"setting_key", key}}, {value})) return std::nullopt;
            return value;
        });
}

void Rules::put_setting(std::string_view key, std::string_view value) {
    database_.impl().write([&](Connection& connection) {
        connection.run("service.put_setting", {{"setting_key", key}, {"value", value}});
    });
}

Json Drafts::get(const engine::CaseId& id) {
    return database_.impl().reading<Json>([&](Connection& connection) {
        std::string content;
        return connection.first("service.draft", {{"case_id", id}}, {content}) ? parsed(content, "a draft's answers")
                                                                               : Json::object();
    });
}

void Drafts::save(const engine::CaseId& id, const Json& changed, const engine::PersonId& by, engine::Instant at) {
    if (!changed.is_object()) throw std::invalid_argument("a draft is an object of answers");
    database_.impl().write([&](Connection& connection) {
        std::string content;
        const bool exists = connection.first("service.draft_locked", {{"case_id", id}}, {content});
        auto draft = exists ? parsed(content, "a draft's answers") : Json::object();
        for (const auto& [indicator, answer] : changed.items()) {
            if (answer.is_null())
                draft.erase(indicator);
            else
                draft[indicator] = answer;
        }
        try {
            connection.run(exists ? "service.change_draft" : "service.add_draft",
                           {{"case_id", id}, {"content", draft.dump()}, {"saved_by", by}, {"saved_at", at}});
        } catch (const Duplicate& another) { throw TryAgain(another.what()); }
    });
}

void Drafts::remove(const engine::CaseId& id) {
    database_.impl().write([&](Connection& connection) { connection.run("service.remove_draft", {{"case_id", id}}); });
}

void remove_draft(engine::Transaction& transaction, const engine::CaseId& id) {
    dynamic_cast<SqlTransaction&>(transaction).remove_draft(id);
}

} // namespace cunmai::db
