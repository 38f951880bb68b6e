#include "adapters/http/edge/gateway.hpp"

#include "adapters/http/edge/cookies.hpp"
#include "adapters/http/edge/input.hpp"
#include "adapters/http/edge/problem.hpp"
#include "adapters/telemetry/log.hpp"
#include "adapters/words/texts.hpp"
#include "db/kernel/snapshot.hpp"
#include "engine/text.hpp"

#include <Poco/Exception.h>
#include <Poco/StreamCopier.h>

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <fstream>
#include <limits>

namespace cunmai::http {

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::int64_t drained_bytes_max = 1 << 20;

// Routes that concern no person and no case: no session is looked up, and no row of the access log is written.
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

// What comes of a body, counted: it ends early when the client does, or when there is more than allowed.
class Counted final : public std::streambuf {
  public:
    Counted(Incoming& body, std::int64_t bytes_max) : left_(bytes_max), stream_(body.open()) { body.opened = true; }

    bool too_large() const { return left_ < 0; }

  protected:
    int_type underflow() override {
        if (too_large()) return traits_type::eof();
        stream_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
        const auto count = stream_.gcount();
        left_ -= count;
        if (count <= 0 || too_large()) return traits_type::eof();
        setg(buffer_.data(), buffer_.data(), buffer_.data() + count);
        return traits_type::to_int_type(buffer_[0]);
    }

  private:
    std::int64_t left_;
    std::istream& stream_;
    std::array<char, 16 * 1024> buffer_;
};

// True when all of it came and was not more than allowed.
bool drained(Incoming& body, std::int64_t bytes_max) {
    Counted content(body, bytes_max);
    std::istream(&content).ignore(std::numeric_limits<std::streamsize>::max());
    return !content.too_large() && body.whole();
}

void begin_work(Incoming& body) {
    if (body.begun) return;
    if (!body.begin_work()) throw ClientLeft{};
    body.begun = true;
}

// Values come from handlers; a line break in one would make a second header.
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
    Steady::time_point started;
    Request request;
    Recognition recognition;
    const Route* route = nullptr;
    std::int64_t bytes_max = 0; // of the body
    std::optional<TempFile> spooled;
    std::ifstream stream;
    bool token_refused = false; // then the answer is the form again, with what was typed
};

namespace {

bool takes_files(const Request& request, const Route& route) {
    return route.streams || (changes(request.method) && is_multipart(request) && route.access != Access::open);
}

Problem too_large(const Request& request, const Route& route, std::int64_t bytes_max) {
    return {.status = 413,
            .code = "body_too_large",
            .facts = {{"max_kb", bytes_max >> 10}, {"max_mb", bytes_max >> 20}},
            .detail_key = !is_api(request.path) && takes_files(request, route) ? "error.body_too_large.files" : ""};
}

} // namespace

Gateway::Gateway(App& app, Site site, Live& live, const ServerLimits& limits)
    : app_(app), router_(std::move(site.routes)), faces_(std::move(site.faces)), live_(live), proxies_(limits.proxies),
      seats_(app.config.threads, limits.queue_max, limits.queue_wait) {
    for (const auto& route : router_.routes())
        if (route.streams && route.access == Access::open)
            throw std::logic_error(route.pattern + " would write to the disk what strangers send");
}

std::int64_t Gateway::bytes_max(const Request& request, const Route& route) const {
    const auto& config = app_.config;
    const bool is_of_a_stranger = !request.officer && route.access == Access::open;
    if (is_of_a_stranger && (is_api(request.path) || !is_form(request)))
        return std::min(stranger_body_bytes_max, config.body_max_bytes);
    const auto files = !takes_files(request, route) ? 0
                       : route.shows_again          ? form_files_bytes_max(config)
                                                    : config.upload_max_bytes;
    return files + config.body_max_bytes;
}

void Gateway::read_body(Visit& visit) {
    auto& body = visit.body;
    auto& request = visit.request;
    const auto& route = *visit.route;
    if (body.length == 0 && !route.streams) return;
    Counted content(body, visit.bytes_max);
    std::istream in(&content);
    std::exception_ptr wrong;
    if (is_multipart(request) && !request.officer) {
        try {
            read_multipart(request, in, app_.config, Files::pass_over);
        } catch (const Problem&) { wrong = std::current_exception(); }
        in.clear();
        in.ignore(std::numeric_limits<std::streamsize>::max());
    } else if (route.streams || is_multipart(request)) {
        visit.spooled.emplace(app_.config.data_dir);
        std::ofstream file(visit.spooled->path(), std::ios::binary);
        Poco::StreamCopier::copyStream(in, file, 64 * 1024);
        file.close();
        if (!file) throw engine::StoreUnavailable("can't write a temporary file");
    } else {
        Poco::StreamCopier::copyToString(in, request.body);
    }
    if (content.too_large()) throw too_large(request, route, visit.bytes_max);
    if (!body.whole()) {
        if (body.timed_out()) throw Problem{.status = 408, .code = "too_slow"};
        if (body.broken()) throw Problem{.status = 400, .code = "bad_chunk"};
        throw Problem{.status = 400, .code = "body_truncated"};
    }
    body.finished = true;
    if (wrong) std::rethrow_exception(wrong);
    if (!visit.spooled) return;
    visit.stream.open(visit.spooled->path(), std::ios::binary);
    if (route.streams)
        request.stream = &visit.stream;
    else
        read_multipart(request, visit.stream, app_.config, route.shows_again ? Files::keep_cut : Files::keep);
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
        if (!is_api(request.path)) { // the error page shows the person's own navigation
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
        visit.recognition = recognise(app_, request);
        if (request.officer) {
            begin_work(visit.body);
            request.access_row->access.person = request.officer->person.id;
        }
        request.language = language_of(request);
    }
    visit.bytes_max = bytes_max(request, route);
    if (visit.body.length > visit.bytes_max) throw too_large(request, route, visit.bytes_max);

    if (!is_unlogged(route)) {
        if (!request.officer && route.access != Access::open && !is_api(request.path)) {
            if (!may_show_again(app_, request, route)) return to_sign_in(app_, request);
            read_body(visit);
            return faces_.sign_in_and_go_on(app_, request);
        }
        if (request.officer && !is_api(request.path) && has_password_to_change(request, route))
            return Response::redirect("/account");
        check_access(app_, request, route, visit.recognition);
    }
    if (changes(request.method)) check_origin(app_, request);
    read_body(visit);
    if (changes(request.method)) check_form(visit);
    begin_work(visit.body);

    if (is_unlogged(route)) return answered(visit); // health and metrics must answer even when all seats are taken
    const Seats::Taken seat(seats_);
    return answered(visit);
}

// A form with a stale token, or one that is only to be looked at (`review`), is shown again to the person who typed it.
void Gateway::check_form(Visit& visit) {
    auto& request = visit.request;
    visit.token_refused = !has_form_token(request, *visit.route, visit.recognition);
    const bool asked = is_form(request) && request.form().count("review") > 0;
    if (!visit.token_refused && !asked) return;
    const bool own = request.officer && is_form(request) && form_value(request, "by") == request.officer->person.login;
    if (!own || !may_show_again(app_, request, *visit.route)) throw Problem{.status = 403, .code = "form_expired"};
    request.review = true;
    if (request.parsed) request.parsed->uploads.clear();
}

Response Gateway::answered(Visit& visit) {
    const auto& request = visit.request;
    if (request.has_left()) throw ClientLeft{};
    // All of a page is of one moment. The snapshot ends before the answer is sent, so that a slow client holds no
    // session.
    std::optional<db::Snapshot> snapshot;
    if (!changes(request.method) && !is_unlogged(*visit.route)) snapshot.emplace(app_.database);
    auto response = visit.route->handler(app_, request);
    if (visit.token_refused && response.status < 400) response.status = 403;
    check_headers(response);
    if (visit.head.method == "HEAD") response.events = false; // a HEAD request gets no events
    if (response.events && !(visit.answer.ticket = live_.admit(request.who().person.id)))
        throw Problem{.status = 503, .code = "too_many_listeners", .headers = {{"Retry-After", "60"}}};
    spool_answer(visit, response);
    return response;
}

// Streamed answers are written to a file first and then sent, so that a slow reader holds neither a seat nor a session
// of the database.
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
        return problem_response(app_, request, faces_, problem_of(request, error));
    } catch (const std::exception& broken) { // the error page itself failed: answer with a line of text
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
    access.object = object_of(request); // the handler may have set a better one
    access.status = response.status;
    try {
        app_.access_log.add(access);
    } catch (const std::exception& unavailable) {
        log::error("access_log", {{"request_id", request.id}, {"what", unavailable.what()}});
        if (response.status >= 500) return; // the request has failed anyway
        const bool done = changes(request.method) && response.status < 400;
        visit.answer.file.reset();
        response =
            problem(request, std::make_exception_ptr(engine::StoreUnavailable("access log can't be written", done)));
    }
}

// A trusted proxy names its client in X-Forwarded-For. The last address is from the proxy, the ones before it come from
// the client and can't be trusted.
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
    Answer answer;
    Visit visit{.head = head,
                .body = body,
                .answer = answer,
                .started = Steady::now(),
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
    request.header = [&head, plain = app_.config.plain_http](std::string_view name) {
        const auto key = lower_ascii(name);
        return plain && key == "cookie" ? from_plain(head.field(key)) : head.field(key);
    };
    request.has_header = [&head](std::string_view name) {
        return std::any_of(head.fields.begin(), head.fields.end(),
                           [key = lower_ascii(name)](const auto& field) { return field.first == key; });
    };
    request.has_left = [&body] { return body.has_left(); };
    request.language = language_of(request);
    try {
        if (body.length == 0) begin_work(body);
        request.path = read_path_segment(request.path);
        answer.response = handled(visit);
    } catch (const ClientLeft&) { return left(visit); } catch (...) {
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
    answer.gzip = !answer.head_only && lower_ascii(head.field("accept-encoding")).find("gzip") != std::string::npos &&
                  lower_ascii(head.field("accept-encoding")).find("gzip;q=0") == std::string::npos;
    answer.close = !head.keep_alive;
    if (!body.finished && body.length != 0) {
        // Unless the rest is read, a browser that is still sending shows a broken connection instead of the answer.
        const auto bytes_max = request.officer ? 4 * form_files_bytes_max(app_.config) : drained_bytes_max;
        const bool drain = !body.opened && !head.expects_continue && body.length <= bytes_max;
        body.finished = drain && drained(body, bytes_max);
        if (!body.finished) answer.close = true;
    }
    if (!body.begun && !body.begin_work()) answer.nobody_hears = true;
    note(visit, response.status);
    return answer;
}

void Gateway::note(const Visit& visit, int status) {
    const std::chrono::duration<double> time = Steady::now() - visit.started;
    const auto* route = visit.route;
    app_.metrics.request(route ? route->method : "other", route ? route->pattern : "none", status, time.count());
    log::info("request", {{"request_id", visit.request.id},
                          {"method", visit.head.method},
                          {"route", route ? route->pattern : ""},
                          {"status", status},
                          {"ms", std::round(time.count() * 1e6) / 1e3}});
}

// 499 stands in the log and the metrics only, as operators know it from other servers.
Answer Gateway::left(const Visit& visit) {
    constexpr int client_left = 499;
    note(visit, client_left);
    Answer answer;
    answer.nobody_hears = answer.close = true;
    return answer;
}

Answer Gateway::fault(const Fault& fault, std::string_view heard) {
    auto answer = unread(fault, heard_of(heard));
    app_.metrics.request("other", "none", fault.status, 0);
    log::info("request", {{"request_id", answer.response.headers.find("X-Request-Id")->second},
                          {"method", ""},
                          {"route", ""},
                          {"status", fault.status},
                          {"code", fault.code}});
    return answer;
}

Answer Gateway::turned_away() { // without a log line for each, as the server is overloaded already
    auto answer = unread({503, "too_busy"}, {});
    answer.response.with("Retry-After", "2");
    return answer;
}

// A person whose browser sends too long a cookie gets a page, in their language; programs get a problem document.
Answer Gateway::unread(const Fault& fault, const HeardHead& heard) {
    const bool is_page = heard.accept.find("text/html") != std::string::npos && !is_api(heard.path);
    Request request;
    request.id = random_request_id();
    request.method = "GET";
    request.path = is_page ? "/" : "/api";
    request.header = [&heard](std::string_view name) {
        return name == "Cookie" ? heard.cookie : name == "Accept-Language" ? heard.accept_language : std::string();
    };
    request.language = is_page ? language_of(request) : "en";
    const auto detail = "error." + fault.code + ".page";
    Answer answer;
    answer.response =
        problem(request, std::make_exception_ptr(Problem{
                             .status = fault.status,
                             .code = fault.code,
                             .detail_key = is_page && texts::has(request.language, detail) ? detail : std::string()}));
    answer.response.with("X-Request-Id", request.id);
    answer.close = true;
    return answer;
}

} // namespace cunmai::http
