#include "adapters/http/edge/gateway.hpp"

#include "adapters/http/edge/cookies.hpp"
#include "adapters/http/edge/input.hpp"
#include "adapters/http/edge/problem.hpp"
#include "adapters/http/pages/account/sign_in.hpp"
#include "adapters/http/pages/view.hpp"
#include "adapters/telemetry/log.hpp"

#include <Poco/Exception.h>

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <fstream>

namespace cunmai::http {

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::int64_t drained_bytes_max = 1 << 20;

std::string lower(std::string_view text) {
    std::string result(text);
    for (auto& byte : result)
        if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte + 32);
    return result;
}

// Not of anybody and not of any case: no session is looked up, no row is written.
bool is_unlogged(const Route& route) {
    return route.pattern.rfind("/assets/", 0) == 0 || route.pattern == "/healthz" || route.pattern == "/readyz" ||
           route.pattern == "/metrics";
}

std::string object_of(const Request& request) {
    if (!request.about.empty()) return request.about;
    if (const auto id = request.param("id"); !id.empty()) return id;
    return request.path_params.empty() ? "" : request.path_params.begin()->second;
}

bool is_page(const Response& response) {
    const auto type = response.headers.find("Content-Type");
    return type != response.headers.end() && type->second.rfind("text/html", 0) == 0;
}

// Gives every byte of the body to `take`; true when all of them came.
template <class Take> bool read_all(Incoming& body, Take take) {
    auto& stream = body.open();
    body.opened = true;
    std::array<char, 64 * 1024> buffer;
    std::int64_t left = body.length;
    while (left > 0) {
        stream.read(buffer.data(), static_cast<std::streamsize>(
                                       std::min<std::int64_t>(left, static_cast<std::int64_t>(buffer.size()))));
        const auto count = stream.gcount();
        if (count <= 0) return false;
        take(buffer.data(), count);
        left -= count;
    }
    body.finished = true;
    return true;
}

// Values come from us; one with a line break in it would be a second header.
void check_headers(const Response& response) {
    const auto control = [](char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f; };
    for (const auto& [name, value] : response.headers)
        if (std::any_of(value.begin(), value.end(), control))
            throw std::logic_error("control character in header " + name);
}

} // namespace

struct Gateway::Visit {
    const Head& head;
    Incoming& body;
    Answer& answer;
    Request request;
    Recognition recognition;
    const Route* route = nullptr;
    std::optional<TempFile> spooled;
    std::ifstream stream;
    bool token_refused = false; // the answer is a form with what was typed
};

Gateway::Gateway(App& app, std::vector<Route> routes, Live& live, const ServerLimits& limits)
    : app_(app), router_(std::move(routes)), live_(live), proxies_(limits.proxies),
      seats_(app.config.threads, limits.queue_max, limits.queue_wait) {}

void Gateway::read_body(Visit& visit) {
    auto& body = visit.body;
    auto& request = visit.request;
    auto& spooled = visit.spooled;
    auto& stream = visit.stream;
    const auto* route = visit.route;
    if (body.length == 0 && !route->streams) return;
    bool whole = true;
    if (route->streams || is_multipart(request)) {
        spooled.emplace(app_.config.data_dir);
        std::ofstream file(spooled->path(), std::ios::binary);
        if (body.length > 0)
            whole = read_all(body, [&](const char* data, std::streamsize count) { file.write(data, count); });
        file.close();
        if (whole && !file) throw engine::StoreUnavailable("can't write a temporary file");
    } else {
        request.body.reserve(static_cast<std::size_t>(body.length));
        whole = read_all(body, [&](const char* data, std::streamsize count) {
            request.body.append(data, static_cast<std::size_t>(count));
        });
    }
    if (!whole) {
        if (body.timed_out()) throw Problem{.status = 408, .code = "too_slow"};
        throw Problem{.status = 400, .code = "body_truncated"};
    }
    if (route->streams) {
        stream.open(spooled->path(), std::ios::binary);
        request.stream = &stream;
    } else if (spooled) {
        read_multipart(request, spooled->path(), app_.config, route->shows_again);
    }
}

Response Gateway::handled(Visit& visit) {
    auto& request = visit.request;
    const auto& target = visit.head.target;
    const auto question = target.find('?');
    request.query =
        read_pairs(question == std::string::npos ? "" : std::string_view(target).substr(question + 1), "bad_query");
    request.language = language_of(request);

    auto match = router_.find(visit.head.method, std::string_view(target).substr(0, question));
    if (!match.route) {
        if (!is_api(request.path)) { // the error page stands in the person's own frame
            visit.recognition = recognise(app_, request);
            request.language = language_of(request);
        }
        if (match.allowed.empty()) throw Problem{.status = 404, .code = "no_such_address"};
        std::string allow;
        for (const auto& method : match.allowed) allow += (allow.empty() ? "" : ", ") + method;
        throw Problem{
            .status = 405, .code = "method_not_allowed", .facts = {{"allowed", allow}}, .headers = {{"Allow", allow}}};
    }
    visit.route = match.route;
    const auto& route = *match.route;
    request.path_params = std::move(match.params);
    if (!is_unlogged(route)) {
        request.access_row = std::make_shared<AccessRow>();
        request.access_row->access = {.at = app_.clock.now(),
                                      .person = {},
                                      .method = visit.head.method,
                                      .route = route.pattern,
                                      .object = object_of(request),
                                      .address = request.address,
                                      .request_id = request.id};
    }

    const auto& config = app_.config;
    const bool takes_files = changes(request.method) && is_multipart(request) && route.access != Access::open;
    const bool large = route.streams || takes_files;
    const bool several = large && route.shows_again;
    const auto bytes_max = (several ? form_files_bytes_max(config)
                            : large ? config.upload_max_bytes
                                    : 0) +
                           config.body_max_bytes;
    if (visit.body.length > bytes_max) {
        const bool page = !is_api(request.path);
        if (page) { // as above
            visit.recognition = recognise(app_, request);
            request.language = language_of(request);
        }
        throw Problem{.status = 413,
                      .code = "body_too_large",
                      .facts = {{"max_kb", bytes_max >> 10}, {"max_mb", bytes_max >> 20}},
                      .detail_key = page && large ? "error.body_too_large.files" : ""};
    }

    if (!is_unlogged(route)) {
        visit.recognition = recognise(app_, request);
        if (request.officer) request.access_row->access.person = request.officer->person.id;
        request.language = language_of(request);
        if (!request.officer && route.access != Access::open && !is_api(request.path)) {
            const auto stranger_max = config.upload_max_bytes + config.body_max_bytes;
            if (!may_show_again(app_, request, route) || visit.body.length > stranger_max)
                return to_sign_in(app_, request);
            read_body(visit);
            return pages::sign_in_and_go_on(app_, request);
        }
        if (request.officer && !is_api(request.path) && has_password_to_change(request, route))
            return Response::redirect("/account");
        check_access(app_, request, route, visit.recognition);
    }
    if (changes(request.method)) check_origin(app_, request);
    read_body(visit);
    if (changes(request.method)) check_form(visit);

    if (is_unlogged(route)) return answered(visit); // what watches the server must hear of it when all seats are taken
    const Seats::Taken seat(seats_);
    return answered(visit);
}

// What can't be taken with this token, or is not meant to be yet, is shown again to the person who typed it.
void Gateway::check_form(Visit& visit) {
    auto& request = visit.request;
    visit.token_refused = !has_form_token(request, *visit.route, visit.recognition);
    const bool asked = is_form(request) && request.form().count("review") > 0;
    if (!visit.token_refused && !asked) return;
    const bool own =
        request.officer && is_form(request) && pages::form_value(request, "by") == request.officer->person.login;
    if (!own || !may_show_again(app_, request, *visit.route)) throw Problem{.status = 403, .code = "form_expired"};
    request.review = true;
    if (request.parsed) request.parsed->uploads.clear();
}

Response Gateway::answered(Visit& visit) {
    const auto& request = visit.request;
    auto response = visit.route->handler(app_, request);
    if (visit.token_refused && response.status < 400) response.status = 403;
    check_headers(response);
    if (visit.head.method == "HEAD") response.events = false; // who asks for the head alone hears nothing
    if (response.events && !(visit.answer.ticket = live_.admit(request.who().person.id)))
        throw Problem{.status = 503, .code = "too_many_listeners", .headers = {{"Retry-After", "60"}}};
    spool_answer(visit, response);
    return response;
}

// A slow reader must hold neither a seat nor a session of the database: streamed answers are made first, then sent.
void Gateway::spool_answer(Visit& visit, Response& response) {
    if (!response.stream) return;
    auto& file = visit.answer.file.emplace(app_.config.data_dir);
    std::ofstream out(file.path(), std::ios::binary);
    response.stream(out);
    const auto size = static_cast<std::int64_t>(out.tellp());
    out.close();
    if (!out) throw engine::StoreUnavailable("can't write a temporary file");
    if (response.content_length >= 0 && response.content_length != size)
        throw std::logic_error("a streamed answer is not as long as it said");
    response.content_length = size;
    response.stream = nullptr;
}

Response Gateway::problem(const Request& request, const std::exception_ptr& error) {
    try {
        return problem_response(app_, request, problem_of(request, error));
    } catch (const std::exception& broken) { // the error page itself is broken: a line of text
        log::error("error_page", {{"request_id", request.id}, {"what", broken.what()}});
        Response response;
        response.status = 500;
        response.body = "500 " + request.id + "\n";
        return response.with("Content-Type", "text/plain; charset=utf-8");
    }
}

void Gateway::log_access(Visit& visit, Response& response) {
    const auto& request = visit.request;
    if (!request.access_row || (request.access_row->kept && response.status < 500)) return;
    auto access = request.access_row->access;
    access.object = object_of(request); // the handler may have said more
    access.status = response.status;
    try {
        app_.access_log.add(access);
    } catch (const std::exception& unavailable) {
        log::error("access_log", {{"request_id", request.id}, {"what", unavailable.what()}});
        if (response.status >= 500) return; // it failed already
        const bool done = changes(request.method) && response.status < 400;
        visit.answer.file.reset();
        response =
            problem(request, std::make_exception_ptr(engine::StoreUnavailable("access log can't be written", done)));
    }
}

// A proxy of ours says for whom it asks: the last address is its own word, those before it are the client's.
std::string Gateway::asker(const Head& head, const std::string& peer) const {
    if (proxies_.count(peer) == 0) return peer;
    auto address = head.field("x-forwarded-for");
    address.erase(0, address.rfind(',') + 1);
    address.erase(0, address.find_first_not_of(' '));
    std::array<unsigned char, 16> ignored;
    const bool valid = ::inet_pton(AF_INET, address.c_str(), ignored.data()) == 1 ||
                       ::inet_pton(AF_INET6, address.c_str(), ignored.data()) == 1;
    return valid ? address : peer;
}

Answer Gateway::answer(const Head& head, const std::string& address, Incoming& body) {
    const auto started = Steady::now();
    Answer answer;
    Visit visit{.head = head,
                .body = body,
                .answer = answer,
                .request = {},
                .recognition = {},
                .spooled = {},
                .stream = {},
                .token_refused = false};
    auto& request = visit.request;
    request.id = random_request_id();
    request.method = head.method == "HEAD" ? "GET" : head.method;
    request.target = head.target;
    request.path = head.target.substr(0, head.target.find('?'));
    request.address = asker(head, address);
    request.content_length = body.length;
    request.header = [&head](std::string_view name) { return head.field(lower(name)); };
    request.has_header = [&head](std::string_view name) {
        return std::any_of(head.fields.begin(), head.fields.end(),
                           [key = lower(name)](const auto& field) { return field.first == key; });
    };
    request.language = language_of(request);
    try {
        request.path = read_path_segment(request.path);
        answer.response = handled(visit);
    } catch (...) {
        answer.file.reset();
        answer.response = problem(request, std::current_exception());
    }
    auto& response = answer.response;
    log_access(visit, response);

    if (!visit.recognition.new_pre_session.empty() && is_page(response))
        response.with("Set-Cookie", pre_session_cookie(visit.recognition.new_pre_session));
    if (is_page(response) && !response.headers.count("Content-Language"))
        response.with("Content-Language", request.language);
    response.with("X-Request-Id", request.id);
    if (response.events) {
        answer.listener = request.officer;
        answer.watches = response.watches;
    } else {
        answer.ticket.reset();
    }
    answer.head_only = head.method == "HEAD";
    answer.gzip = !answer.head_only && lower(head.field("accept-encoding")).find("gzip") != std::string::npos &&
                  lower(head.field("accept-encoding")).find("gzip;q=0") == std::string::npos;
    answer.close = !head.keep_alive;
    if (!body.finished && body.length > 0) {
        // A browser that is still sending would show a broken connection instead of the answer.
        const auto bytes_max = request.officer ? 4 * form_files_bytes_max(app_.config) : drained_bytes_max;
        const bool drain = !body.opened && !head.expects_continue && body.length <= bytes_max;
        if (!drain || !read_all(body, [](const char*, std::streamsize) {})) answer.close = true;
    }
    const std::chrono::duration<double> time = Steady::now() - started;
    app_.metrics.request(visit.route ? visit.route->method : "other", visit.route ? visit.route->pattern : "none",
                         response.status, time.count());
    log::info("request", {{"request_id", request.id},
                          {"method", head.method},
                          {"route", visit.route ? visit.route->pattern : ""},
                          {"status", response.status},
                          {"ms", std::round(time.count() * 1e6) / 1e3}});
    return answer;
}

Answer Gateway::fault(const Fault& fault) {
    auto answer = unread(fault);
    app_.metrics.request("other", "none", fault.status, 0);
    log::info("request", {{"request_id", answer.response.headers.find("X-Request-Id")->second},
                          {"method", ""},
                          {"route", ""},
                          {"status", fault.status},
                          {"code", fault.code}});
    return answer;
}

Answer Gateway::turned_away() { // no log line each: they come when there is too much to do already
    auto answer = unread({503, "too_busy"});
    answer.response.with("Retry-After", "2");
    return answer;
}

Answer Gateway::unread(const Fault& fault) {
    Request request;
    request.id = random_request_id();
    request.path = "/api"; // nobody's browser made this: a problem document
    request.language = "en";
    request.header = [](std::string_view) { return std::string(); };
    Answer answer;
    answer.response = problem(request, std::make_exception_ptr(Problem{.status = fault.status, .code = fault.code}));
    answer.response.with("X-Request-Id", request.id);
    answer.close = true;
    return answer;
}

} // namespace cunmai::http
