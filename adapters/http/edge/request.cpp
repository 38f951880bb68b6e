#include "adapters/http/edge/input.hpp"

namespace cunmai::http {

std::string Request::param(std::string_view name) const {
    const auto found = path_params.find(std::string(name));
    return found == path_params.end() ? "" : found->second;
}

std::string Request::asked(std::string_view name, std::string_view otherwise) const {
    const auto found = query.find(std::string(name));
    return found == query.end() ? std::string(otherwise) : found->second;
}

Json Request::json() const {
    const auto type = media_type(*this);
    const bool is_json =
        type == "application/json" || (type.size() > 5 && type.compare(type.size() - 5, 5, "+json") == 0);
    if (!is_json) throw Problem{.status = 415, .code = "not_json"};
    return read_json(body);
}

const std::multimap<std::string, std::string>& Request::form() const {
    if (!parsed) parsed = std::make_shared<Parsed>();
    if (!parsed->done) {
        if (!body.empty() && !is_form(*this)) throw Problem{.status = 415, .code = "not_a_form"};
        parsed->form = read_pairs(body, "form_invalid");
        parsed->done = true;
    }
    return parsed->form;
}

const std::vector<Request::Upload>& Request::uploads() const {
    form();
    return parsed->uploads;
}

Response Response::json(int status, const Json& value) {
    Response response;
    response.status = status;
    response.body = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    return response.with("Content-Type", "application/json; charset=utf-8");
}

Response Response::html(int status, std::string page) {
    Response response;
    response.status = status;
    response.body = std::move(page);
    return response.with("Content-Type", "text/html; charset=utf-8");
}

Response Response::redirect(std::string location) {
    Response response;
    response.status = 303;
    return response.with("Location", std::move(location));
}

} // namespace cunmai::http
