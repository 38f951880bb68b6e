// A request and a response as handlers see them: values, no sockets. Poco stays in server.cpp.
#pragma once

#include "adapters/services/app.hpp"

#include <functional>
#include <istream>
#include <map>
#include <ostream>

namespace cunmai::http {

struct AccessRow { // of one request
    db::Access access;
    bool kept = false; // with the command that it asked for
};

// Who is asking. Signed in by cookie (browser) or by bearer token (program).
struct Officer {
    db::Person person;
    engine::Viewer viewer;
    std::string session; // token hash
    std::string csrf;    // empty for bearer
    bool bearer = false;
};

struct Request {
    std::string id;     // request id, also in the event, the log and problem documents
    std::string method; // GET, POST, PUT, PATCH, DELETE
    std::string path;   // decoded, without query
    std::string target; // as sent, path and query: for "back to where you were" (checked before use)
    std::multimap<std::string, std::string> query;
    std::map<std::string, std::string> path_params;
    std::string address;            // of the peer
    std::string language;           // "zh-CN" or "en": ?lang, cookie, person's setting, Accept-Language
    std::string body;               // read to the end, within the limit; empty for streaming routes
    std::istream* stream = nullptr; // streaming routes (uploads)
    std::int64_t content_length = -1;
    std::optional<Officer> officer;
    std::string csrf;    // what every form of this page carries as `csrf`, signed in or not; empty for programs
    bool review = false; // nothing is carried out: the form is shown again with what was typed, files excepted
    std::function<std::string(std::string_view)> header; // "" when absent
    std::function<bool(std::string_view)> has_header = [](std::string_view) { return false; };
    std::shared_ptr<AccessRow> access_row; // null: not logged

    const Officer& who() const { return *officer; } // REQUIRES: the route needs a signed-in person
    std::string param(std::string_view name) const; // of the path
    std::string asked(std::string_view name, std::string_view otherwise = "") const; // of the query
    Json json() const; // throws Problem 400 (bad UTF-8, too deep, not JSON, duplicate key)
    // x-www-form-urlencoded or multipart fields (text parts). Throws Problem 400/413.
    const std::multimap<std::string, std::string>& form() const;
    struct Upload {
        std::string field, name, media_type, content_file;
        std::int64_t size = 0;
    };                                          // temporary file
    const std::vector<Upload>& uploads() const; // of a multipart form

    // What the access log says that this was about, where the path doesn't: set by the handler.
    mutable std::string about{};

    struct Parsed;
    mutable std::shared_ptr<Parsed> parsed;
};

struct Response {
    int status = 200;
    std::multimap<std::string, std::string> headers;
    std::string body;
    std::function<void(std::ostream&)> stream; // instead of body; content_length must then be right
    std::int64_t content_length = -1;
    bool events = false;    // detach the socket and hand it to the live-events broadcaster
    engine::CaseId watches; // events: also of this case; empty: of none

    static Response json(int status, const Json& value);
    static Response html(int status, std::string page);
    static Response redirect(std::string location); // 303
    Response& with(std::string name, std::string value) {
        headers.emplace(std::move(name), std::move(value));
        return *this;
    }
};

// RFC 9457. Thrown by handlers, answered in one place: JSON under /api, a page elsewhere.
struct Problem {
    int status = 400;
    std::string code{}; // message key error.<code> gives title and, with .detail, the sentence
    Json facts = Json::object();
    engine::Refusal reasons{}; // "reasons": [{code, field, detail}] with sentences in the reader's language
    std::map<std::string, std::string> headers{}; // ETag of the current version, Retry-After
    Json more = Json::object();                   // further members of the problem document
    std::string detail_key{};                     // of the sentence, when it is not error.<code>.detail
};

// ---- the route table: one line per route, read like a table of contents
// ----------------------------------------------

enum class Access {
    open,      // nobody needs to be signed in
    signed_in, // any person
    system,    // system_administrator
    security,  // security_administrator
    audit,     // audit_administrator
    demo,      // any person, on a demo server only; otherwise refused
};

struct Parameter {
    std::string name, in; // query, header, path
    bool required = false;
    Json schema = Json::object();
    std::string description{};
};

struct Doc { // what OpenAPI says of an API route; pages have none
    std::string summary{}, tag{};
    std::vector<Parameter> parameters{};
    Json body{}; // schema; null: no body
    std::string body_type = "application/json";
    std::map<int, Json> responses{}; // status → schema (null: no content); problem answers are added by the generator
    std::map<int, std::vector<std::string>> headers; // of an answer: ETag, Location, …
    std::vector<std::string> body_types;             // instead of body_type, where several are taken
    std::vector<std::string> answer_types;           // instead of application/json
    std::vector<int> problems{}; // problem statuses besides those that every route of its kind can give
};

using Handler = std::function<Response(App&, const Request&)>;

struct Route {
    std::string method, pattern; // "/api/v1/cases/{id}"
    Access access = Access::signed_in;
    Handler handler{};
    bool streams = false; // the body is not read beforehand
    Doc doc{};
    bool shows_again = false; // a long form: its handler heeds Request::review, and tells of too large files itself
};

std::vector<Route> api_routes();  // adapters/http/api/
std::vector<Route> page_routes(); // adapters/http/pages/

// Gives the request's one command; its row of the access log is kept in the same transaction, or both are not.
// `accepted`: the status of the answer then.
engine::Outcome execute(App& app, const Request& request, engine::CommandRequest command, int accepted);

// Maps an engine outcome to an answer: 200, 409, 422, 403, 404 in one place. Throws Problem unless accepted.
Json accepted_or_problem(const Request& request, const engine::Outcome& outcome);

} // namespace cunmai::http
