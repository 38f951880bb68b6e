// Single inputs, for the partial `field`.
#include "adapters/http/pages/forms.hpp"
#include "adapters/services/uploads.hpp"
#include "adapters/words/texts.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

Json bare(std::string name, std::string label) {
    Json field{{"name", std::move(name)}, {"label", std::move(label)}};
    for (const auto* key :
         {"hint",      "error",        "value",         "required", "optional",  "is_input",   "is_textarea",
          "is_select", "is_radios",    "is_checkboxes", "is_check", "is_file",   "input_type", "autocomplete",
          "inputmode", "min",          "max",           "step",     "maxlength", "unit",       "short",
          "rows",      "empty_option", "checked",       "accept",   "multiple"})
        field[key] = false;
    field["options"] = Json::array();
    return field;
}

Json options_of(const std::vector<Option>& options, const std::vector<std::string>& chosen) {
    auto list = Json::array();
    for (const auto& option : options)
        list.push_back({{"value", option.value},
                        {"text", option.text},
                        {"note", or_false(option.note)},
                        {"chosen", std::find(chosen.begin(), chosen.end(), option.value) != chosen.end()}});
    return list;
}

} // namespace

Json input(std::string name, std::string label, const std::string& value, std::string type) {
    auto field = bare(std::move(name), std::move(label));
    field["is_input"] = true;
    field["input_type"] = std::move(type);
    field["value"] = or_false(value);
    return field;
}

Json text_area(std::string name, std::string label, const std::string& value, int rows) {
    auto field = bare(std::move(name), std::move(label));
    field["is_textarea"] = true;
    field["rows"] = std::to_string(rows);
    field["value"] = or_false(value);
    return field;
}

Json select(std::string name, std::string label, const std::string& value, const std::vector<Option>& options,
            const std::string& empty_option) {
    auto field = bare(std::move(name), std::move(label));
    field["is_select"] = true;
    field["empty_option"] = or_false(empty_option);
    field["options"] = options_of(options, {value});
    return field;
}

std::vector<Option> language_options() {
    return {{"zh-CN", texts::text("en", "ui.other_language"), ""},
            {"en", texts::text("zh-CN", "ui.other_language"), ""}};
}

Json radios(std::string name, std::string label, const std::string& value, const std::vector<Option>& options) {
    auto field = bare(std::move(name), std::move(label));
    field["is_radios"] = true;
    field["options"] = options_of(options, {value});
    return field;
}

Json check_boxes(std::string name, std::string label, const std::vector<std::string>& values,
                 const std::vector<Option>& options) {
    auto field = bare(std::move(name), std::move(label));
    field["is_checkboxes"] = true;
    field["options"] = options_of(options, values);
    return field;
}

Json check(std::string name, std::string label, bool checked) {
    auto field = bare(std::move(name), std::move(label));
    field["is_check"] = true;
    field["value"] = "true";
    field["checked"] = checked;
    return field;
}

Json file(std::string name, std::string label, bool several) {
    auto field = bare(std::move(name), std::move(label));
    field["is_file"] = true;
    field["accept"] = accepted_extensions();
    field["multiple"] = several;
    return field;
}

Json required(Json field) {
    field["required"] = true;
    field["optional"] = false;
    return field;
}

Json optional(Json field) {
    field["required"] = false;
    field["optional"] = true;
    return field;
}

void mark_errors(View& view, Json& fields, const engine::Refusal& refusal, const std::string& prefix) {
    auto& errors = view.model["errors"];
    const auto before = errors.size();
    view.wrong(refusal, prefix);
    for (const auto& reason : refusal.reasons())
        for (auto& field : fields)
            if (!reason.field.empty() && field["name"] == prefix + reason.field && field["error"] == false)
                field["error"] = texts::sentence(view.language(), reason);
    for (auto at = before; at < errors.size();
         ++at) // a link to an input that this form doesn't have would lead nowhere
        if (std::none_of(fields.begin(), fields.end(),
                         [&](const Json& field) { return field["name"] == errors[at]["field"]; }))
            errors[at]["field"] = false;
}

} // namespace cunmai::http::pages
