#include "adapters/http/edge/problem.hpp"

#include "adapters/http/edge/access.hpp"
#include "adapters/http/pages/view.hpp"
#include "adapters/telemetry/log.hpp"
#include "adapters/words/texts.hpp"

#include <algorithm>

namespace cunmai::http {

namespace {

std::string title_of(const Request& request, const Problem& problem) {
    return texts::text(request.language, "error." + problem.code + ".title",
                       texts::words(request.language, problem.facts));
}

std::string detail_of(const Request& request, const Problem& problem) {
    const auto key = problem.detail_key.empty() ? "error." + problem.code + ".detail" : problem.detail_key;
    return texts::text(request.language, key, texts::words(request.language, problem.facts));
}

Response as_document(const Request& request, const Problem& problem) {
    Json document = problem.more.is_object() ? problem.more : Json::object();
    document["type"] = "urn:cunmai:problem:" + problem.code;
    document["title"] = title_of(request, problem);
    document["status"] = problem.status;
    document["detail"] = detail_of(request, problem);
    document["instance"] = request.id;
    document["code"] = problem.code;
    if (!problem.reasons.empty()) {
        auto& reasons = document["reasons"] = Json::array();
        for (const auto& reason : problem.reasons.reasons()) {
            Json one{{"code", reason.code}, {"detail", texts::sentence(request.language, reason)}};
            if (!reason.field.empty()) one["field"] = reason.field;
            if (!reason.facts.empty()) one["facts"] = reason.facts;
            reasons.push_back(std::move(one));
        }
    }
    Response response;
    response.status = problem.status;
    response.body = document.dump(-1, ' ', false, Json::error_handler_t::replace);
    return response.with("Content-Type", "application/problem+json; charset=utf-8");
}

Json error_model(const Request& request, const Problem& problem) {
    auto reasons = Json::array();
    for (const auto& reason : problem.reasons.reasons())
        reasons.push_back({{"reason_text", texts::sentence(request.language, reason)},
                           {"reason_href", false},
                           {"reason_link", false}});
    return {{"title", title_of(request, problem)},   {"status", std::to_string(problem.status)},
            {"detail", detail_of(request, problem)}, {"has_reasons", !reasons.empty()},
            {"reasons", std::move(reasons)},         {"request_id", request.id}};
}

Response as_page(App& app, const Request& request, const Problem& problem) {
    const auto model = error_model(request, problem);
    try {
        pages::View view(app, request);
        view.model.update(model);
        view.model["back_href"] = pages::or_false(changes(request.method) ? page_before(app, request) : "");
        return view.page("error", problem.status);
    } catch (const engine::StoreUnavailable&) { // the page's frame asks the database: do without it
        auto stranger = request;
        stranger.officer.reset();
        pages::View view(app, stranger);
        view.model.update(model);
        view.model["back_href"] = false;
        return view.page("error", problem.status);
    }
}

} // namespace

bool is_api(std::string_view path) { return path == "/api" || path.substr(0, 5) == "/api/"; }

Response problem_response(App& app, const Request& request, const Problem& problem) {
    auto response = is_api(request.path) ? as_document(request, problem) : as_page(app, request, problem);
    for (const auto& [name, value] : problem.headers) response.with(name, value);
    return response.with("Content-Language", request.language);
}

Problem problem_of(const Request& request, const std::exception_ptr& error) {
    const auto fault = [&](const char* event, const std::string& what) {
        log::error(event, {{"request_id", request.id}, {"what", what}});
    };
    try {
        std::rethrow_exception(error);
    } catch (const Problem& problem) { return problem; } catch (const engine::Busy& busy) {
        log::warning("busy", {{"request_id", request.id}, {"what", busy.what()}});
        Problem problem{.status = 503, .code = "too_busy"};
        problem.headers["Retry-After"] = std::to_string(std::max(1, busy.retry_after_seconds));
        problem.more["outcome_unknown"] = false;
        return problem;
    } catch (const engine::StoreUnavailable& unavailable) {
        fault("store_unavailable", unavailable.what());
        Problem problem{.status = 503, .code = "store_unavailable"};
        problem.headers["Retry-After"] = "2";
        problem.more["outcome_unknown"] = unavailable.outcome_unknown;
        if (unavailable.outcome_unknown) problem.detail_key = "error.store_unavailable.unknown";
        return problem;
    } catch (const db::BadCursor&) { return {.status = 404, .code = "bad_cursor"}; } catch (const db::TooLarge&) {
        return {.status = 413, .code = "upload_too_large", .facts = {{"max_mb", ""}}};
    } catch (const std::exception& other) { fault("fault", other.what()); } catch (...) {
        fault("fault", "not an exception");
    }
    return {.status = 500, .code = "fault", .facts = {{"request_id", request.id}}};
}

} // namespace cunmai::http
