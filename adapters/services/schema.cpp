#include "adapters/services/schema.hpp"

#include "engine/control_characters.hpp"
#include "engine/text.hpp"
#include "engine/time.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <mutex>
#include <regex>

namespace cunmai::schema {

namespace {

const std::regex& compiled(const std::string& pattern) {
    static std::mutex mutex;
    static std::map<std::string, std::regex> all;
    const std::lock_guard lock(mutex);
    const auto found = all.find(pattern);
    return found != all.end() ? found->second : all.emplace(pattern, std::regex(pattern)).first->second;
}

// Empty when the text matches, otherwise the reason's code.
std::string_view pattern_problem(const std::string& pattern, const std::string& text) {
    const bool lines_allowed = pattern == lines || pattern == lines_not_blank;
    if (lines_allowed || pattern == one_line || pattern == one_line_not_blank) {
        if (has_control_character(text, lines_allowed ? Lines::several : Lines::one)) return "control_character";
        const bool must_say_something = pattern == one_line_not_blank || pattern == lines_not_blank;
        return must_say_something && is_blank(text) ? "missing" : "";
    }
    return text.size() <= 4096 && std::regex_match(text, compiled(pattern)) ? "" : "malformed";
}

bool is_type(const Json& value, const std::string& type) {
    if (type == "string") return value.is_string();
    if (type == "integer")
        return value.is_number_integer() ||
               (value.is_number_float() && std::floor(value.get<double>()) == value.get<double>());
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_boolean();
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    return type == "null" && value.is_null();
}

class Check {
  public:
    Check(const Json& components, engine::Refusal& why) : components_(components), why_(why) {}

    // A blank where something is needed is missing, whatever form the text should have.
    void value(const Json& schema, const Json& value, const std::string& at) {
        if (!value.is_string() || !is_blank(value.get_ref<const std::string&>())) return checked(schema, value, at);
        engine::Refusal why;
        Check(components_, why).checked(schema, value, at);
        if (why.empty()) return;
        if (std::all_of(why.reasons().begin(), why.reasons().end(), [](const auto& reason) {
                return reason.code == "unknown_field" || reason.code == "wrong_type";
            }))
            why_.add_all(why);
        else
            add(at, "missing");
    }

  private:
    void checked(const Json& schema, const Json& value, const std::string& at) {
        if (schema.is_boolean()) {
            if (!schema.get<bool>()) add(at, "unknown_field");
            return;
        }
        if (const auto ref = schema.find("$ref"); ref != schema.end()) return this->value(referred(*ref), value, at);
        if (schema.contains("anyOf") || schema.contains("oneOf")) alternatives(schema, value, at);
        if (schema.contains("type") && !typed(schema["type"], value, at)) return;
        if (schema.contains("const") && value != schema["const"])
            return add(at, "not_a_choice", {{"choices", {schema["const"]}}});
        if (schema.contains("enum") &&
            std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end())
            return add(at, "not_a_choice", {{"choices", schema["enum"]}});
        if (value.is_string()) text(schema, value.get_ref<const std::string&>(), at);
        if (value.is_number()) number(schema, value.get<double>(), at);
        if (value.is_array()) array(schema, value, at);
        if (value.is_object()) object(schema, value, at);
    }

    const Json& referred(const Json& ref) const {
        const auto& name = ref.get_ref<const std::string&>();
        return components_.at(name.substr(name.rfind('/') + 1));
    }

    void add(const std::string& at, std::string_view code, Json facts = Json::object()) {
        if (!at.empty()) facts["field"] = at;
        why_.add_for(at, code, std::move(facts));
    }

    // oneOf is used only with alternatives that exclude each other, so it may be checked like anyOf.
    void alternatives(const Json& schema, const Json& value, const std::string& at) {
        engine::Refusal first;
        for (const auto& option : schema.contains("anyOf") ? schema["anyOf"] : schema["oneOf"]) {
            engine::Refusal why;
            Check(components_, why).value(option, value, at);
            if (why.empty()) return;
            if (first.empty()) first = why;
        }
        why_.add_all(first);
    }

    bool typed(const Json& type, const Json& value, const std::string& at) {
        const bool ok = type.is_array() ? std::any_of(type.begin(), type.end(),
                                                      [&](const Json& one) { return is_type(value, one); })
                                        : is_type(value, type);
        if (!ok) add(at, "wrong_type", {{"expected", type.is_array() ? type.front() : type}});
        return ok;
    }

    void text(const Json& schema, const std::string& text, const std::string& at) {
        const auto length = characters(text);
        if (length > schema.value("maxLength", std::size_t{1} << 30))
            return add(at, "too_long", {{"max", schema["maxLength"]}});
        if (length < schema.value("minLength", std::size_t{0}))
            return add(at, "too_short", {{"min", schema["minLength"]}});
        const auto format = schema.value("format", "");
        if (format == "date" && !engine::parse_date(text)) return add(at, "not_a_date");
        if (format == "date-time" && !engine::parse_iso(text)) return add(at, "not_a_date");
        if (const auto pattern = schema.find("pattern"); pattern != schema.end())
            if (const auto code = pattern_problem(*pattern, text); !code.empty()) add(at, code);
    }

    void number(const Json& schema, double number, const std::string& at) {
        const auto min = schema.value("minimum", -HUGE_VAL), max = schema.value("maximum", HUGE_VAL);
        if (!(number >= min && number <= max)) {
            Json facts = Json::object();
            if (schema.contains("minimum")) facts["min"] = schema["minimum"];
            if (schema.contains("maximum")) facts["max"] = schema["maximum"];
            add(at, "out_of_range", std::move(facts));
        }
    }

    void array(const Json& schema, const Json& list, const std::string& at) {
        if (list.size() > schema.value("maxItems", std::size_t{1} << 30))
            return add(at, "too_many", {{"max", schema["maxItems"]}});
        if (list.size() < schema.value("minItems", std::size_t{0})) return add(at, "missing");
        if (const auto items = schema.find("items"); items != schema.end())
            for (std::size_t i = 0; i < list.size(); ++i) value(*items, list[i], at + "[" + std::to_string(i) + "]");
    }

    void object(const Json& schema, const Json& members, const std::string& at) {
        const auto path = [&](const std::string& key) { return at.empty() ? key : at + "." + key; };
        if (members.size() > schema.value("maxProperties", std::size_t{1} << 30))
            add(at, "too_many", {{"max", schema["maxProperties"]}});
        if (members.size() < schema.value("minProperties", std::size_t{0})) add(at, "missing");
        if (const auto required = schema.find("required"); required != schema.end())
            for (const auto& key : *required)
                if (!members.contains(key)) add(path(key), "missing");
        const auto properties = schema.find("properties");
        const auto names = schema.find("propertyNames");
        for (const auto& [key, member] : members.items()) {
            if (names != schema.end()) value(*names, key, path(key));
            if (properties != schema.end() && properties->contains(key))
                value((*properties)[key], member, path(key));
            else if (schema.contains("additionalProperties"))
                value(schema["additionalProperties"], member, path(key));
        }
    }

    const Json& components_;
    engine::Refusal& why_;
};

bool has_type(const Json& schema, std::string_view type) {
    const auto found = schema.find("type");
    return found != schema.end() && *found == type;
}

} // namespace

engine::Refusal violations(const Json& schema, const Json& value, const Json& components) {
    engine::Refusal why;
    Check(components, why).value(schema, value, "");
    return why;
}

Json parameter_value(const Json& schema, const std::string& text) {
    if (has_type(schema, "boolean")) return text == "true" ? Json(true) : text == "false" ? Json(false) : Json();
    if (has_type(schema, "integer")) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        return error == std::errc{} && end == text.data() + text.size() ? Json(number) : Json();
    }
    return text;
}

} // namespace cunmai::schema
