// Checks what a person sent against the fields of a command, before any workflow sees it.
#include "engine/control_characters.hpp"
#include "engine/definition.hpp"
#include "engine/digest.hpp"
#include "engine/text.hpp"

#include <algorithm>
#include <cmath>

namespace cunmai::engine {

namespace {

constexpr int line_length_max = 200;
constexpr int text_length_max = 4000;
constexpr std::size_t list_length_max = 200;
constexpr int unknown_fields_max = 20; // named in a refusal, which is kept in the database
constexpr std::size_t field_name_max = 60;

// 80 rather than 80.0 in a sentence.
Json plain(double number) {
    return number == std::floor(number) ? Json(static_cast<std::int64_t>(number)) : Json(number);
}

class FieldCheck {
  public:
    FieldCheck(const Field& field, Refusal& why) : field_(field), why_(why) {}

    void value(const Json& value) {
        switch (field_.type) {
        case FieldType::line: return text(value, field_.length_max ? field_.length_max : line_length_max, Lines::one);
        case FieldType::text:
            return text(value, field_.length_max ? field_.length_max : text_length_max, Lines::several);
        case FieldType::person:
        case FieldType::case_id: return text(value, 64, Lines::one);
        case FieldType::choice: return choice(value);
        case FieldType::integer:
            if (!value.is_number_integer()) return wrong_type("integer");
            return range(value.get<double>());
        case FieldType::decimal:
            if (!value.is_number()) return wrong_type("number");
            return range(value.get<double>());
        case FieldType::boolean:
            if (!value.is_boolean()) wrong_type("boolean");
            return;
        case FieldType::date:
            if (!value.is_string() || !parse_date(value.get<std::string>())) problem("not_a_date");
            return;
        case FieldType::document:
            if (!value.is_string() || !is_hex(value.get_ref<const std::string&>(), 64)) problem("not_a_document");
            return;
        case FieldType::choices: return list(value, [this](const Json& item) { choice(item); });
        case FieldType::people:
        case FieldType::cases:
        case FieldType::places: return list(value, [this](const Json& item) { text(item, 64, Lines::one); });
        case FieldType::documents:
            return list(value, [this](const Json& item) {
                if (!item.is_string() || !is_hex(item.get_ref<const std::string&>(), 64)) problem("not_a_document");
            });
        }
    }

    void problem(std::string_view code, Json facts = Json::object()) {
        facts["field"] = field_.key;
        why_.add_for(field_.key, code, std::move(facts));
    }

  private:
    void wrong_type(std::string_view expected) { problem("wrong_type", {{"expected", expected}}); }

    void text(const Json& value, int max, Lines lines) {
        if (!value.is_string()) return wrong_type("string");
        const auto& text = value.get_ref<const std::string&>();
        if (characters(text) > static_cast<std::size_t>(max)) problem("too_long", {{"max", max}});
        if (has_control_character(text, lines)) return problem("control_character");
        if (field_.required && is_blank(text)) problem("missing");
    }

    void choice(const Json& value) {
        if (!value.is_string()) return wrong_type("string");
        if (std::find(field_.choices.begin(), field_.choices.end(), value.get<std::string>()) == field_.choices.end())
            problem("not_a_choice", {{"choices", field_.choices}});
    }

    void range(double number) {
        if (!std::isfinite(number)) return wrong_type("number");
        if (field_.max > field_.min && (number < field_.min || number > field_.max))
            problem("out_of_range", {{"min", plain(field_.min)}, {"max", plain(field_.max)}});
    }

    template <class Check> void list(const Json& value, Check check) {
        if (!value.is_array()) return wrong_type("array");
        if (field_.required && value.empty()) return problem("missing");
        if (value.size() > list_length_max) return problem("too_many", {{"max", list_length_max}});
        for (const auto& item : value) check(item);
    }

    const Field& field_;
    Refusal& why_;
};

} // namespace

Refusal check_payload(const Fields& fields, const Json& payload) {
    Refusal why;
    if (!payload.is_object()) {
        why.add("payload_not_object");
        return why;
    }
    int unknown = 0;
    for (const auto& entry : payload.items()) {
        const auto& key = entry.key();
        if (std::any_of(fields.begin(), fields.end(), [&](const Field& field) { return field.key == key; })) continue;
        if (unknown++ == unknown_fields_max) break;
        const auto name = first_characters(key, field_name_max);
        why.add_for(name, "unknown_field", {{"field", name}});
    }
    for (const auto& field : fields) {
        FieldCheck check(field, why);
        const auto value = payload.find(field.key);
        if (value == payload.end() || value->is_null()) {
            if (field.required) check.problem("missing");
        } else {
            check.value(*value);
        }
    }
    return why;
}

} // namespace cunmai::engine
