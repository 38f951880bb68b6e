#include "adapters/http/api/describe.hpp"

#include "db/cases/case_numbers.hpp"

namespace cunmai::http::api {

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

Describe&& Describe::add(std::string name, std::string in, bool required, Json schema, std::string says) {
    parameters.push_back({std::move(name), std::move(in), required, std::move(schema), std::move(says)});
    return std::move(*this);
}

Describe&& Describe::paged() && {
    return std::move(*this)
        .query("limit", number(1, 100), "Items per page; 20 when not given.")
        .query("cursor", like(cursor_pattern), "`next_cursor` of the page before.");
}

Describe&& Describe::if_match() && {
    return add("If-Match", "header", true, like(version_pattern),
               "The version that you have seen, as in the ETag: \"7\". Missing: 428. Not the current one: 409; "
               "but a command that commutes (a vote) is taken when all that came since commutes too.");
}

Describe&& Describe::idempotency_key() && {
    return add(
        "Idempotency-Key", "header", true, like(visible_ascii_pattern),
        "Your own name for this very command, 8 to 100 visible ASCII characters. Sent again with the same body, "
        "the first answer comes back, also a refusal (403, 404, 422), even where its cause is gone: to try again, use "
        "a new key. With another body: 422. Answers without an outcome (409, 428, 503) use no key up: send the same "
        "again, after 409 with the current version. The choice of a secret vote is never kept, so that with another "
        "choice too the first answer comes back: to change a vote, use a new key.");
}

Describe&& Describe::on_behalf_of() && {
    return add("On-Behalf-Of", "header", false, like(id_pattern), "Id of the person who delegated a role to you.");
}

int limit_of(const Request& request) { return std::stoi(request.asked("limit", "20")); }

std::int64_t if_match(const Request& request) {
    const auto tag = request.header("If-Match");
    return std::stoll(tag.substr(1, tag.size() - 2));
}

std::string idempotency_key(const Request& request) { return request.header("Idempotency-Key"); }
engine::PersonId on_behalf_of(const Request& request) { return {request.header("On-Behalf-Of")}; }
bool asked_true(const Request& request, std::string_view name) { return request.asked(name) == "true"; }
Json or_null_text(const std::string& value) { return value.empty() ? Json() : Json(value); }

void not_found() {
    Problem problem;
    problem.status = 404;
    problem.code = "not_found";
    throw problem;
}

void refused(const engine::Refusal& refusal, int status) {
    Problem problem;
    problem.status = status;
    problem.code = status == 403 ? "forbidden" : "refused";
    problem.reasons = refusal;
    throw problem;
}

Json page_after(const Request& request, const Json& items, const std::string& key) {
    const auto key_of = [&](const Json& item) {
        return item.at(key).is_string() ? item.at(key).get<std::string>() : item.at(key).dump();
    };
    const auto cursor = request.asked("cursor");
    std::size_t from = 0;
    while (!cursor.empty() && from < items.size() && key_of(items[from]) != cursor) ++from;
    if (!cursor.empty() && from++ == items.size()) throw db::BadCursor();
    const auto until = std::min(items.size(), from + static_cast<std::size_t>(limit_of(request)));
    auto page = Json::array();
    for (auto at = from; at < until; ++at) page.push_back(items[at]);
    return {{"items", page}, {"next_cursor", until < items.size() ? Json(key_of(items[until - 1])) : Json()}};
}

Response no_content() {
    Response response;
    response.status = 204;
    return response;
}

engine::CaseRow case_of(App& app, const Request& request) {
    auto row = app.cases.find(request.who().viewer, {request.param("id")});
    if (!row) not_found();
    return std::move(*row);
}

std::string number_of(App& app, const engine::CaseRow& row) {
    return db::case_numbers(app.database, {row.id.text}, engine::default_utc_offset_minutes).at(row.id.text);
}

std::string etag(std::int64_t version) { return '"' + std::to_string(version) + '"'; }

} // namespace cunmai::http::api
