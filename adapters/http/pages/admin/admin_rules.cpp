// The district's settings: every rule has fields made from its schema (adapters/services/rule_schemas.hpp), so that
// nobody has to write JSON for a number. Rules without a simple form (calendar, catalogue) are edited as JSON.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/edge/input.hpp"
#include "adapters/http/pages/admin/rule_words.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/forms.hpp"
#include "adapters/services/administration.hpp"
#include "adapters/services/rule_schemas.hpp"

#include <algorithm>
#include <charconv>

namespace cunmai::http::pages {

namespace {

// One input per leaf of the value; its name is the path, "committee.quorum.0".
struct Leaf {
    std::string path, type;
    Json value;
    Json schema;
};

bool simple(const Json& schema) {
    const auto type = schema.value("type", "");
    if (schema.contains("enum") || type == "integer" || type == "number" || type == "boolean" || type == "string")
        return true;
    if (type == "array")
        return schema.contains("items") && (schema["items"].contains("enum") || simple(schema["items"]));
    if (type != "object" || schema.contains("propertyNames") || !schema.contains("properties")) return false;
    for (const auto& [key, member] : schema["properties"].items())
        if (!simple(member)) return false;
    return true;
}

bool is_list_of_codes(const Json& schema) {
    return schema.value("type", "") == "array" && schema["items"].contains("enum");
}
bool is_fraction(const Json& schema) {
    return schema.value("type", "") == "array" && schema.value("maxItems", 0) == 2 && schema.value("minItems", 0) == 2;
}

void leaves(const std::string& path, const Json& schema, const Json& value, std::vector<Leaf>& into) {
    if (schema.value("type", "") == "object") {
        for (const auto& [key, member] : schema["properties"].items())
            leaves(path + "." + key, member, value.is_object() && value.contains(key) ? value.at(key) : Json(), into);
        return;
    }
    if (is_fraction(schema)) {
        for (int at = 0; at < 2; ++at)
            leaves(path + "." + std::to_string(at), schema["items"],
                   value.is_array() && value.size() == 2 ? value[static_cast<std::size_t>(at)] : Json(), into);
        return;
    }
    const auto type = is_list_of_codes(schema)  ? "codes"
                      : schema.contains("enum") ? "choice"
                                                : schema.value("type", "");
    into.push_back({path, type, value, schema});
}

std::string label_of(const View& view, const std::string& path) {
    const auto key = "page.rule." + path;
    return texts::has(view.language(), key) ? view.t(key) : path;
}

std::string code_word(const View& view, const std::string& code) {
    for (const auto* family : {"department.", "role.", "relation.", "page.rule.choice."})
        if (texts::has(view.language(), family + code)) return view.t(family + code);
    return code;
}

std::vector<Option> codes_of(const View& view, const Json& schema) {
    std::vector<Option> options;
    const auto& items = schema.contains("enum") ? schema : schema["items"];
    for (const auto& code : items["enum"])
        options.push_back({code.get<std::string>(), code_word(view, code.get<std::string>()), ""});
    return options;
}

// "committee.pass" and [1,2] → more than a half (1/2).
std::string share_in_words(const View& view, const std::string& path, const Json& value) {
    const auto key = "page.rule.share." + path;
    if (!value.is_array() || value.size() != 2) return "";
    const auto fraction = value[0].dump() + "/" + value[1].dump();
    const auto word = "page.share." + value[0].dump() + "_" + value[1].dump();
    if (!texts::has(view.language(), key)) return fraction;
    return view.t(key,
                  {{"share", texts::has(view.language(), word) ? view.t(word) : fraction}, {"fraction", fraction}});
}

// "committee.quorum.1" → the path of the share and the index of the number in it; -1 when it belongs to no share.
std::pair<std::string, int> half_of_share(const std::string& path) {
    const auto dot = path.rfind('.');
    const auto last = dot == std::string::npos ? "" : path.substr(dot + 1);
    return last == "0" || last == "1" ? std::pair(path.substr(0, dot), last == "0" ? 0 : 1) : std::pair(path, -1);
}

std::string shown(const Json& value) {
    if (value.is_null()) return "";
    return value.is_string() ? value.get<std::string>() : value.dump();
}

Json field_of(const View& view, const Leaf& leaf, const Request* posted) {
    const auto label = label_of(view, leaf.path);
    if (leaf.type == "codes") {
        std::vector<std::string> chosen = posted                  ? form_values(*posted, leaf.path)
                                          : leaf.value.is_array() ? leaf.value.get<std::vector<std::string>>()
                                                                  : std::vector<std::string>{};
        auto boxes = check_boxes(leaf.path, label, chosen, codes_of(view, leaf.schema));
        return leaf.schema.value("minItems", 0) > 0 ? required(std::move(boxes)) : boxes;
    }
    const auto text = posted ? form_value(*posted, leaf.path) : shown(leaf.value);
    if (leaf.type == "boolean") return check(leaf.path, label, text == "true");
    if (leaf.type == "choice") return required(radios(leaf.path, label, text, codes_of(view, leaf.schema)));
    auto made = required(input(leaf.path, label, text));
    made["short"] = leaf.type != "string";
    made["inputmode"] = leaf.type == "integer" ? "numeric" : leaf.type == "number" ? "decimal" : "text";
    return made;
}

Json read_leaf(const Request& request, const Leaf& leaf) {
    if (leaf.type == "codes") return form_values(request, leaf.path);
    const auto text = form_value(request, leaf.path);
    if (leaf.type == "boolean") return text == "true";
    if (leaf.type == "choice" || leaf.type == "string") return text;
    const auto* end = text.data() + text.size();
    std::int64_t whole = 0;
    if (const auto read = std::from_chars(text.data(), end, whole); read.ec == std::errc() && read.ptr == end)
        return whole;
    double number = 0;
    if (const auto read = std::from_chars(text.data(), end, number); read.ec == std::errc() && read.ptr == end)
        return number;
    return text; // the schema will refuse it
}

Json put_together(const std::string& path, const Json& schema, const std::map<std::string, Json>& values) {
    if (schema.value("type", "") == "object") {
        auto object = Json::object();
        for (const auto& [key, member] : schema["properties"].items())
            object[key] = put_together(path + "." + key, member, values);
        return object;
    }
    if (is_fraction(schema)) return Json::array({values.at(path + ".0"), values.at(path + ".1")});
    return values.at(path);
}

struct Rule {
    std::string key;
    Json schema, value;
    bool simple = false, bulky = false; // bulky: the value is read only when it is shown
};

// The value in force while nobody has set the rule.
Json unset(const std::string& key) {
    return key == "utc_offset_minutes" ? Json(engine::default_utc_offset_minutes) : Json();
}

std::vector<Rule> rules_of(App& app) {
    std::vector<Rule> rules;
    const auto all = app.rules.all();
    for (const auto& [key, schema] : administration::rule_schemas().items()) {
        const bool bulky = key == "calendar" || key == "catalogue";
        rules.push_back({key, schema,
                         bulky               ? Json()
                         : all.contains(key) ? all.at(key)
                                             : unset(key),
                         !bulky && simple(schema), bulky});
    }
    return rules;
}

const Rule& find_rule(const std::vector<Rule>& rules, const std::string& key) {
    for (const auto& rule : rules)
        if (rule.key == key) return rule;
    not_found();
}

// The input that a reason is about. Of a fraction, "quorum" or "quorum[1]", one of its two; of a list of codes its
// boxes.
std::string input_named(const Rule& rule, const std::string& field) {
    if (!rule.simple) return rule.key;
    auto path = field.empty() || field == "key" ? rule.key : rule.key + "." + field;
    std::vector<Leaf> list;
    leaves(rule.key, rule.schema, rule.value, list);
    const auto is_input = [&](const std::string& name) {
        return std::any_of(list.begin(), list.end(), [&](const Leaf& leaf) { return leaf.path == name; });
    };
    if (const auto bracket = path.find('['); bracket != std::string::npos) {
        const auto number = path.substr(bracket + 1, path.find(']') - bracket - 1);
        path.resize(bracket);
        if (is_input(path + "." + number)) return path + "." + number;
    }
    return is_input(path + ".0") ? path + ".0" : path;
}

Json fields_for(const View& view, const Rule& rule, const Request* posted) {
    auto fields = Json::array();
    if (!rule.simple) {
        auto value = rule.value;
        if (value.is_null()) value = view.app.rules.get(rule.key);
        auto area = required(
            text_area(rule.key, label_of(view, rule.key), posted ? form_value(*posted, rule.key) : value.dump(2), 24));
        area["hint"] = view.t("page.rules.json_hint");
        fields.push_back(area);
        return fields;
    }
    std::vector<Leaf> list;
    leaves(rule.key, rule.schema, rule.value, list);
    for (const auto& leaf : list) {
        auto field = field_of(view, leaf, posted);
        if (const auto [path, half] = half_of_share(leaf.path); half == 0) {
            const auto key = path.substr(path.rfind('.') + 1);
            field["hint"] = or_false(rule.value.is_object() && rule.value.contains(key)
                                         ? share_in_words(view, path, rule.value.at(key))
                                         : "");
        }
        fields.push_back(std::move(field));
    }
    return fields;
}

// A setting in words, if it has a simple form.
std::string in_words(const View& view, const Rule& rule, const Json& value) {
    if (!rule.simple) return cut(value.dump(-1, ' ', false, Json::error_handler_t::replace), 200);
    std::vector<Leaf> list;
    leaves(rule.key, rule.schema, value, list);
    std::string text;
    const auto line = [&](const std::string& path, const std::string& said) {
        text +=
            (text.empty() ? "" : "\n") +
            (list.size() == 1 ? said : view.t("page.label_value", {{"label", label_of(view, path)}, {"value", said}}));
    };
    for (const auto& leaf : list) {
        if (const auto [path, half] = half_of_share(leaf.path); half >= 0) {
            const auto key = path.substr(path.rfind('.') + 1);
            if (half == 0 && value.is_object() && value.contains(key))
                line(path, share_in_words(view, path, value.at(key)));
        } else if (leaf.type == "codes") {
            std::vector<std::string> words;
            for (const auto& code : leaf.value) words.push_back(code_word(view, code.get<std::string>()));
            line(leaf.path, join(view.language(), words));
        } else if (leaf.type == "boolean") {
            line(leaf.path, view.t(leaf.value == true ? "page.yes" : "page.no"));
        } else {
            line(leaf.path, leaf.type == "choice" ? code_word(view, shown(leaf.value)) : shown(leaf.value));
        }
    }
    return text;
}

Json changes_of(View& view, const Rule& rule) {
    const auto changes = view.app.rules.changes(rule.key);
    Names names;
    for (const auto& change : changes) names.want(change.by.text);
    names.load(view.app.people, view.language());
    auto list = Json::array();
    for (std::size_t at = 0; at < changes.size() && at < 10; ++at) { // newest first
        const auto& change = changes[at];
        const auto before = at + 1 < changes.size() ? changes[at + 1].value : Json();
        list.push_back({{"version", std::to_string(change.version)},
                        {"at_text", view.local(change.at)},
                        {"by", names.of(change.by.text)},
                        {"value_text", rule.key == "catalogue" ? catalogue_changes(view, before, change.value)
                                                               : in_words(view, rule, change.value)}});
    }
    return list;
}

// A proposal that waits for a second person, with a button for everybody but its author.
Json proposal_in(View& view, const Rule& rule) {
    const auto proposal = administration::proposal_of(view.app, rule.key);
    if (!proposal) return false;
    Names names;
    names.want(proposal->by.text);
    names.load(view.app.people, view.language());
    const bool is_mine = proposal->by == view.me();
    return {{"number", std::to_string(proposal->number)},
            {"is_mine", is_mine},
            {"may_approve", !is_mine},
            {"text", view.t("page.rules.proposal_text", {{"version", proposal->value.at("version")},
                                                         {"in_force_from", proposal->value.at("in_force_from")},
                                                         {"by", names.of(proposal->by.text)},
                                                         {"at", view.local(proposal->at)}})},
            {"value_text", proposal->value.dump(2)}};
}

Response rule_page(View& view, const Rule& rule, const Request* posted, const engine::Refusal& refusal, int status) {
    view.title(label_of(view, rule.key))
        .crumb("/admin", view.t("page.admin.title"))
        .crumb("/admin/rules", view.t("page.rules.title"));
    auto fields = fields_for(view, rule, posted);
    mark_errors(view, fields, refusal);
    auto& model = view.model;
    model["key"] = rule.key;
    model["fields"] = std::move(fields);
    model["indicators"] = rule.key == "catalogue" ? catalogue_rows(view, view.app.rules.get(rule.key)) : Json::array();
    model["has_indicators"] = !model["indicators"].empty();
    const auto hint = "page.rule." + rule.key + ".hint";
    model["hint"] = texts::has(view.language(), hint) ? Json(view.t(hint)) : Json(false);
    model["proposal"] = proposal_in(view, rule);
    model["changes"] = changes_of(view, rule);
    model["has_changes"] = !model["changes"].empty();
    show_what_was_done(view);
    return view.page("admin_rule", status);
}

} // namespace

std::string rule_name(const View& view, const std::string& key) { return label_of(view, key); }

std::string rule_in_words(const View& view, const std::string& key, const Json& value) {
    const auto& schemas = administration::rule_schemas();
    if (!schemas.contains(key)) return value.dump(-1, ' ', false, Json::error_handler_t::replace);
    return in_words(view, {key, schemas.at(key), value, simple(schemas.at(key))}, value);
}

Response show_rules(App& app, const Request& request) {
    View view(app, request);
    const auto rules = rules_of(app);
    if (const auto key = request.asked("key"); !key.empty())
        return rule_page(view, find_rule(rules, key), nullptr, {}, 200);
    auto rows = Json::array();
    for (const auto& rule : rules) {
        const auto text = rule.bulky ? view.t("page.rules.long") : in_words(view, rule, rule.value);
        rows.push_back({{"href", "/admin/rules?key=" + rule.key},
                        {"rule", label_of(view, rule.key)},
                        {"key", rule.key},
                        {"value_text", text}});
    }
    view.title(view.t("page.rules.title")).crumb("/admin", view.t("page.admin.title"));
    view.model["rows"] = std::move(rows);
    show_what_was_done(view);
    return view.page("admin_rules");
}

Response set_rule(App& app, const Request& request) {
    View view(app, request);
    const auto rules = rules_of(app);
    const auto& rule = find_rule(rules, form_value(request, "key"));
    if (const auto number = form_value(request, "approve"); !number.empty()) {
        int proposal = 0;
        std::from_chars(number.data(), number.data() + number.size(), proposal);
        const auto result = administration::approve_rule(app, view.me(), rule.key, proposal);
        if (!result.ok()) return rule_page(view, rule, nullptr, result.refusal, 422);
        return Response::redirect("/admin/rules?key=" + rule.key + "&done=rule_approved");
    }
    Json value;
    engine::Refusal refusal;
    if (rule.simple) {
        std::vector<Leaf> list;
        leaves(rule.key, rule.schema, rule.value, list);
        std::map<std::string, Json> values;
        for (const auto& leaf : list) values[leaf.path] = read_leaf(request, leaf);
        value = put_together(rule.key, rule.schema, values);
    } else {
        value = json_or_null(form_value(request, rule.key));
        if (value.is_null()) refusal.add_for(rule.key, "not_json");
    }
    if (refusal.empty()) {
        const auto result = administration::set_rule(app, view.me(), rule.key, value);
        for (const auto& reason : result.refusal.reasons()) {
            auto facts = reason.facts;
            const auto field = input_named(rule, reason.field);
            facts["field"] = label_of(view, field);
            refusal.add_for(field, reason.code, facts);
        }
    }
    if (!refusal.empty()) return rule_page(view, rule, &request, refusal, 422);
    const bool waits = administration::proposal_of(app, rule.key).has_value();
    return Response::redirect("/admin/rules?key=" + rule.key + (waits ? "&done=rule_proposed" : "&done=rule_saved"));
}

} // namespace cunmai::http::pages
