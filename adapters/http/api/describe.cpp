#include "adapters/http/api/describe.hpp"

#include "adapters/http/edge/etag.hpp"
#include "db/cases/case_numbers.hpp"

namespace cunmai::http::api {

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
               "The version that you have seen, as in the ETag: \"7\"; also weak or as one of several, then the newest "
               "counts. "
               "Missing, or *: 428. Not the current one: 409; "
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

std::int64_t if_match(const Request& request) { return newest_version(request.header("If-Match")); }

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

Reading reading(App& app, const Request& request) { return {app, request.who().viewer}; }

engine::CaseRow case_of(App& app, const Request& request) {
    auto row = reading(app, request).find({request.param("id")});
    if (!row) not_found();
    return std::move(*row);
}

std::string number_of(App& app, const Request& request, const engine::CaseRow& row) {
    return reading(app, request).numbers({row}).at(row.id.text);
}

std::string etag(std::int64_t version) { return '"' + std::to_string(version) + '"'; }

} // namespace cunmai::http::api
