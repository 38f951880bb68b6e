// A request and a response as handlers see them: values, no sockets. Poco stays in server.cpp.
#pragma once

#include "adapters/services/app.hpp"

#include <functional>
#include <istream>
#include <map>
#include <ostream>

namespace cunmai::http {

struct AccessRow { // the row of one request
    db::Access access;
    bool kept = false; // already, in the transaction of the request's command
};

// The person who sends the request, signed in by cookie (browser) or by bearer token (program).
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
    std::string address;              // of the peer
    std::string language;             // "zh-CN" or "en": ?lang, cookie, person's setting, Accept-Language
    std::string body;                 // read to the end, within the limit; empty for streaming routes
    std::istream* stream = nullptr;   // streaming routes (uploads)
    std::int64_t content_length = -1; // -1: the body came in chunks
    std::optional<Officer> officer;
    std::string csrf;    // the `csrf` of every form on this page, signed in or not; empty for programs
    bool review = false; // do nothing but show the form again with what was typed, without files
    std::function<std::string(std::string_view)> header; // "" when absent
    std::function<bool(std::string_view)> has_header = [](std::string_view) { return false; };
    std::function<bool()> has_left = [] { return false; }; // the client hung up: nobody will see the answer
    std::shared_ptr<AccessRow> access_row;                 // null: not logged

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

    // The object for the access log, set by the handler when the path does not name it.
    mutable std::string about{};

    struct Parsed;
    mutable std::shared_ptr<Parsed> parsed;
};

struct Response {
    int status = 200;
    std::multimap<std::string, std::string> headers;
    std::string body;
    std::function<void(std::ostream&)> stream; // writes the body instead; content_length must then be exact
    std::int64_t content_length = -1;
    bool events = false;    // detach the socket and hand it to the live-events broadcaster
    engine::CaseId watches; // with events: also report changes of this case, unless empty

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
    std::string detail_key{};                     // message key of the sentence if it is not error.<code>.detail
};

// Thrown where nothing was done yet and nobody waits for it any more. No answer, no row of the access log.
struct ClientLeft {};

// ---- the route table: one line per route, read like a table of contents ---------------------------------------------

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
    std::vector<std::string> body_types;             // instead of body_type when several are accepted
    std::vector<std::string> answer_types;           // instead of application/json
    std::vector<int> problems{};                     // besides those that every route of its kind has
};

using Handler = std::function<Response(App&, const Request&)>;

struct Route {
    std::string method, pattern; // "/api/v1/cases/{id}"
    Access access = Access::signed_in;
    Handler handler{};
    bool streams = false; // the body is not read beforehand
    Doc doc{};
    bool shows_again = false; // a long form, whose handler heeds Request::review and reports too large files itself
};

// Gives the request's one command. Its row of the access log is part of the same transaction, so both are kept or
// neither. `accepted` is the status of the answer when the command is accepted. Throws
// ClientLeft instead when nobody waits for the answer any more; but what follows a command that was carried out is
// carried out, too.
engine::Outcome execute(App& app, const Request& request, engine::CommandRequest command, int accepted);

// Maps an outcome of the engine to 200, 409, 422, 403 or 404, in one place. Throws Problem unless it was accepted.
Json accepted_or_problem(const Request& request, const engine::Outcome& outcome);

} // namespace cunmai::http
