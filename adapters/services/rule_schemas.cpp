#include "adapters/services/rule_schemas.hpp"

#include "adapters/services/schema_words.hpp"
#include "workflows/prescription/relations.hpp"
#include "workflows/roles.hpp"
#include "workflows/screening_round/steps.hpp"

#include <set>

namespace cunmai::administration {

namespace {

using namespace schema;

Json days(std::int64_t min = 0) { return number(min, 3660); }
Json score() { return {{"type", "number"}, {"minimum", 0}, {"maximum", 100}}; }
Json fraction() { return {{"type", "array"}, {"items", number(1, 1000)}, {"minItems", 2}, {"maxItems", 2}}; }
Json recipients() { // who can be told of a prescription: its people, and the roles at its village
    std::vector<std::string> keys{std::string(workflows::prescription::ResponsiblePerson::key),
                                  std::string(workflows::prescription::Issuer::key)};
    for (const auto& role : workflows::all_roles().all())
        if (role.kind == engine::RoleInfo::Kind::acts) keys.push_back(role.key);
    return list_of(one_of(keys), 20);
}
Json days_of_each_step() {
    Json steps;
    for (const auto& step : workflows::round_steps) steps[std::string(step.state)] = days(1);
    return object(steps);
}
Json both_languages() { return object({{"zh-CN", said(400)}, {"en", said(400)}}); }
Json several(Json items, std::size_t min, std::size_t max) {
    auto schema = list_of(std::move(items), max);
    schema["minItems"] = min;
    return schema;
}

Json calendar() {
    return {{"type", "object"},
            {"maxProperties", 100},
            {"propertyNames", like("^[0-9]{4}$")},
            {"additionalProperties", object({{"holidays", list_of(date(), 366)}, {"workdays", list_of(date(), 366)}})}};
}

Json catalogue() {
    const Json any_number{{"type", "number"}};
    const auto indicator = object({{"code", like("^[A-Z]{2,6}-[0-9]{1,3}$")},
                                   {"category", one_of(workflows::categories())},
                                   {"force", like(key_pattern)},
                                   {"name", both_languages()},
                                   {"unit", both_languages()},
                                   {"kind", one_of({"number", "percent", "grade", "yes_no"})},
                                   {"direction", one_of({"lower_is_better", "higher_is_better"})},
                                   {"data_source", both_languages()},
                                   {"method", both_languages()},
                                   {"help", both_languages()},
                                   {"collection_cycle", like(key_pattern)},
                                   {"weight", {{"type", "number"}, {"minimum", 0}, {"maximum", 1000}}},
                                   {"thresholds", object({{"yellow", any_number}, {"red", any_number}})},
                                   {"min", any_number},
                                   {"max", any_number},
                                   {"evidence", one_of({"never", "when_yellow", "when_red", "always"})}});
    return object({{"version", number(1, 1'000'000)},
                   {"in_force_from", date()},
                   {"threshold_rule", one_of({"at_or_beyond"})},
                   {"indicators", several(indicator, 1, 200)}});
}

// Checks that a schema can't express.
void check_fractions(const Json& value, engine::Refusal& why) {
    for (const auto* key : {"quorum", "pass"})
        if (value.contains(key) && value[key][0].get<std::int64_t>() > value[key][1].get<std::int64_t>())
            why.add_for(key, "fraction_above_one", {{"field", key}});
    // A ballot passes with more than this share, so the share must be below one.
    if (why.empty() && value["pass"][0] == value["pass"][1])
        why.add_for("pass", "pass_unreachable", {{"field", "pass"}});
}

void check_catalogue(const Json& value, const Json& current, engine::Refusal& why) {
    if (current.is_object() && value["version"] <= current.value("version", Json(0)))
        why.add_for("version", "version_not_higher", {{"version", current.value("version", Json(0))}});
    std::set<std::string> codes;
    for (const auto& indicator : value["indicators"])
        if (!codes.insert(indicator["code"]).second)
            why.add_for("indicators", "duplicate_indicator", {{"indicator", indicator["code"]}});
}

} // namespace

const Json& rule_schemas() {
    static const Json all{
        {"required_departments", several(one_of(workflows::departments()), 1, 20)},
        {"review_interviews_min", number(0, 100)},
        {"review_courtyard_meetings_min", number(0, 100)},
        {"exit_score_min", object({{"self", score()}, {"public", score()}, {"town", score()}, {"district", score()}})},
        {"exit_public_respondents_min", number(0, 100'000)},
        {"follow_up_years", number(1, 10)},
        {"extensions_max", number(0, 20)},
        {"prescription_warning_days", days()},
        {"prescription_escalation_days", days()},
        {"prescription_days", one_of({"calendar", "working"})},
        {"prescription_yellow_while_extension_pending", flag()},
        {"prescription_reminders",
         object({{"before_deadline", recipients()}, {"at_deadline", recipients()}, {"after_deadline", recipients()}})},
        {"committee", object({{"quorum", fraction()}, {"pass", fraction()}, {"secret", flag()}})},
        {"committee_pass_counted_of", one_of({"entitled"})},
        {"round_due_days", days_of_each_step()},
        {"self_check_return", object({{"days", days(1)}, {"counted", one_of({"calendar", "working"})}})},
        {"monitoring_cycle_days_default", number(1, 366)},
        {"delegation_days_max", number(1, 366)},
        {"calendar", calendar()},
        {"catalogue", catalogue()},
    };
    return all;
}

engine::Refusal check_rule(std::string_view key, const Json& value, const Json& current) {
    const auto schema = rule_schemas().find(std::string(key));
    if (schema == rule_schemas().end()) {
        engine::Refusal why;
        why.add_for("key", "unknown_rule", {{"rule", key}});
        return why;
    }
    auto why = violations(*schema, value, Json::object());
    if (!why.empty()) return why;
    if (key == "committee") check_fractions(value, why);
    if (key == "catalogue") check_catalogue(value, current, why);
    return why;
}

} // namespace cunmai::administration
