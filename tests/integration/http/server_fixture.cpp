#include "tests/integration/http/server_fixture.hpp"

#include "adapters/http/edge/cookies.hpp"
#include "adapters/http/pages/pages.hpp"
#include "adapters/telemetry/log.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <thread>

namespace cunmai::test {

namespace {

using http::Access;
using http::Request;
using http::Response;

std::atomic<int> changes_count{0};
std::unique_ptr<Gate> the_gate;
constexpr auto patience_max = std::chrono::seconds(60);

Response hello(App&, const Request& request) {
    return Response::html(200, "<!DOCTYPE html><title>x</title><p>" + request.csrf + "</p>");
}

Response change(App&, const Request& request) {
    request.form();
    ++changes_count;
    Json fields = Json::object();
    for (const auto& [name, value] : request.form()) fields[name] = value;
    Json files = Json::array();
    for (const auto& upload : request.uploads())
        files.push_back({{"name", upload.name},
                         {"size", upload.size},
                         {"there", std::filesystem::exists(upload.content_file)},
                         {"path", upload.content_file}});
    return Response::json(200, {{"fields", fields}, {"files", files}});
}

Response long_form(App&, const Request& request) {
    if (!request.review) ++changes_count;
    Json fields = Json::object();
    for (const auto& [name, value] : request.form()) fields[name] = value;
    return Response::json(200, {{"review", request.review}, {"fields", fields}, {"files", request.uploads().size()}});
}

Response echo(App&, const Request& request) {
    const auto got = request.json();
    ++changes_count;
    return Response::json(200, {{"got", got}});
}

Response me(App&, const Request& request) {
    return Response::json(200, {{"login", request.who().person.login}, {"language", request.language}});
}

Response big(App&, const Request&) { return Response::json(200, {{"text", std::string(5000, 'x')}}); }

Response streamed(App&, const Request&) {
    Response response;
    response.stream = [](std::ostream& out) {
        for (int line = 0; line < 1000; ++line) out << "line " << line << "\n";
    };
    return response.with("Content-Type", "text/plain; charset=utf-8");
}

Response wait(App&, const Request&) {
    the_gate->pass();
    ++changes_count;
    return Response::json(200, {{"waited", true}});
}

// Gives a command to a case that nobody has, after the gate.
Response command(App& app, const Request& request) {
    the_gate->pass();
    engine::CommandRequest command;
    command.case_id = engine::CaseId{"nobodys"};
    command.name = "nominate";
    command.expected_version = 1;
    command.actor = request.who().person.id;
    http::execute(app, request, command, 200);
    ++changes_count;
    return Response::json(200, {{"given", true}});
}

Response large(App&, const Request&) {
    Response response;
    response.body.assign(large_bytes, 'x');
    return response.with("Content-Type", "application/octet-stream");
}

Response upload(App&, const Request& request) {
    const std::string content{std::istreambuf_iterator<char>(*request.stream), {}};
    ++changes_count;
    return Response::json(200, {{"size", content.size()}});
}

Response segment(App&, const Request& request) {
    return Response::json(200, {{"id", request.param("id")}, {"q", request.asked("q")}});
}

Response broken(App&, const Request&) { throw std::runtime_error("a secret detail"); }
Response store_gone(App&, const Request&) { throw engine::StoreUnavailable("database is gone"); }
Response store_unknown(App&, const Request&) { throw engine::StoreUnavailable("lost at commit", true); }
Response header_injection(App&, const Request& request) { return Response::redirect("/x" + request.asked("q")); }
Response events(App&, const Request&) {
    Response response;
    response.events = true;
    return response;
}

Response outcome(App&, const Request& request) {
    engine::Outcome result;
    result.case_id = engine::CaseId{"C1"};
    result.state = "managed";
    result.version = 7;
    result.kind = static_cast<engine::Outcome::Kind>(std::stoi(request.param("kind")));
    return Response::json(200, http::accepted_or_problem(request, result));
}

std::vector<http::Route> test_routes() {
    auto routes = http::core_routes();
    const auto add = [&](const char* method, const char* pattern, Access access, http::Handler handler,
                         bool streams = false) {
        routes.push_back({.method = method,
                          .pattern = pattern,
                          .access = access,
                          .handler = std::move(handler),
                          .streams = streams});
    };
    add("GET", "/hello", Access::open, hello);
    add("POST", "/hello", Access::open, change);
    add("GET", "/private", Access::signed_in, hello);
    add("POST", "/private", Access::signed_in, change);
    add("POST", "/form", Access::signed_in, long_form);
    routes.back().shows_again = true;
    add("GET", "/audit", Access::audit, hello);
    add("GET", "/api/v1/me", Access::signed_in, me);
    add("POST", "/api/v1/change", Access::signed_in, echo);
    add("POST", "/api/v1/echo", Access::open, echo);
    add("POST", "/api/v1/upload", Access::signed_in, upload, true);
    add("POST", "/api/v1/clock", Access::demo, echo);
    add("GET", "/api/v1/events", Access::signed_in, events);
    add("GET", "/api/v1/outcome/{kind}", Access::open, outcome);
    add("GET", "/things/{id}", Access::open, segment);
    add("GET", "/things/known", Access::open, big);
    add("GET", "/streamed", Access::open, streamed);
    add("GET", "/wait", Access::open, wait);
    add("POST", "/api/v1/wait", Access::open, wait);
    add("POST", "/api/v1/command", Access::signed_in, command);
    add("GET", "/large", Access::open, large);
    add("GET", "/broken", Access::open, broken);
    add("GET", "/api/v1/broken", Access::open, broken);
    add("GET", "/api/v1/store-gone", Access::open, store_gone);
    add("GET", "/api/v1/store-unknown", Access::open, store_unknown);
    add("GET", "/header-injection", Access::open, header_injection);
    return routes;
}

} // namespace

std::string Reply::header(const std::string& lower_name) const {
    const auto found = headers.find(lower_name);
    return found == headers.end() ? "" : found->second;
}

std::string Reply::code() const {
    const auto document = json();
    return document.is_object() ? document.value("code", "") : "";
}

Wire::Wire(int port, const char* from, int receive_bytes) {
    handle_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receive_bytes > 0) ::setsockopt(handle_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    sockaddr_in own{};
    own.sin_family = AF_INET;
    ::inet_pton(AF_INET, from, &own.sin_addr);
    if (::bind(handle_, reinterpret_cast<sockaddr*>(&own), sizeof own) != 0) throw std::runtime_error("can't bind");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(handle_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        ::close(handle_);
        throw std::runtime_error("can't connect");
    }
    const timeval patience{15, 0};
    ::setsockopt(handle_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(handle_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

Wire::~Wire() { ::close(handle_); }

void Wire::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void Wire::end() { ::shutdown(handle_, SHUT_WR); }

bool Wire::more() {
    std::array<char, 8192> buffer;
    const auto count = ::recv(handle_, buffer.data(), buffer.size(), 0);
    if (count <= 0) return false;
    received_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
}

std::size_t Wire::rest() {
    std::size_t bytes = received_.size();
    for (received_.clear(); more(); received_.clear()) bytes += received_.size();
    return bytes;
}

bool Wire::hears_within(std::chrono::milliseconds patience) {
    pollfd heard{handle_, POLLIN, 0};
    return !received_.empty() || ::poll(&heard, 1, static_cast<int>(patience.count())) > 0;
}

bool Wire::at_end() {
    while (received_.empty())
        if (!more()) return true;
    return false;
}

std::string Wire::read_until(std::string_view mark) {
    std::size_t found;
    while ((found = received_.find(mark)) == std::string::npos)
        if (!more()) return std::exchange(received_, "");
    const auto end = found + mark.size();
    auto text = received_.substr(0, end);
    received_.erase(0, end);
    return text;
}

Reply Wire::read(bool head_only) {
    Reply reply;
    auto head = read_until("\r\n\r\n");
    if (head.compare(0, 9, "HTTP/1.1 ") != 0 && head.compare(0, 9, "HTTP/1.0 ") != 0) return reply;
    reply.status = std::stoi(head.substr(9, 3));
    for (auto at = head.find("\r\n") + 2; at + 2 < head.size();) {
        const auto end = head.find("\r\n", at);
        const auto colon = head.find(": ", at);
        auto name = head.substr(at, colon - at);
        for (auto& byte : name) byte = static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
        reply.headers.emplace(name, head.substr(colon + 2, end - colon - 2));
        at = end + 2;
    }
    const auto length = reply.header("content-length");
    const bool bodiless =
        head_only || reply.status == 204 || reply.status == 304 || reply.status == 100 || length.empty();
    const auto wanted = bodiless ? 0 : std::stoul(length);
    while (received_.size() < wanted && more()) {}
    reply.body = received_.substr(0, wanted);
    received_.erase(0, wanted);
    auto connection = reply.header("connection");
    for (auto& byte : connection) byte = static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
    reply.closed = connection == "close";
    return reply;
}

void Gate::pass() {
    std::unique_lock lock(mutex_);
    ++came_;
    changed_.notify_all();
    changed_.wait_for(lock, patience_max, [this] { return open_; });
}

void Gate::wait_for(int people) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, patience_max, [&] { return came_ >= people; }));
}

void Gate::open() {
    std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
}

Folder::Folder() {
    std::string name = std::filesystem::temp_directory_path().string() + "/cunmai-http-XXXXXX";
    if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    path = name;
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
}

void HttpTest::SetUp() {
    limits.proxies.insert("127.0.0.1"); // the tests' own address, which has many connections
    log::send_to([](const std::string&) {});
    changes_count = 0;
    the_gate = std::make_unique<Gate>();
    start();
}

void HttpTest::TearDown() {
    the_gate->open();
    server.reset();
    app.reset();
    log::send_to({});
}

void HttpTest::start(Config config) {
    server.reset();
    app.reset();
    config.port = 0;
    config.data_dir = folder.path;
    app = std::make_unique<App>(config, true);
    server = std::make_unique<http::Server>(*app, http::Site{test_routes(), http::page_faces()}, limits);
    server->start();
}

void HttpTest::restart(bool new_app) {
    const auto config = app->config;
    server.reset();
    if (new_app) {
        app.reset();
        app = std::make_unique<App>(config, true);
    }
    server = std::make_unique<http::Server>(*app, http::Site{test_routes(), http::page_faces()}, limits);
    server->start();
}

Reply HttpTest::raw(std::string_view bytes) {
    Wire wire(server->port());
    wire.send(bytes);
    return wire.read();
}

Reply HttpTest::ask(const std::string& method, const std::string& target, const std::string& body,
                    const Headers& headers) {
    std::string text = method + " " + target + " HTTP/1.1\r\nHost: " + host() + "\r\n" + lines_of(headers);
    if (!body.empty() || method == "POST") text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    Wire wire(server->port());
    wire.send(text + "\r\n" + body);
    return wire.read(method == "HEAD");
}

Reply HttpTest::get(const std::string& target, const Headers& headers) { return ask("GET", target, "", headers); }

Reply HttpTest::post(const std::string& target, const std::string& type, const std::string& body,
                     const Headers& headers) {
    auto all = headers;
    all.emplace_back("Content-Type", type);
    return ask("POST", target, body, all);
}

engine::PersonId HttpTest::add_person(const std::string& login) {
    static const std::string hash = [] {
        char text[crypto_pwhash_STRBYTES];
        const std::string password = "correct horse";
        if (crypto_pwhash_str(text, password.data(), password.size(), crypto_pwhash_OPSLIMIT_MIN,
                              crypto_pwhash_MEMLIMIT_MIN) != 0)
            throw std::runtime_error("no memory");
        return std::string(text);
    }();
    db::Person person;
    person.id = engine::PersonId{"P-" + login};
    person.login = login;
    person.name = "示例" + login;
    person.password_hash = hash;
    app->people.add(person);
    return person.id;
}

sign_in::Ticket HttpTest::signed_in(const std::string& login, const std::string& kind) {
    const auto attempt = sign_in::attempt(*app, login, "correct horse", kind, "", "127.0.0.1");
    if (!attempt.ticket) throw std::runtime_error("can't sign in");
    return *attempt.ticket;
}

Headers HttpTest::as(const sign_in::Ticket& ticket) const {
    return {{"Cookie", std::string(http::session_cookie_name) + "=" + ticket.token},
            {"Origin", origin()},
            {"X-CSRF-Token", ticket.csrf}};
}

Headers HttpTest::as_program(const sign_in::Ticket& ticket) { return {{"Authorization", "Bearer " + ticket.token}}; }

std::string HttpTest::lines_of(const Headers& headers) {
    std::string lines;
    for (const auto& [name, value] : headers) lines += name + ": " + value + "\r\n";
    return lines;
}

int HttpTest::changes_made() const { return changes_count; }

double HttpTest::metric(const std::string& name_and_labels) const {
    const auto text = "\n" + app->metrics.text();
    const auto found = text.find("\n" + name_and_labels + " ");
    if (found == std::string::npos) return std::numeric_limits<double>::quiet_NaN();
    return std::stod(text.substr(found + name_and_labels.size() + 2));
}

bool HttpTest::eventually(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + patience_max;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::yield();
    }
    return true;
}

Gate& HttpTest::gate() { return *the_gate; }

} // namespace cunmai::test
