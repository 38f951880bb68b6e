#include "adapters/http/api/checked.hpp"

#include "engine/text.hpp"

namespace cunmai::http::api {

namespace {

Problem problem(int status, std::string_view code, Json facts = Json::object()) {
    Problem result;
    result.status = status;
    result.code = code;
    result.facts = std::move(facts);
    return result;
}

void check_path(const Doc& doc, const Request& request) {
    for (const auto& parameter : doc.parameters) {
        if (parameter.in != "path") continue;
        const auto value = request.param(parameter.name);
        if (!is_utf8(value) || !violations(parameter.schema, value, components()).empty()) not_found();
    }
}

void check_query(const Doc& doc, const Request& request) {
    const auto known = [&](const std::string& name) {
        return std::find_if(doc.parameters.begin(), doc.parameters.end(), [&](const Parameter& parameter) {
            return parameter.in == "query" && parameter.name == name;
        });
    };
    for (const auto& [name, value] : request.query) {
        if (name == "lang" && (value == "zh-CN" || value == "en")) continue; // chosen language of the answer, anywhere
        const Json facts{{"parameter", is_utf8(name) ? name.substr(0, 100) : "?"}};
        const auto parameter = known(name);
        if (parameter == doc.parameters.end()) throw problem(400, "unknown_parameter", facts);
        if (request.query.count(name) > 1) throw problem(400, "parameter_twice", facts);
        if (!is_utf8(value)) throw problem(400, "bad_parameter", facts);
        const auto why = violations(parameter->schema, parameter_value(parameter->schema, value), components());
        if (!why.empty()) {
            auto bad = problem(400, name == "cursor" ? "bad_cursor" : "bad_parameter", facts);
            for (const auto& reason : why.reasons()) {
                auto about = reason.facts;
                about["field"] = name;
                bad.reasons.add_for(name, reason.code, about);
            }
            throw bad;
        }
    }
    for (const auto& parameter : doc.parameters)
        if (parameter.in == "query" && parameter.required && !request.query.contains(parameter.name))
            throw problem(400, "parameter_missing", {{"parameter", parameter.name}});
}

void check_header(const Parameter& parameter, const Request& request) {
    const auto value = request.header(parameter.name);
    if (value.empty()) {
        if (!parameter.required && !request.has_header(parameter.name)) return;
        if (!parameter.required) throw problem(400, "header_malformed", {{"header", parameter.name}});
        if (parameter.name == "If-Match") throw problem(428, "if_match_missing");
        throw problem(400, "header_missing", {{"header", parameter.name}});
    }
    // Any version would be right then, also one that its sender has never seen.
    if (parameter.name == "If-Match" && value == "*") throw problem(428, "if_match_any");
    if (!is_utf8(value) || !violations(parameter.schema, value, components()).empty())
        throw problem(400, "header_malformed", {{"header", parameter.name}});
}

// Malformed parts are reported first, a missing version last.
void check_headers(const Doc& doc, const Request& request) {
    for (const bool version : {false, true})
        for (const auto& parameter : doc.parameters)
            if (parameter.in == "header" && (parameter.name == "If-Match") == version) check_header(parameter, request);
}

void check_body(const Doc& doc, const Request& request) {
    if (doc.body.is_null()) {
        if (!request.body.empty() && request.body.find_first_not_of(" \t\r\n") != std::string::npos)
            throw problem(400, "body_not_expected");
        return;
    }
    const auto why = violations(doc.body, request.json(), components());
    if (why.empty()) return;
    auto bad = problem(422, "invalid");
    bad.reasons = why;
    throw bad;
}

} // namespace

Handler checked(Endpoint endpoint) {
    return [doc = std::move(endpoint.doc), streams = endpoint.streams,
            handler = std::move(endpoint.handler)](App& app, const Request& request) {
        check_path(doc, request);
        check_query(doc, request);
        check_headers(doc, request);
        if (!streams) check_body(doc, request);
        return handler(app, request);
    };
}

} // namespace cunmai::http::api
