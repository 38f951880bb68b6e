#include "adapters/services/schema_words.hpp"

#include <algorithm>

namespace cunmai::schema {

Json ref(std::string_view component) { return {{"$ref", "#/components/schemas/" + std::string(component)}}; }
Json text(std::size_t length_max) { return {{"type", "string"}, {"maxLength", length_max}, {"pattern", one_line}}; }
Json said(std::size_t length_max) {
    return {{"type", "string"}, {"minLength", 1}, {"maxLength", length_max}, {"pattern", one_line_not_blank}};
}
Json prose(std::size_t length_max) {
    return {{"type", "string"}, {"minLength", 1}, {"maxLength", length_max}, {"pattern", lines_not_blank}};
}
Json like(std::string_view pattern) { return {{"type", "string"}, {"pattern", pattern}}; }
Json one_of(const std::vector<std::string>& choices) { return {{"type", "string"}, {"enum", choices}}; }
Json number(std::int64_t min, std::int64_t max) { return {{"type", "integer"}, {"minimum", min}, {"maximum", max}}; }
Json date() { return {{"type", "string"}, {"format", "date"}, {"pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}}; }
Json instant() {
    return {{"type", "string"},
            {"format", "date-time"},
            {"pattern",
             R"(^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$)"}};
}
Json password() { return {{"type", "string"}, {"minLength", 1}, {"maxLength", 200}, {"pattern", R"(^[^\x00]*$)"}}; }
Json flag() { return {{"type", "boolean"}}; }
Json list_of(Json items, std::size_t items_max) {
    return {{"type", "array"}, {"items", std::move(items)}, {"maxItems", items_max}};
}

Json or_null(Json schema) {
    if (schema.contains("enum")) schema["enum"].push_back(nullptr);
    if (schema.contains("$ref")) return {{"anyOf", {std::move(schema), {{"type", "null"}}}}};
    schema["type"] = Json::array({schema["type"], "null"});
    return schema;
}

Json object(Json properties, const std::vector<std::string>& optional) {
    auto required = Json::array();
    for (const auto& [name, schema] : properties.items())
        if (std::find(optional.begin(), optional.end(), name) == optional.end()) required.push_back(name);
    Json schema{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
    if (!required.empty()) schema["required"] = std::move(required);
    return schema;
}

Json page_of(std::string_view component, Json more) {
    more["items"] = list_of(ref(component));
    more["next_cursor"] = or_null(like(cursor_pattern));
    return object(std::move(more));
}

Json anything() { return Json::object(); }

} // namespace cunmai::schema
