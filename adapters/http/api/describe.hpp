// How a route of the API is written down: its handler and what the OpenAPI document says of it, side by side. The same
// words are used to check a request before the handler sees it (checked.hpp).
#pragma once

#include "adapters/http/edge/http.hpp"
#include "adapters/services/schema.hpp"

namespace cunmai::http::api {

struct Endpoint {
    Handler handler;
    Doc doc;
    bool streams = false;
};

// ---- schemas in few words
// ---------------------------------------------------------------------------------------------

Json ref(std::string_view component);                 // $ref to a component
Json text(std::size_t length_max);                    // one line, may be empty
Json said(std::size_t length_max);                    // one line, not blank
Json prose(std::size_t length_max);                   // several lines, not blank
Json like(std::string_view pattern);                  // text of a form
Json one_of(const std::vector<std::string>& choices); // enum of texts
Json number(std::int64_t min, std::int64_t max);      // integer
Json date();
Json instant();
Json password(); // 1 to 200 characters, any but NUL
Json flag();
Json list_of(Json items, std::size_t items_max = 1000);
Json or_null(Json schema); // REQUIRES: a schema with one type
// An object with exactly these members; those in `optional` may be left out.
Json object(Json properties, const std::vector<std::string>& optional = {});
Json page_of(std::string_view component, Json more = Json::object()); // items, next_cursor and more
Json anything();

// ---- a route's description
// --------------------------------------------------------------------------------------------

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

// ---- what handlers share
// ----------------------------------------------------------------------------------------------

int limit_of(const Request& request);                  // 1..100, 20 when not asked
std::int64_t if_match(const Request& request);         // checked before
std::string idempotency_key(const Request& request);   // checked before
engine::PersonId on_behalf_of(const Request& request); // empty when absent
bool asked_true(const Request& request, std::string_view name);
Json or_null_text(const std::string& value); // "" → null
[[noreturn]] void not_found();               // the one answer for what isn't there or may not be known
[[noreturn]] void refused(const engine::Refusal& refusal, int status = 422);
std::string etag(std::int64_t version);
// A page of a short list that is whole in memory: what follows the item whose key is the cursor. Throws Problem 400.
Json page_after(const Request& request, const Json& items, const std::string& key);
Response no_content();
// The case, or 404: also for one of another jurisdiction.
engine::CaseRow case_of(App& app, const Request& request);
std::string number_of(App& app, const engine::CaseRow& row); // that people read out

} // namespace cunmai::http::api
