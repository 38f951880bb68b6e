// The description of a route of the API: its handler side by side with what the OpenAPI document says about it.
// Requests are checked against the same description before the handler sees them (checked.hpp).
#pragma once

#include "adapters/http/edge/http.hpp"
#include "adapters/services/reading.hpp"
#include "adapters/services/schema_words.hpp"

namespace cunmai::http::api {

using namespace schema;

struct Endpoint {
    Handler handler;
    Doc doc;
    bool streams = false;
};

// ---- a route's description ------------------------------------------------------------------------------------------

class Describe : public Doc {
  public:
    Describe(std::string says, std::string group) {
        summary = std::move(says);
        tag = std::move(group);
    }
    Describe&& path(std::string name, Json schema) && {
        return add(std::move(name), "path", true, std::move(schema), "");
    }
    Describe&& query(std::string name, Json schema, std::string says = "") && {
        return add(std::move(name), "query", false, std::move(schema), std::move(says));
    }
    Describe&& must_query(std::string name, Json schema, std::string says = "") && {
        return add(std::move(name), "query", true, std::move(schema), std::move(says));
    }
    Describe&& id() && { return std::move(*this).path("id", like(id_pattern)); }
    Describe&& paged() &&; // limit 1..100 and cursor
    Describe&& if_match() &&;
    Describe&& idempotency_key() &&;
    Describe&& on_behalf_of() &&;
    Describe&& takes(Json schema) && {
        body = std::move(schema);
        return std::move(*this);
    }
    Describe&& answers(int status, Json schema = Json()) && {
        responses[status] = std::move(schema);
        return std::move(*this);
    }
    Describe&& gives_headers(int status, std::vector<std::string> names) && {
        headers[status] = std::move(names);
        return std::move(*this);
    }
    Describe&& takes_bytes(std::vector<std::string> types) && {
        body = {{"type", "string"}, {"format", "binary"}, {"minLength", 1}};
        body_types = std::move(types);
        return std::move(*this);
    }
    Describe&& gives_bytes(std::vector<std::string> types) && {
        answer_types = std::move(types);
        return std::move(*this);
    }
    Describe&& may_fail(std::vector<int> statuses) && {
        problems = std::move(statuses);
        return std::move(*this);
    }

  private:
    Describe&& add(std::string name, std::string in, bool required, Json schema, std::string says);
};

// ---- what handlers share --------------------------------------------------------------------------------------------

int limit_of(const Request& request);                  // 1..100; 20 when the request has none
std::int64_t if_match(const Request& request);         // REQUIRES: checked.hpp has checked it
std::string idempotency_key(const Request& request);   // REQUIRES: checked.hpp has checked it
engine::PersonId on_behalf_of(const Request& request); // empty when absent
bool asked_true(const Request& request, std::string_view name);
Json or_null_text(const std::string& value); // "" → null
[[noreturn]] void not_found(); // the same answer for what does not exist and what the person may not know of
[[noreturn]] void refused(const engine::Refusal& refusal, int status = 422);
std::string etag(std::int64_t version);
// A page of a short list in memory: the items after the one whose key is the cursor. Throws Problem 400.
Json page_after(const Request& request, const Json& items, const std::string& key);
Response no_content();
Reading reading(App& app, const Request& request); // for the person who sends the request
// Throws Problem 404 when there is no such case in the jurisdiction of the person.
engine::CaseRow case_of(App& app, const Request& request);
std::string number_of(App& app, const Request& request, const engine::CaseRow& row); // as people know the case

} // namespace cunmai::http::api
